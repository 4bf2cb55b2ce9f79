"""history-events

Compiled by DataMorph from the spec history-events: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("history-events")

# changes: read from public.changes
changes = job.read(
    table="public.changes",
    columns={
        "customer_id": "integer",
        "changed_at": "timestamp with time zone",
        "region": "text",
        "credit": "numeric(12,2)",
    },
)

# versions: the columns of changes that are needed
versions = changes.select("customer_id", F.col("changed_at").alias("valid_from"), "region", "credit")

# The target: these rows become versions in public.customer_history
job.trace({"versions": versions})
job.write(
    versions.select("customer_id", "region", "credit", "valid_from"),
    table="public.customer_history",
    mode="history",
    columns={
        "customer_id": "integer",
        "region": "text",
        "credit": "numeric(12,2)",
        "valid_from": "timestamp with time zone",
    },
    keys=["customer_id"],
    valid_from="valid_from",
    valid_to="valid_to",
    current="is_current",
)
