with orders as (
  select order_id, customer_id, ordered_at, shipped_at, status, amount, discount, units, weight
  from public.orders
),
spread as (
  select
    lower(status) as state,
    stddev(amount) as deviation,
    percentile_disc(0.5) within group (order by amount desc) as median,
    mode() within group (order by units) as usual,
    round(regr_slope(amount, units)::numeric(20,6), 3) as slope,
    array_agg(distinct units order by units desc nulls last) as units_seen,
    string_agg(order_id::text, ',' order by ordered_at desc, order_id) filter (where amount > 5000) as latest
  from orders
  group by 1
)
select
  cast(state as text) as state,
  cast(deviation as numeric(20,8)) as deviation,
  cast(median as numeric(14,2)) as median,
  cast(usual as integer) as usual,
  cast(slope as numeric(20,3)) as slope,
  cast(units_seen as smallint[]) as units_seen,
  cast(latest as text) as latest
from spread
