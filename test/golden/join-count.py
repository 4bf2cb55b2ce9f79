"""join-count

Compiled by DataMorph from the spec join-count: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-count")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"order_id": "bigint"}, partitioned=True)

# items: read from public.items
items = job.read(table="public.items", columns={"order_id": "bigint", "product_id": "integer"})

# lines: Only their number counts, so no column of the result is read.
lines = (
    items.alias("items")
    .join(orders.alias("orders"), on=F.expr("items.order_id = orders.order_id"), how="inner")
    .select(F.col("items.product_id").alias("product_id"))
)

# counted: lines over all of lines
counted = lines.agg(F.expr("count(*)").alias("lines"))

# The target: these rows replace all of public.counted
job.trace({"lines": lines, "counted": counted})
job.write(counted.select("lines"), table="public.counted", mode="replace", columns={"lines": "bigint"})
