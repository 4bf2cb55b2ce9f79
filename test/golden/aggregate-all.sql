with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
totals as (
  select
    count(*) as orders,
    sum(amount) as amount,
    min(ordered_at) as first_at,
    bool_and(status = 'paid') as all_paid
  from orders
)
select
  cast(orders as bigint) as orders,
  cast(amount as numeric(14,2)) as amount,
  cast(first_at as timestamp without time zone) as first_at,
  cast(all_paid as boolean) as all_paid
from totals
