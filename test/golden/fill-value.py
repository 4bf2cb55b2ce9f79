"""fill-value

Compiled by DataMorph from the spec fill-value: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("fill-value")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "amount": "numeric(12,2)", "units": "smallint"},
    partitioned=True,
)

# filled: orders with the gaps in amount and units filled
filled = orders.withColumns(
    {"amount": F.expr("coalesce(amount, coalesce(amount, 0))"), "units": F.expr("coalesce(units, cast(1 as smallint))")}
)

# The target: these rows replace all of public.filled
job.trace({"filled": filled})
job.write(
    filled.select("order_id", F.expr("cast(amount as decimal(12,2))").alias("amount"), "units"),
    table="public.filled",
    mode="replace",
    columns={"order_id": "bigint", "amount": "numeric(12,2)", "units": "smallint"},
)
