"""aggregate-expressions

Compiled by DataMorph from the spec aggregate-expressions: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("aggregate-expressions", functions=["pg_divide"])

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={
        "customer_id": "integer",
        "ordered_at": "timestamp without time zone",
        "status": "text",
        "amount": "numeric(12,2)",
        "units": "smallint",
    },
    partitioned=True,
)

# monthly: orders, customers, amount, average, largest and paid_amount for each month and paid of
# orders
monthly = orders.groupBy(
    F.expr("cast(date_trunc('month', ordered_at) as date)").alias("month"),
    F.expr("lower(translate(status, 'Σİ', 'σi')) = 'paid'").alias("paid"),
).agg(
    F.expr("count(*)").alias("orders"),
    F.expr("count(distinct customer_id)").alias("customers"),
    F.expr("sum(amount)").alias("amount"),
    F.expr("cast(pg_divide(sum(amount), nullif(count(amount), 0)) as decimal(38,24))").alias("average"),
    F.expr("max(amount)").alias("largest"),
    F.expr("sum(amount) filter (where units > 3)").alias("paid_amount"),
)

# The target: these rows replace all of public.monthly
job.trace({"monthly": monthly})
job.write(
    monthly.select(
        "month",
        "paid",
        "orders",
        "customers",
        F.expr("cast(amount as decimal(14,2))").alias("amount"),
        F.expr("cast(average as decimal(14,4))").alias("average"),
        "largest",
        F.expr("cast(paid_amount as decimal(14,2))").alias("paid_amount"),
    ),
    table="public.monthly",
    mode="replace",
    columns={
        "month": "date",
        "paid": "boolean",
        "orders": "bigint",
        "customers": "bigint",
        "amount": "numeric(14,2)",
        "average": "numeric(14,4)",
        "largest": "numeric(12,2)",
        "paid_amount": "numeric(14,2)",
    },
)
