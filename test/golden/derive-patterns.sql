with customers as (
  select customer_id, name, region, segment, credit, joined, active, tags, profile, code
  from public.customers
),
named as (
  select *
  from customers
  where name ~* '^[a-zé]'
),
read as (
  select
    *,
    regexp_replace(name, '(\w)\w*\s*', '\1.', 'g') as initials,
    substring(name from '(\w)\1') as doubled,
    (regexp_match(array_to_string(tags, ','), '^([^,]*),?(.*)$'))[1] as first_tag,
    cardinality(regexp_split_to_array(name, '[\s-]+')) as words,
    segment similar to '(re|who)%' or name like '%' || region as is_retail,
    format('%s (%s, %L)', name, customer_id, region) as label
  from named
)
select
  cast(customer_id as integer) as customer_id,
  cast(initials as text) as initials,
  cast(doubled as text) as doubled,
  cast(first_tag as text) as first_tag,
  cast(words as integer) as words,
  cast(is_retail as boolean) as is_retail,
  cast(label as text) as label
from read
