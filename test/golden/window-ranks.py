"""window-ranks

Compiled by DataMorph from the spec window-ranks: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("window-ranks")

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={"order_id": "bigint", "customer_id": "integer", "amount": "numeric(12,2)"},
    partitioned=True,
)

# ranked: orders with place, running and before from the rows around
ranked = orders.withColumns(
    {
        "place": F.expr(
            "cast(row_number() over (partition by customer_id order by amount desc nulls first, order_id) as bigint)"
        ),
        "running": F.expr(
            "sum(amount) over (partition by customer_id order by order_id rows between unbounded preceding and "
            "current row)"
        ),
        "before": F.expr("lag(amount) over (partition by customer_id order by order_id)"),
    },
)

# best: the rows of ranked where place <= 2
best = ranked.where("place <= 2")

# The target: these rows replace all of public.best
job.trace({"ranked": ranked, "best": best})
job.write(
    best.select(
        "order_id", "customer_id", "place", F.expr("cast(running as decimal(14,2))").alias("running"), "before"
    ),
    table="public.best",
    mode="replace",
    columns={
        "order_id": "bigint",
        "customer_id": "integer",
        "place": "bigint",
        "running": "numeric(14,2)",
        "before": "numeric(12,2)",
    },
)
