"""aggregate-all

Compiled by DataMorph from the spec aggregate-all: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("aggregate-all")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"ordered_at": "timestamp without time zone", "status": "text", "amount": "numeric(12,2)"},
    partitioned=True,
)

# totals: orders, amount, first_at and all_paid over all of orders
totals = orders.agg(
    F.expr("count(*)").alias("orders"),
    F.expr("sum(amount)").alias("amount"),
    F.expr("min(ordered_at)").alias("first_at"),
    F.expr("bool_and(status = 'paid')").alias("all_paid"),
)

# The target: these rows replace all of public.totals
job.trace({"totals": totals})
job.write(
    totals.select("orders", F.expr("cast(amount as decimal(14,2))").alias("amount"), "first_at", "all_paid"),
    table="public.totals",
    mode="replace",
    columns={
        "orders": "bigint",
        "amount": "numeric(14,2)",
        "first_at": "timestamp without time zone",
        "all_paid": "boolean",
    },
)
