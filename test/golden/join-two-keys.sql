with items as (
  select order_id, line, product_id, quantity, price
  from public.items
),
prices as (
  select product_id, since, list_price
  from public.prices
),
current as (
  select product_id, max(list_price) as price
  from prices
  group by product_id
),
same_price as (
  select items.order_id, items.line, product_id, items.quantity, price
  from items
  inner join current using (product_id, price)
)
select
  cast(order_id as bigint) as order_id,
  cast(line as integer) as line,
  cast(product_id as integer) as product_id,
  cast(price as numeric(10,2)) as price
from same_price
