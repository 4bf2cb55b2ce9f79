"""Join customers and orders on customer_id, calculate total order amount per customer

Compiled by DataMorph from the spec customer-totals: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("customer-totals")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text"})

# orders: read from public.orders
orders = job.read(
    table="public.orders", columns={"customer_id": "integer", "amount": "numeric(12,2)"}, partitioned=True
)

# customer_orders: customers with their orders on customer_id
customer_orders = customers.join(orders, on="customer_id", how="inner")

# totals: Total order amount per customer.
totals = customer_orders.groupBy("customer_id", "name").agg(
    F.expr("sum(amount)").alias("total_amount"), F.expr("count(*)").alias("order_count")
)

# The target: these rows replace all of public.customer_totals
job.trace({"customer_orders": customer_orders, "totals": totals})
job.write(
    totals.select(
        "customer_id", "name", F.expr("cast(total_amount as decimal(14,2))").alias("total_amount"), "order_count"
    ),
    table="public.customer_totals",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "total_amount": "numeric(14,2)", "order_count": "bigint"},
    required=["customer_id"],
)
