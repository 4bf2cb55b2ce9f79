with quarters as (
  select region, q1, q2, q3, q4
  from public.quarters
),
long as (
  select quarters.region, quarters.q3, quarters.q4, cell.quarter, cell.amount
  from quarters
  cross join lateral (values ('q2', quarters.q2), ('q1', quarters.q1)
  ) as cell (quarter, amount)
)
select
  cast(region as text) as region,
  cast(q4 as numeric(10,2)) as q4,
  cast(quarter as text) as quarter,
  cast(amount as numeric(10,2)) as amount
from long
