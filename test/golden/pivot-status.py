"""pivot-status

Compiled by DataMorph from the spec pivot-status: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("pivot-status")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"customer_id": "integer", "status": "text", "amount": "numeric(12,2)"},
    partitioned=True,
)

# by_status: orders with a column each for paid, open and nothing
by_status = orders.groupBy("customer_id").agg(
    F.expr("sum(amount) filter (where status = 'paid')").alias("paid"),
    F.expr("sum(amount) filter (where status = 'open')").alias("open"),
    F.expr("sum(amount) filter (where status = 'nothing')").alias("nothing"),
)

# The target: these rows replace all of public.by_status
job.trace({"by_status": by_status})
job.write(
    by_status.select(
        "customer_id",
        F.expr("cast(paid as decimal(14,2))").alias("paid"),
        F.expr("cast(open as decimal(14,2))").alias("open"),
        F.expr("cast(nothing as decimal(14,2))").alias("nothing"),
    ),
    table="public.by_status",
    mode="replace",
    columns={"customer_id": "integer", "paid": "numeric(14,2)", "open": "numeric(14,2)", "nothing": "numeric(14,2)"},
)
