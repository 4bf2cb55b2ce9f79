with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
recent as (
  select *
  from orders
  where ordered_at > now() - interval '30 days' and cast(ordered_at as date) <= current_date
),
aged as (
  select *, current_date - cast(ordered_at as date) as age_days
  from recent
)
select cast(order_id as bigint) as order_id, cast(age_days as integer) as age_days
from aged
