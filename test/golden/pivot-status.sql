with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
by_status as (
  select
    customer_id,
    sum(amount) filter (where status = 'paid') as paid,
    sum(amount) filter (where status = 'open') as open,
    sum(amount) filter (where status = 'nothing') as nothing
  from orders
  group by customer_id
)
select
  cast(customer_id as integer) as customer_id,
  cast(paid as numeric(14,2)) as paid,
  cast(open as numeric(14,2)) as open,
  cast(nothing as numeric(14,2)) as nothing
from by_status
