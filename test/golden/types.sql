with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
all_types as (
  select customer_id, credit, joined, active, tags, profile, code
  from customers
)
select
  cast(customer_id as integer) as customer_id,
  cast(credit as numeric(12,2)) as credit,
  cast(joined as date) as joined,
  cast(active as boolean) as active,
  cast(tags as text[]) as tags,
  cast(profile as jsonb) as profile,
  cast(code as character(4)) as code
from all_types
