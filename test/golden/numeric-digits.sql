with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
scores as (
  select
    *,
    sqrt(abs(amount)) as root,
    round(ln(abs(amount) + 1), 6) as magnitude,
    amount * round(power(1.05, units % 10), 4) as grown,
    units & 7 | 8 as flags,
    to_char(amount, 'FM999,999,990.00') as shown,
    trunc(amount, -3) as thousands
  from orders
)
select
  cast(order_id as bigint) as order_id,
  cast(root as numeric(20,10)) as root,
  cast(magnitude as numeric(20,6)) as magnitude,
  cast(grown as numeric(20,4)) as grown,
  cast(flags as integer) as flags,
  cast(shown as text) as shown,
  cast(thousands as numeric(14,0)) as thousands
from scores
