"""join-semi

Compiled by DataMorph from the spec join-semi: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-semi")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text", "region": "text"})

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"customer_id": "integer", "status": "text"}, partitioned=True)

# matched: the customers that have orders on customer_id
matched = customers.alias("customers").join(
    orders.alias("orders"),
    on=F.expr("customers.customer_id = orders.customer_id and (orders.status = 'paid')"),
    how="left_semi",
)

# The target: these rows replace all of public.matched
job.trace({"matched": matched})
job.write(
    matched.select("customer_id", "name", "region"),
    table="public.matched",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "region": "text"},
)
