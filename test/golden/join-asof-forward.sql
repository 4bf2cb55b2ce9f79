with products as (
  select product_id, name, category_id, listed, parts
  from public.products
),
prices as (
  select product_id, since, list_price
  from public.prices
),
next_price as (
  select
    products.product_id,
    products.name,
    products.category_id,
    products.listed,
    products.parts,
    prices.since,
    prices.list_price
  from products
  left join lateral (
    select *
    from prices
    where products.product_id = prices.product_id and prices.since >= products.listed and (prices.list_price > 5)
    order by prices.since
    limit 1
  ) as prices on true
)
select
  cast(product_id as integer) as product_id,
  cast(listed as date) as listed,
  cast(since as date) as since,
  cast(list_price as numeric(10,2)) as list_price
from next_price
