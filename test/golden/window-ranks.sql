with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
ranked as (
  select
    *,
    row_number() over (partition by customer_id order by amount desc, order_id) as place,
    sum(amount) over (partition by customer_id order by order_id rows between unbounded preceding and current row) as running,
    lag(amount) over (partition by customer_id order by order_id) as before
  from orders
),
best as (
  select *
  from ranked
  where place <= 2
)
select
  cast(order_id as bigint) as order_id,
  cast(customer_id as integer) as customer_id,
  cast(place as bigint) as place,
  cast(running as numeric(14,2)) as running,
  cast(before as numeric(12,2)) as before
from best
