with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
tagged as (
  select
    customers.customer_id,
    customers.name,
    customers.region,
    customers.segment,
    customers.credit,
    customers.joined,
    customers.active,
    customers.tags,
    customers.profile,
    customers.code,
    element.tag
  from customers
  cross join lateral unnest(tags) as element (tag)
)
select cast(customer_id as integer) as customer_id, cast(tag as text) as tag
from tagged
