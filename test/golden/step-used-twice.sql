with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
per_customer as (
  select customer_id, sum(amount) as amount
  from orders
  group by customer_id
),
overall as (
  select avg(amount) as mean
  from per_customer
),
above as (
  select per_customer.customer_id, per_customer.amount
  from per_customer
  inner join overall on per_customer.amount > overall.mean
),
named as (
  select customer_id, above.amount, customers.name
  from above
  left join customers using (customer_id)
)
select
  cast(customer_id as integer) as customer_id,
  cast(amount as numeric(14,2)) as amount,
  cast(name as text) as name
from named
