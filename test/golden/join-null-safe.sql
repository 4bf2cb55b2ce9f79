with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
quarters as (
  select region, q1, q2, q3, q4
  from public.quarters
),
regions as (
  select nullif(region, '') as region, count(*) as people
  from customers
  group by 1
),
quarter_regions as (
  select region as area, q1
  from quarters
),
no_region as (
  select nullif(region, region) as area, q1
  from quarters
),
plus_null as (
  select *
  from quarter_regions
  union all
  select *
  from no_region
),
joined as (
  select regions.region, regions.people, plus_null.area, plus_null.q1
  from regions
  left join plus_null on regions.region is not distinct from plus_null.area
)
select
  cast(region as text) as region,
  cast(people as bigint) as people,
  cast(area as text) as area,
  cast(q1 as numeric(10,2)) as q1
from joined
