with changes as (
  select change_id, customer_id, changed_at, region, credit
  from public.changes
),
versions as (
  select customer_id, changed_at as valid_from, region, credit
  from changes
)
select
  cast(customer_id as integer) as customer_id,
  cast(region as text) as region,
  cast(credit as numeric(12,2)) as credit,
  valid_from
from versions
