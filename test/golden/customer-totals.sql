with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
customer_orders as (
  select
    customer_id,
    customers.name,
    customers.region,
    customers.segment,
    customers.credit,
    customers.joined,
    customers.active,
    customers.tags,
    customers.profile,
    customers.code,
    orders.order_id,
    orders.ordered_at,
    orders.shipped_at,
    orders.status,
    orders.amount,
    orders.discount,
    orders.units,
    orders.weight
  from customers
  inner join orders using (customer_id)
),
totals as (
  select customer_id, name, sum(amount) as total_amount, count(*) as order_count
  from customer_orders
  group by customer_id, name
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(total_amount as numeric(14,2)) as total_amount,
  cast(order_count as bigint) as order_count
from totals
