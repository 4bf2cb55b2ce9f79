with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
prices as (
  select product_id, since, list_price
  from public.prices
),
items as (
  select order_id, line, product_id, quantity, price
  from public.items
),
bought as (
  select order_id, items.line, items.product_id, cast(orders.ordered_at as date) as bought_on
  from items
  inner join orders using (order_id)
),
priced as (
  select
    bought.order_id,
    bought.line,
    bought.product_id,
    bought.bought_on,
    prices.since,
    prices.list_price
  from bought
  left join lateral (
    select *
    from prices
    where bought.product_id = prices.product_id and prices.since <= bought.bought_on
    order by prices.since desc
    limit 1
  ) as prices on true
)
select
  cast(order_id as bigint) as order_id,
  cast(line as integer) as line,
  cast(product_id as integer) as product_id,
  cast(bought_on as date) as bought_on,
  cast(since as date) as since,
  cast(list_price as numeric(10,2)) as list_price
from priced
