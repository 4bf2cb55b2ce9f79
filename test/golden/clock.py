"""clock

Compiled by DataMorph from the spec clock: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("clock")

# orders: read from public.orders
orders = job.read(
    table="public.orders", columns={"order_id": "bigint", "ordered_at": "timestamp without time zone"}, partitioned=True
)

# recent: the rows of orders where ordered_at > now() - interval '30 days' and cast(ordered_at as
# date) <= current_date
recent = orders.where(
    job.at_instant(
        "ordered_at > :run_instant - interval '30' day and cast(ordered_at as date) <= cast(:run_instant as date)"
    ),
)

# aged: recent with age_days worked out
aged = recent.withColumn(
    "age_days", F.expr(job.at_instant("datediff(cast(:run_instant as date), cast(ordered_at as date))"))
)

# The target: these rows replace all of public.recent
job.trace({"recent": recent, "aged": aged})
job.write(
    aged.select("order_id", "age_days"),
    table="public.recent",
    mode="replace",
    columns={"order_id": "bigint", "age_days": "integer"},
)
