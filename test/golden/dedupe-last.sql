with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
one_each as (
  select distinct on (customer_id) *
  from orders
  order by customer_id, amount, order_id desc
)
select
  cast(order_id as bigint) as order_id,
  cast(customer_id as integer) as customer_id,
  cast(amount as numeric(12,2)) as amount
from one_each
