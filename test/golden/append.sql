with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
open_orders as (
  select *
  from orders
  where status = 'open'
)
select cast(order_id as bigint) as order_id, cast(amount as numeric(12,2)) as amount
from open_orders
