"""join-asof-forward

Compiled by DataMorph from the spec join-asof-forward: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-asof-forward")

# products: read from public.products
products = job.read(table="public.products", columns={"product_id": "integer", "listed": "date"})

# prices: read from public.prices
prices = job.read(
    table="public.prices", columns={"product_id": "integer", "since": "date", "list_price": "numeric(10,2)"}
)

# next_price: products with the prices nearest in time on product_id
next_price = job.as_of_join(
    products.alias("products"),
    prices.alias("prices"),
    on="products.product_id = prices.product_id and prices.since >= products.listed and (prices.list_price > 5)",
    nearest="prices.since",
    backward=False,
).select(
    F.col("products.product_id").alias("product_id"),
    F.col("products.listed").alias("listed"),
    F.col("prices.since").alias("since"),
    F.col("prices.list_price").alias("list_price"),
)

# The target: these rows replace all of public.next_price
job.trace({"next_price": next_price})
job.write(
    next_price.select("product_id", "listed", "since", "list_price"),
    table="public.next_price",
    mode="replace",
    columns={"product_id": "integer", "listed": "date", "since": "date", "list_price": "numeric(10,2)"},
)
