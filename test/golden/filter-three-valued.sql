with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
kept as (
  select *
  from customers
  where not (region = 'north') and credit <> 0 and (active or active is null)
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(active as boolean) as active
from kept
