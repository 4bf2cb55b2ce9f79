"""append

Compiled by DataMorph from the spec append: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("append")

# open_orders: the rows of orders where status = 'open'
open_orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "amount": "numeric(12,2)"},
    where="status = 'open'",
    partitioned=True,
)

# The target: these rows come on top of public.open_log
job.trace({"open_orders": open_orders})
job.write(
    open_orders.select("order_id", "amount"),
    table="public.open_log",
    mode="append",
    columns={"order_id": "bigint", "amount": "numeric(12,2)"},
)
