with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
matched as (
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
    customers.code
  from customers
  where exists (
    select
    from orders
    where customers.customer_id = orders.customer_id and (orders.status = 'paid')
  )
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(region as text) as region
from matched
