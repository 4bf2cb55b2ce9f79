with readings as (
  select sensor, at, value, note
  from public.readings
),
filled as (
  select
    sensor,
    at,
    first_value(value) over (partition by sensor, value_run order by value is null) as value,
    first_value(note) over (partition by sensor, note_run order by note is null) as note
  from (
    select
      *,
      count(value) over (partition by sensor order by at rows unbounded preceding) as value_run,
      count(note) over (partition by sensor order by at desc rows unbounded preceding) as note_run
    from readings
  ) as readings
)
select
  cast(sensor as text) as sensor,
  cast(at as timestamp without time zone) as at,
  cast(value as double precision) as value,
  cast(note as text) as note
from filled
