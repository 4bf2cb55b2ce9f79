"""join-two-keys

Compiled by DataMorph from the spec join-two-keys: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-two-keys")

# items: read from public.items
items = job.read(
    table="public.items",
    columns={"order_id": "bigint", "line": "integer", "product_id": "integer", "price": "numeric(10,2)"},
)

# prices: read from public.prices
prices = job.read(table="public.prices", columns={"product_id": "integer", "list_price": "numeric(10,2)"})

# current: price for each product_id of prices
current = prices.groupBy("product_id").agg(F.expr("max(list_price)").alias("price"))

# same_price: items with their current on product_id and price
same_price = items.join(current, on=["product_id", "price"], how="inner").select(
    "order_id", "line", "product_id", "price"
)

# The target: these rows replace all of public.same_price
job.trace({"current": current, "same_price": same_price})
job.write(
    same_price.select("order_id", "line", "product_id", "price"),
    table="public.same_price",
    mode="replace",
    columns={"order_id": "bigint", "line": "integer", "product_id": "integer", "price": "numeric(10,2)"},
)
