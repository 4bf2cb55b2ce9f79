"""join-asof

Compiled by DataMorph from the spec join-asof: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-asof")

# orders: read from public.orders
orders = job.read(
    table="public.orders", columns={"order_id": "bigint", "ordered_at": "timestamp without time zone"}, partitioned=True
)

# prices: read from public.prices
prices = job.read(
    table="public.prices", columns={"product_id": "integer", "since": "date", "list_price": "numeric(10,2)"}
)

# items: read from public.items
items = job.read(table="public.items", columns={"order_id": "bigint", "line": "integer", "product_id": "integer"})

# bought: items with their orders on order_id
bought = (
    items.alias("items")
    .join(orders.alias("orders"), on=F.expr("items.order_id = orders.order_id"), how="inner")
    .select(
        F.col("items.order_id").alias("order_id"),
        F.col("items.line").alias("line"),
        F.col("items.product_id").alias("product_id"),
        F.expr("cast(orders.ordered_at as date)").alias("bought_on"),
    )
)

# priced: bought with the prices nearest in time on product_id
priced = job.as_of_join(
    bought.alias("bought"),
    prices.alias("prices"),
    on="bought.product_id = prices.product_id and prices.since <= bought.bought_on",
    nearest="prices.since",
).select(
    F.col("bought.order_id").alias("order_id"),
    F.col("bought.line").alias("line"),
    F.col("bought.product_id").alias("product_id"),
    F.col("bought.bought_on").alias("bought_on"),
    F.col("prices.since").alias("since"),
    F.col("prices.list_price").alias("list_price"),
)

# The target: these rows replace all of public.priced
job.trace({"bought": bought, "priced": priced})
job.write(
    priced.select("order_id", "line", "product_id", "bought_on", "since", "list_price"),
    table="public.priced",
    mode="replace",
    columns={
        "order_id": "bigint",
        "line": "integer",
        "product_id": "integer",
        "bought_on": "date",
        "since": "date",
        "list_price": "numeric(10,2)",
    },
)
