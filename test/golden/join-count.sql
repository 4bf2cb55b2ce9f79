with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
items as (
  select order_id, line, product_id, quantity, price
  from public.items
),
lines as (
  select items.product_id, orders.ordered_at
  from items
  inner join orders using (order_id)
),
counted as (
  select count(*) as lines
  from lines
)
select cast(lines as bigint) as lines
from counted
