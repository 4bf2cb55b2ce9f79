with quarters as (
  select region, q1, q2, q3, q4
  from public.quarters
),
swapped as (
  select region, q1 as q2, q2 as q1, q3, q4
  from quarters
)
select
  cast(region as text) as region,
  cast(q1 as numeric(10,2)) as q1,
  cast(q2 as numeric(10,2)) as q2
from swapped
