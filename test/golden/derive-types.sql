with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
parts as (
  select
    *,
    units / 2 as half,
    units % 4 as remainder,
    amount / nullif(units, 0) as per_unit,
    case when amount < 100 then 'small' when amount < 5000 then 'middle' else 'large' end as band,
    cast(ordered_at as date) as ordered_on,
    date_trunc('month', ordered_at) as ordered_month
  from orders
)
select
  cast(order_id as bigint) as order_id,
  cast(half as integer) as half,
  cast(remainder as integer) as remainder,
  cast(per_unit as numeric(14,4)) as per_unit,
  cast(band as text) as band,
  cast(ordered_on as date) as ordered_on,
  cast(ordered_month as timestamp without time zone) as ordered_month
from parts
