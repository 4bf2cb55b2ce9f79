with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
regions as (
  select region, segment
  from customers
  group by region, segment
)
select cast(region as text) as region, cast(segment as character varying(10)) as segment
from regions
