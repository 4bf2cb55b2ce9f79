"""numeric-digits

Compiled by DataMorph from the spec numeric-digits: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start(
    "numeric-digits", functions=["pg_numeric_ln", "pg_numeric_power", "pg_numeric_sqrt", "pg_numeric_to_char"]
)

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "amount": "numeric(12,2)", "units": "smallint"},
    partitioned=True,
)

# scores: orders with root, magnitude, grown, flags, shown and thousands worked out
scores = orders.withColumns(
    {
        "root": F.expr("cast(pg_numeric_sqrt(round(abs(amount), 2)) as decimal(38,29))"),
        "magnitude": F.expr("cast(pg_numeric_ln(round(abs(amount) + 1, 2)) as decimal(38,6))"),
        "grown": F.expr("amount * cast(pg_numeric_power(1.05, cast(units % 10 as decimal(10,0))) as decimal(38,4))"),
        "flags": F.expr("((cast(units as int) & 7) | 8)"),
        "shown": F.expr("pg_numeric_to_char(amount, 'FM999,999,990.00')"),
        "thousands": F.expr("cast(amount - amount % 1000BD as decimal(10,0))"),
    },
)

# The target: these rows replace all of public.scores
job.trace({"scores": scores})
job.write(
    scores.select(
        "order_id",
        F.expr("cast(root as decimal(20,10))").alias("root"),
        F.expr("cast(magnitude as decimal(20,6))").alias("magnitude"),
        F.expr("cast(grown as decimal(20,4))").alias("grown"),
        "flags",
        "shown",
        F.expr("cast(thousands as decimal(14,0))").alias("thousands"),
    ),
    table="public.scores",
    mode="replace",
    columns={
        "order_id": "bigint",
        "root": "numeric(20,10)",
        "magnitude": "numeric(20,6)",
        "grown": "numeric(20,4)",
        "flags": "integer",
        "shown": "text",
        "thousands": "numeric(14,0)",
    },
    required=["order_id"],
)
