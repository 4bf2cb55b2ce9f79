"""derive-types

Compiled by DataMorph from the spec derive-types: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("derive-types", functions=["pg_divide"])

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={
        "order_id": "bigint",
        "ordered_at": "timestamp without time zone",
        "amount": "numeric(12,2)",
        "units": "smallint",
    },
    partitioned=True,
)

# parts: orders with half, remainder, per_unit, band, ordered_on and ordered_month worked out
parts = orders.withColumns(
    {
        "half": F.expr("cast(units div 2 as int)"),
        "remainder": F.expr("units % 4"),
        "per_unit": F.expr("cast(pg_divide(amount, nullif(units, 0)) as decimal(38,24))"),
        "band": F.expr("case when amount < 100 then 'small' when amount < 5000 then 'middle' else 'large' end"),
        "ordered_on": F.expr("cast(ordered_at as date)"),
        "ordered_month": F.expr("date_trunc('month', ordered_at)"),
    },
)

# The target: these rows replace all of public.parts
job.trace({"parts": parts})
job.write(
    parts.select(
        "order_id",
        "half",
        "remainder",
        F.expr("cast(per_unit as decimal(14,4))").alias("per_unit"),
        "band",
        "ordered_on",
        "ordered_month",
    ),
    table="public.parts",
    mode="replace",
    columns={
        "order_id": "bigint",
        "half": "integer",
        "remainder": "integer",
        "per_unit": "numeric(14,4)",
        "band": "text",
        "ordered_on": "date",
        "ordered_month": "timestamp without time zone",
    },
    required=["order_id"],
)
