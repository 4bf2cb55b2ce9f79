with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
items as (
  select order_id, line, product_id, quantity, price
  from public.items
),
amounts as (
  select order_id as id, amount as worth, cast(ordered_at as date) as at
  from orders
),
prices_paid as (
  select product_id as id, price * 1.005 as worth, cast(null as timestamp) as at
  from items
),
all_worths as (
  select *
  from amounts
  union all
  select *
  from prices_paid
)
select
  cast(id as bigint) as id,
  cast(worth as numeric(14,5)) as worth,
  cast(at as timestamp without time zone) as at
from all_worths
