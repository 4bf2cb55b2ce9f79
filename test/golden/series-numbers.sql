with down as (
  select n
  from generate_series(10, -5, -3) as series (n)
),
nothing as (
  select n
  from generate_series(1, 0, 1) as series (n)
),
all_numbers as (
  select *
  from down
  union all
  select *
  from nothing
)
select cast(n as integer) as n
from all_numbers
