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
    element.word
  from customers
  cross join lateral regexp_split_to_table(name, '[\s-]+') as element (word)
)
select cast(customer_id as integer) as customer_id, cast(word as text) as word
from tagged
