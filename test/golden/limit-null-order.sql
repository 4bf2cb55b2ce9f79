with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
ascending as (
  select *
  from customers
  order by region, customer_id
  limit 12
),
descending as (
  select *
  from customers
  order by region desc, customer_id
  limit 12
),
"both" as (
  select *
  from ascending
  union all
  select *
  from descending
)
select cast(customer_id as integer) as customer_id, cast(region as text) as region
from "both"
