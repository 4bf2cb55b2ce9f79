"""limit-nulls

Compiled by DataMorph from the spec limit-nulls: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("limit-nulls")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"order_id": "bigint", "amount": "numeric(12,2)"}, partitioned=True)

# page: the first 25 rows of orders
page = orders.orderBy(F.col("amount").asc_nulls_first(), F.col("order_id").desc_nulls_first()).offset(5).limit(25)

# The target: these rows replace all of public.page
job.trace({"page": page})
job.write(
    page.select("order_id", "amount"),
    table="public.page",
    mode="replace",
    columns={"order_id": "bigint", "amount": "numeric(12,2)"},
)
