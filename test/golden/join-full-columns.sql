with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
joined as (
  select
    customer_id,
    c.customer_id as left_id,
    o.customer_id as right_id,
    coalesce(c.name, o.status) as words
  from customers as c
  full join orders as o using (customer_id)
)
select
  cast(customer_id as integer) as customer_id,
  cast(left_id as integer) as left_id,
  cast(right_id as integer) as right_id,
  cast(words as text) as words
from joined
