with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
doubled as (
  select order_id, amount from orders union all select order_id, -amount from orders
),
summed as (
  select order_id, sum(amount) as total, count(*) as rows
  from doubled
  group by order_id
)
select
  cast(order_id as bigint) as order_id,
  cast(total as numeric(12,2)) as total,
  cast(rows as bigint) as rows
from summed
