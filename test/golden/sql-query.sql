with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
spending as (
  with paid as (
  select customer_id, amount, ordered_at from orders where status = 'paid' or units / 2 > 1
)
select c.name, coalesce(nullif(c.region, ''), '{none}') as area, count(*), sum(p.amount) as spent -- in all
from customers c
left join paid as p on p.customer_id = c.customer_id and p.amount > 10
group by c.name, 2
having count(p.amount) < 5
order by spent desc, name
limit 20
),
rich as (
  select *
  from spending
  where spent > 100
)
select
  cast(name as text) as name,
  cast(area as text) as area,
  cast(count as bigint) as count,
  cast(spent as numeric(14,2)) as spent
from rich
