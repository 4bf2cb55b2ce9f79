"""upsert-incremental

Compiled by DataMorph from the spec upsert-incremental: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import Window
from pyspark.sql import functions as F

job = Job.start("upsert-incremental")

# changes: read from public.changes
changes = job.read_since(
    "changes",
    table="public.changes",
    columns={
        "change_id": "bigint",
        "customer_id": "integer",
        "changed_at": "timestamp with time zone",
        "region": "text",
        "credit": "numeric(12,2)",
    },
    watermark="changed_at",
    lateness="5 days",
)

# latest: the last row of changes for each customer_id
latest = (
    changes.withColumn(
        "place",
        F.row_number().over(
            Window.partitionBy("customer_id").orderBy(
                F.col("changed_at").desc_nulls_first(), F.col("change_id").desc_nulls_first()
            ),
        ),
    )
    .where("place = 1")
    .drop("place")
)

# The target: these rows replace those of the same key in public.customer_state
job.trace({"latest": latest})
job.write(
    latest.select("customer_id", "changed_at", "region", "credit"),
    table="public.customer_state",
    mode="upsert",
    columns={
        "customer_id": "integer",
        "changed_at": "timestamp with time zone",
        "region": "text",
        "credit": "numeric(12,2)",
    },
    keys=["customer_id"],
)
