with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
filled as (
  select
    order_id,
    customer_id,
    ordered_at,
    shipped_at,
    status,
    coalesce(amount, 0) as amount,
    discount,
    coalesce(units, cast(1 as smallint)) as units,
    weight
  from orders
)
select
  cast(order_id as bigint) as order_id,
  cast(amount as numeric(12,2)) as amount,
  cast(units as smallint) as units
from filled
