"""sort-limit

Compiled by DataMorph from the spec sort-limit: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("sort-limit")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"order_id": "bigint", "amount": "numeric(12,2)"}, partitioned=True)

# sorted: orders ordered by amount and order_id
sorted_rows = orders.orderBy(F.col("amount").desc_nulls_first(), F.col("order_id").asc_nulls_last())

# top: the first 10 rows of sorted
top = sorted_rows.orderBy(F.col("amount").desc_nulls_first(), F.col("order_id").asc_nulls_last()).limit(10)

# The target: these rows replace all of public.top
job.trace({"sorted": sorted_rows, "top": top})
job.write(
    top.select("order_id", "amount"),
    table="public.top",
    mode="replace",
    columns={"order_id": "bigint", "amount": "numeric(12,2)"},
)
