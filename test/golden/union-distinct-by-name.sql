with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
active_customers as (
  select customer_id, name, region
  from public.active_customers
),
people as (
  select region, name, customer_id
  from customers
),
everyone as (
  select region, name, customer_id
  from people
  union
  select region, name, customer_id
  from active_customers
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(region as text) as region
from everyone
