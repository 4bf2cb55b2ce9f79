"""join-left

Compiled by DataMorph from the spec join-left: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("join-left")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text"})

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
    partitioned=True,
)

# some_orders: the columns of orders that are needed
some_orders = orders.select("order_id", "customer_id", "amount")

# some_customers: the columns of customers that are needed
some_customers = customers.select("customer_id", "name")

# joined: all some_customers, with their some_orders where there are any on customer_id
joined = some_customers.join(some_orders, on="customer_id", how="left")

# The target: these rows replace all of public.joined
job.trace({"some_orders": some_orders, "some_customers": some_customers, "joined": joined})
job.write(
    joined.select("customer_id", "name", "order_id", "amount"),
    table="public.joined",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "order_id": "bigint", "amount": "numeric(12,2)"},
)
