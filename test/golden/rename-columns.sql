with products as (
  select product_id, name, category_id, listed, parts
  from public.products
),
renamed as (
  select product_id, name as title, category_id, listed as listed_on, parts
  from products
)
select
  cast(product_id as integer) as product_id,
  cast(title as text) as title,
  cast(listed_on as date) as listed_on
from renamed
