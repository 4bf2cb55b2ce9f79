with products as (
  select product_id, name, category_id, listed, parts
  from public.products
),
pieces as (
  select
    products.product_id,
    products.name,
    products.category_id,
    products.listed,
    products.parts,
    element.piece,
    element.place
  from products
  cross join lateral jsonb_array_elements_text(parts) with ordinality as element (piece, place)
)
select
  cast(product_id as integer) as product_id,
  cast(piece as text) as piece,
  cast(place as bigint) as place
from pieces
