"""dedupe-last

Compiled by DataMorph from the spec dedupe-last: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import Window
from pyspark.sql import functions as F

job = Job.start("dedupe-last")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
    partitioned=True,
)

# one_each: the last row of orders for each customer_id
one_each = (
    orders.withColumn(
        "place",
        F.row_number().over(
            Window.partitionBy("customer_id").orderBy(
                F.col("amount").asc_nulls_last(), F.col("order_id").desc_nulls_first()
            ),
        ),
    )
    .where("place = 1")
    .drop("place")
)

# The target: these rows replace all of public.one_each
job.trace({"one_each": one_each})
job.write(
    one_each.select("order_id", "customer_id", "amount"),
    table="public.one_each",
    mode="replace",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
)
