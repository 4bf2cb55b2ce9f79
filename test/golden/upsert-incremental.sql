with changes as (
  select change_id, customer_id, changed_at, region, credit
  from public.changes
),
latest as (
  select distinct on (customer_id) *
  from changes
  order by customer_id, changed_at desc, change_id desc
)
select
  cast(customer_id as integer) as customer_id,
  cast(changed_at as timestamp with time zone) as changed_at,
  cast(region as text) as region,
  cast(credit as numeric(12,2)) as credit
from latest
