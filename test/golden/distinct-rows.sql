with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
pairs as (
  select region, active
  from customers
),
different as (
  select distinct *
  from pairs
)
select cast(region as text) as region, cast(active as boolean) as active
from different
