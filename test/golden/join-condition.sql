with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
items as (
  select order_id, line, product_id, quantity, price
  from public.items
),
dear_items as (
  select o.order_id, i.line, i.price * i.quantity as worth
  from orders as o
  left join items as i on o.order_id = i.order_id and (i.price > 50 or o.amount is null)
)
select
  cast(order_id as bigint) as order_id,
  cast(line as integer) as line,
  cast(worth as numeric(14,2)) as worth
from dear_items
