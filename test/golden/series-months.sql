with months as (
  select cast(month_end as date) as month_end
  from generate_series(cast(date '2026-01-31' as timestamp), cast(date '2027-01-31' as timestamp), interval '1 month') as series (month_end)
)
select cast(month_end as date) as month_end
from months
