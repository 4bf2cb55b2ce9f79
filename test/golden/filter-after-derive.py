"""filter-after-derive

Compiled by DataMorph from the spec filter-after-derive: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("filter-after-derive")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "amount": "numeric(12,2)", "discount": "numeric(5,4)"},
    partitioned=True,
)

# net: orders with net_amount worked out
net = orders.withColumn("net_amount", F.expr("amount * (1 - coalesce(discount, 0))"))

# large: the rows of net where net_amount >= 1000 or net_amount is null
large = net.where("net_amount >= 1000 or net_amount is null")

# The target: these rows replace all of public.large_orders
job.trace({"net": net, "large": large})
job.write(
    large.select("order_id", F.expr("cast(net_amount as decimal(14,4))").alias("net_amount")),
    table="public.large_orders",
    mode="replace",
    columns={"order_id": "bigint", "net_amount": "numeric(14,4)"},
    required=["order_id"],
)
