"""intersect-all

Compiled by DataMorph from the spec intersect-all: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("intersect-all")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"customer_id": "integer"}, partitioned=True)

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer"})

# ordering: the columns of orders that are needed
ordering = orders.select("customer_id")

# known: the columns of customers that are needed
known = customers.select("customer_id")

# result: the rows that ordering shares with known
result = ordering.intersectAll(known)

# The target: these rows replace all of public.result
job.trace({"ordering": ordering, "known": known, "result": result})
job.write(result.select("customer_id"), table="public.result", mode="replace", columns={"customer_id": "integer"})
