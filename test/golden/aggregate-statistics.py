"""aggregate-statistics

Compiled by DataMorph from the spec aggregate-statistics: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("aggregate-statistics", functions=["pg_deviation", "pg_float_digits"])

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={
        "order_id": "bigint",
        "ordered_at": "timestamp without time zone",
        "status": "text",
        "amount": "numeric(12,2)",
        "units": "smallint",
    },
    partitioned=True,
)

# spread: deviation, median, usual, slope, units_seen and latest for each state of orders
spread = orders.groupBy(F.expr("lower(translate(status, 'Σİ', 'σi'))").alias("state")).agg(
    F.expr(
        "cast(pg_deviation(nullif(count(amount), 1), sum(cast(amount as decimal(12,2))), sum(cast(amount as "
        "decimal(12,2)) * cast(amount as decimal(12,2))), 'stddev_samp') as decimal(38,24))"
    ).alias("deviation"),
    F.expr(
        "get(sort_array(collect_list(amount), false), greatest(cast(ceil(0.5D * count(amount)) as int), 1) - 1)"
    ).alias("median"),
    F.expr(
        "aggregate(sort_array(collect_list(units)), named_struct('value', cast(null as smallint), 'run', 0, "
        "'best', cast(null as smallint), 'longest', 0), (state, item) -> named_struct('value', item, 'run', "
        "if(state.value <=> item, state.run + 1, 1), 'best', if(if(state.value <=> item, state.run + 1, 1) > "
        "state.longest, item, state.best), 'longest', greatest(if(state.value <=> item, state.run + 1, 1), "
        "state.longest)), state -> state.best)"
    ).alias("usual"),
    F.expr(
        "round(cast(pg_float_digits(regr_slope(cast(amount as double), cast(units as double))) as decimal(20,6)), 3)"
    ).alias("slope"),
    F.expr(
        "case when count(distinct 1) > 0 then transform(array_sort(collect_list(distinct struct(units is null as "
        "n0, units as k0, units as value)), (one, two) -> case when one.n0 and not two.n0 then 1 when two.n0 and "
        "not one.n0 then -1 when one.k0 < two.k0 then 1 when one.k0 > two.k0 then -1 else 0 end), item -> "
        "item.value) end"
    ).alias("units_seen"),
    F.expr(
        "case when count(cast(order_id as string)) filter (where amount > 5000) > 0 then "
        "array_join(filter(transform(array_sort(collect_list(struct(ordered_at is null as n0, ordered_at as k0, "
        "order_id is null as n1, order_id as k1, cast(order_id as string) as value)) filter (where amount > 5000), "
        "(one, two) -> case when one.n0 and not two.n0 then -1 when two.n0 and not one.n0 then 1 when one.k0 < "
        "two.k0 then 1 when one.k0 > two.k0 then -1 when one.n1 and not two.n1 then 1 when two.n1 and not one.n1 "
        "then -1 when one.k1 < two.k1 then -1 when one.k1 > two.k1 then 1 else 0 end), item -> item.value), item "
        "-> item is not null), ',') end"
    ).alias("latest"),
)

# The target: these rows replace all of public.spread
job.trace({"spread": spread})
job.write(
    spread.select(
        "state",
        F.expr("cast(deviation as decimal(20,8))").alias("deviation"),
        F.expr("cast(median as decimal(14,2))").alias("median"),
        F.expr("cast(usual as int)").alias("usual"),
        F.expr("cast(slope as decimal(20,3))").alias("slope"),
        "units_seen",
        "latest",
    ),
    table="public.spread",
    mode="replace",
    columns={
        "state": "text",
        "deviation": "numeric(20,8)",
        "median": "numeric(14,2)",
        "usual": "integer",
        "slope": "numeric(20,3)",
        "units_seen": "smallint[]",
        "latest": "text",
    },
)
