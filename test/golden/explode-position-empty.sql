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
    element.tag,
    element.place
  from customers
  left join lateral unnest(tags) with ordinality as element (tag, place) on true
)
select
  cast(customer_id as integer) as customer_id,
  cast(tag as text) as tag,
  cast(place as bigint) as place
from tagged
