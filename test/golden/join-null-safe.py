"""join-null-safe

Compiled by DataMorph from the spec join-null-safe: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("join-null-safe")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"region": "text"})

# quarters: read from public.quarters
quarters = job.read(table="public.quarters", columns={"region": "text", "q1": "numeric(10,2)"}).persist()

# regions: people for each region of customers
regions = customers.groupBy(F.expr("nullif(region, '')").alias("region")).agg(F.expr("count(*)").alias("people"))

# quarter_regions: the columns of quarters that are needed
quarter_regions = quarters.select(F.col("region").alias("area"), "q1")

# no_region: the columns of quarters that are needed
no_region = quarters.select(F.expr("nullif(region, region)").alias("area"), "q1")

# plus_null: the rows of quarter_regions and no_region
plus_null = quarter_regions.union(no_region)

# joined: all regions, with their plus_null where there are any on region = area
joined = (
    regions.alias("regions")
    .join(plus_null.alias("plus_null"), on=F.expr("regions.region <=> plus_null.area"), how="left")
    .select(
        F.col("regions.region").alias("region"),
        F.col("regions.people").alias("people"),
        F.col("plus_null.area").alias("area"),
        F.col("plus_null.q1").alias("q1"),
    )
)

# The target: these rows replace all of public.joined
job.trace(
    {
        "regions": regions,
        "quarter_regions": quarter_regions,
        "no_region": no_region,
        "plus_null": plus_null,
        "joined": joined,
    },
)
job.write(
    joined.select("region", "people", "area", "q1"),
    table="public.joined",
    mode="replace",
    columns={"region": "text", "people": "bigint", "area": "text", "q1": "numeric(10,2)"},
)
