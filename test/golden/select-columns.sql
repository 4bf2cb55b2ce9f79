with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
card as (
  select customer_id, name as full_name, cast(credit * 100 as bigint) as credit_cents
  from customers
)
select
  cast(customer_id as integer) as customer_id,
  cast(full_name as text) as full_name,
  cast(credit_cents as bigint) as credit_cents
from card
