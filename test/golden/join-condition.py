"""join-condition

Compiled by DataMorph from the spec join-condition: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-condition")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"order_id": "bigint", "amount": "numeric(12,2)"}, partitioned=True)

# items: read from public.items
items = job.read(
    table="public.items",
    columns={"order_id": "bigint", "line": "integer", "quantity": "integer", "price": "numeric(10,2)"},
)

# dear_items: all orders, with their items where there are any on order_id
dear_items = (
    orders.alias("o")
    .join(items.alias("i"), on=F.expr("o.order_id = i.order_id and (i.price > 50 or o.amount is null)"), how="left")
    .select(
        F.col("o.order_id").alias("order_id"),
        F.col("i.line").alias("line"),
        F.expr("i.price * i.quantity").alias("worth"),
    )
)

# The target: these rows replace all of public.dear_items
job.trace({"dear_items": dear_items})
job.write(
    dear_items.select("order_id", "line", F.expr("cast(worth as decimal(14,2))").alias("worth")),
    table="public.dear_items",
    mode="replace",
    columns={"order_id": "bigint", "line": "integer", "worth": "numeric(14,2)"},
)
