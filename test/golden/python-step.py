"""python-step

Compiled by DataMorph from the spec python-step: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("python-step")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={
        "order_id": "bigint",
        "customer_id": "integer",
        "ordered_at": "timestamp without time zone",
        "shipped_at": "timestamp with time zone",
        "status": "text",
        "amount": "numeric(12,2)",
        "discount": "numeric(5,4)",
        "units": "smallint",
        "weight": "double precision",
    },
    partitioned=True,
)


# doubled: written by hand, over orders
def doubled(orders):
    """Every order twice, the second time with the amount turned round."""
    turned = orders.withColumn("amount", -orders["amount"])
    return orders.unionByName(turned)


doubled_rows = doubled(orders).select(
    F.col("order_id").cast("bigint").alias("order_id"), F.col("amount").cast("decimal(12,2)").alias("amount")
)

# summed: total and rows for each order_id of doubled
summed = doubled_rows.groupBy("order_id").agg(F.expr("sum(amount)").alias("total"), F.expr("count(*)").alias("rows"))

# The target: these rows replace all of public.summed
job.trace({"doubled": doubled_rows, "summed": summed})
job.write(
    summed.select("order_id", F.expr("cast(total as decimal(12,2))").alias("total"), "rows"),
    table="public.summed",
    mode="replace",
    columns={"order_id": "bigint", "total": "numeric(12,2)", "rows": "bigint"},
)
