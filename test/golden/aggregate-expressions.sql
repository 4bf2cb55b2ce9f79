with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
monthly as (
  select
    cast(date_trunc('month', ordered_at) as date) as "month",
    lower(status) = 'paid' as paid,
    count(*) as orders,
    count(distinct customer_id) as customers,
    sum(amount) as amount,
    avg(amount) as average,
    max(amount) as largest,
    sum(amount) filter (where units > 3) as paid_amount
  from orders
  group by 1, 2
)
select
  cast("month" as date) as "month",
  cast(paid as boolean) as paid,
  cast(orders as bigint) as orders,
  cast(customers as bigint) as customers,
  cast(amount as numeric(14,2)) as amount,
  cast(average as numeric(14,4)) as average,
  cast(largest as numeric(12,2)) as largest,
  cast(paid_amount as numeric(14,2)) as paid_amount
from monthly
