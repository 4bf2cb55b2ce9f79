with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
ordering as (
  select customer_id
  from orders
),
known as (
  select customer_id
  from customers
),
result as (
  select *
  from ordering
  except all
  select *
  from known
)
select cast(customer_id as integer) as customer_id
from result
