with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
tidy as (
  select
    customer_id,
    upper(name) as name,
    coalesce(nullif(region, ''), 'unknown') as region,
    segment,
    credit,
    joined,
    active,
    tags,
    profile,
    code,
    name || ' (' || coalesce(region, '-') || ')' as label
  from customers
)
select
  cast(customer_id as integer) as customer_id,
  cast(name as text) as name,
  cast(region as text) as region,
  cast(label as text) as label
from tidy
