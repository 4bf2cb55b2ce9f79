"""union-types

Compiled by DataMorph from the spec union-types: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("union-types")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "ordered_at": "timestamp without time zone", "amount": "numeric(12,2)"},
    partitioned=True,
)

# items: read from public.items
items = job.read(table="public.items", columns={"product_id": "integer", "price": "numeric(10,2)"})

# amounts: the columns of orders that are needed
amounts = orders.select(
    F.col("order_id").alias("id"), F.col("amount").alias("worth"), F.expr("cast(ordered_at as date)").alias("at")
)

# prices_paid: the columns of items that are needed
prices_paid = items.select(
    F.col("product_id").alias("id"),
    F.expr("price * 1.005").alias("worth"),
    F.expr("cast(null as timestamp)").alias("at"),
)

# all_worths: the rows of amounts and prices_paid
all_worths = amounts.union(prices_paid)

# The target: these rows replace all of public.all_worths
job.trace({"amounts": amounts, "prices_paid": prices_paid, "all_worths": all_worths})
job.write(
    all_worths.select("id", F.expr("cast(worth as decimal(14,5))").alias("worth"), "at"),
    table="public.all_worths",
    mode="replace",
    columns={"id": "bigint", "worth": "numeric(14,5)", "at": "timestamp without time zone"},
)
