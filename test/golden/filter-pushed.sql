with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
paid_orders as (
  select *
  from orders
  where status = 'paid' and amount > 100
)
select
  cast(order_id as bigint) as order_id,
  cast(customer_id as integer) as customer_id,
  cast(amount as numeric(12,2)) as amount
from paid_orders
