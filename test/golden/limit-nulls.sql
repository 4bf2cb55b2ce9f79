with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
page as (
  select *
  from orders
  order by amount nulls first, order_id desc
  offset 5
  limit 25
)
select cast(order_id as bigint) as order_id, cast(amount as numeric(12,2)) as amount
from page
