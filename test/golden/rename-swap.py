"""rename-swap

Compiled by DataMorph from the spec rename-swap: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("rename-swap")

# quarters: read from public.quarters
quarters = job.read(
    table="public.quarters",
    columns={
        "region": "text",
        "q1": "numeric(10,2)",
        "q2": "numeric(10,2)",
        "q3": "numeric(10,2)",
        "q4": "numeric(10,2)",
    },
)

# swapped: quarters with q1 called q2 and q2 called q1
swapped = quarters.select("region", F.col("q1").alias("q2"), F.col("q2").alias("q1"), "q3", "q4")

# The target: these rows replace all of public.swapped
job.trace({"swapped": swapped})
job.write(
    swapped.select("region", "q1", "q2"),
    table="public.swapped",
    mode="replace",
    columns={"region": "text", "q1": "numeric(10,2)", "q2": "numeric(10,2)"},
)
