"""join-cross

Compiled by DataMorph from the spec join-cross: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-cross")

# quarters: read from public.quarters
quarters = job.read(table="public.quarters", columns={"region": "text"})

# categories: read from public.categories
categories = job.read(table="public.categories", columns={"name": "text"})

# pairs: every pair of quarters and categories
pairs = (
    quarters.alias("quarters")
    .crossJoin(categories.alias("categories"))
    .select(F.col("quarters.region").alias("region"), F.col("categories.name").alias("category"))
)

# The target: these rows replace all of public.pairs
job.trace({"pairs": pairs})
job.write(
    pairs.select("region", "category"),
    table="public.pairs",
    mode="replace",
    columns={"region": "text", "category": "text"},
)
