with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
some_orders as (
  select order_id, customer_id, amount
  from orders
),
some_customers as (
  select customer_id, name
  from customers
),
joined as (
  select customer_id, some_customers.name, some_orders.order_id, some_orders.amount
  from some_customers
  right join some_orders using (customer_id)
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(order_id as bigint) as order_id,
  cast(amount as numeric(12,2)) as amount
from joined
