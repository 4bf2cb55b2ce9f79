with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
days as (
  select cast("day" as date) as "day"
  from generate_series(cast(date '2026-01-01' as timestamp), cast(date '2026-03-31' as timestamp), interval '1 day') as series ("day")
),
dated as (
  select *, cast(ordered_at as date) as "day"
  from orders
),
per_day as (
  select "day", count(*) as orders
  from dated
  group by "day"
),
calendar as (
  select "day", per_day.orders
  from days
  left join per_day using ("day")
),
counted as (
  select "day", coalesce(orders, 0) as orders
  from calendar
)
select cast("day" as date) as "day", cast(orders as bigint) as orders
from counted
