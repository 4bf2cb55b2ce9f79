"""join-full-columns

Compiled by DataMorph from the spec join-full-columns: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-full-columns")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text"})

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"customer_id": "integer", "status": "text"}, partitioned=True)

# joined: all customers and all orders, matched on customer_id
joined = (
    customers.alias("c")
    .join(orders.alias("o"), on=F.expr("c.customer_id = o.customer_id"), how="full")
    .select(
        F.expr("coalesce(c.customer_id, o.customer_id)").alias("customer_id"),
        F.col("c.customer_id").alias("left_id"),
        F.col("o.customer_id").alias("right_id"),
        F.expr("coalesce(c.name, o.status)").alias("words"),
    )
)

# The target: these rows replace all of public.joined
job.trace({"joined": joined})
job.write(
    joined.select("customer_id", "left_id", "right_id", "words"),
    table="public.joined",
    mode="replace",
    columns={"customer_id": "integer", "left_id": "integer", "right_id": "integer", "words": "text"},
)
