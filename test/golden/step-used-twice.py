"""step-used-twice

Compiled by DataMorph from the spec step-used-twice: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("step-used-twice", functions=["pg_divide"])

# orders: read from public.orders
orders = job.read(
    table="public.orders", columns={"customer_id": "integer", "amount": "numeric(12,2)"}, partitioned=True
)

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text"})

# per_customer: amount for each customer_id of orders
per_customer = orders.groupBy("customer_id").agg(F.expr("sum(amount)").alias("amount")).persist()

# overall: mean over all of per_customer
overall = per_customer.agg(
    F.expr("cast(pg_divide(sum(amount), nullif(count(amount), 0)) as decimal(38,20))").alias("mean")
)

# above: per_customer with their overall
above = (
    per_customer.alias("per_customer")
    .join(F.broadcast(overall.alias("overall")), on=F.expr("per_customer.amount > overall.mean"), how="inner")
    .select(F.col("per_customer.customer_id").alias("customer_id"), F.col("per_customer.amount").alias("amount"))
)

# named: all above, with their customers where there are any on customer_id
named = (
    above.alias("above")
    .join(F.broadcast(customers.alias("customers")), on=F.expr("above.customer_id = customers.customer_id"), how="left")
    .select(
        F.col("above.customer_id").alias("customer_id"),
        F.col("above.amount").alias("amount"),
        F.col("customers.name").alias("name"),
    )
)

# The target: these rows replace all of public.above
job.trace({"per_customer": per_customer, "overall": overall, "above": above, "named": named})
job.write(
    named.select("customer_id", F.expr("cast(amount as decimal(14,2))").alias("amount"), "name"),
    table="public.above",
    mode="replace",
    columns={"customer_id": "integer", "amount": "numeric(14,2)", "name": "text"},
)
