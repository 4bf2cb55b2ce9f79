"""filter-pushed

Compiled by DataMorph from the spec filter-pushed: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("filter-pushed")

# paid_orders: the rows of orders where status = 'paid' and amount > 100
paid_orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
    where="status = 'paid' and amount > 100",
    partitioned=True,
)

# The target: these rows replace all of public.paid_orders
job.trace({"paid_orders": paid_orders})
job.write(
    paid_orders.select("order_id", "customer_id", "amount"),
    table="public.paid_orders",
    mode="replace",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
    required=["order_id"],
)
