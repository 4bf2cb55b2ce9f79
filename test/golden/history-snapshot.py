"""history-snapshot

Compiled by DataMorph from the spec history-snapshot: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import Window
from pyspark.sql import functions as F

job = Job.start("history-snapshot")

# changes: read from public.changes
changes = job.read(
    table="public.changes",
    columns={
        "change_id": "bigint",
        "customer_id": "integer",
        "changed_at": "timestamp with time zone",
        "region": "text",
        "credit": "numeric(12,2)",
    },
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

# The target: these rows become versions in public.customer_versions
job.trace({"latest": latest})
job.write(
    latest.select("customer_id", "region", "credit"),
    table="public.customer_versions",
    mode="history",
    columns={"customer_id": "integer", "region": "text", "credit": "numeric(12,2)"},
    keys=["customer_id"],
    valid_from="valid_from",
    valid_to="valid_to",
    current="is_current",
)
