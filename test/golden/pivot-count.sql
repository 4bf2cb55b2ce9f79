with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
by_region as (
  select
    segment,
    count(*) filter (where region = 'north') + count(distinct active) filter (where region = 'north') as north,
    count(*) filter (where region is null) + count(distinct active) filter (where region is null) as nowhere,
    count(*) filter (where region = '') + count(distinct active) filter (where region = '') as empty
  from customers
  group by segment
)
select
  cast(segment as character varying(10)) as segment,
  cast(north as bigint) as north,
  cast(nowhere as bigint) as nowhere,
  cast(empty as bigint) as empty
from by_region
