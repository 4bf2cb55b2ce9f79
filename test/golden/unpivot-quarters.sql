with quarters as (
  select region, q1, q2, q3, q4
  from public.quarters
),
long as (
  select quarters.region, cell.quarter, cell.amount
  from quarters
  cross join lateral (values
    ('q1', quarters.q1),
    ('q2', quarters.q2),
    ('q3', quarters.q3),
    ('q4', quarters.q4)
  ) as cell (quarter, amount)
  where cell.amount is not null
)
select
  cast(region as text) as region,
  cast(quarter as text) as quarter,
  cast(amount as numeric(10,2)) as amount
from long
