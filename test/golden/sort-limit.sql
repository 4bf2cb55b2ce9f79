with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
sorted as (
  select *
  from orders
  order by amount desc, order_id
),
top as (
  select *
  from sorted
  order by amount desc, order_id
  limit 10
)
select cast(order_id as bigint) as order_id, cast(amount as numeric(12,2)) as amount
from top
