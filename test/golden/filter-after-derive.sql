with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
net as (
  select *, amount * (1 - coalesce(discount, 0)) as net_amount
  from orders
),
large as (
  select *
  from net
  where net_amount >= 1000 or net_amount is null
)
select cast(order_id as bigint) as order_id, cast(net_amount as numeric(14,4)) as net_amount
from large
