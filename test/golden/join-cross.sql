with quarters as (
  select region, q1, q2, q3, q4
  from public.quarters
),
categories as (
  select category_id, parent_id, name
  from public.categories
),
pairs as (
  select quarters.region, categories.name as category
  from quarters
  cross join categories
)
select cast(region as text) as region, cast(category as text) as category
from pairs
