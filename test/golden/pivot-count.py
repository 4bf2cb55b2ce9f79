"""pivot-count

Compiled by DataMorph from the spec pivot-count: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("pivot-count")

# customers: read from public.customers
customers = job.read(
    table="public.customers", columns={"region": "text", "segment": "character varying(10)", "active": "boolean"}
)

# by_region: customers with a column each for north, nowhere and empty
by_region = customers.groupBy("segment").agg(
    F.expr("count(*) filter (where region = 'north') + count(distinct active) filter (where region = 'north')").alias(
        "north"
    ),
    F.expr("count(*) filter (where region is null) + count(distinct active) filter (where region is null)").alias(
        "nowhere"
    ),
    F.expr("count(*) filter (where region = '') + count(distinct active) filter (where region = '')").alias("empty"),
)

# The target: these rows replace all of public.by_region
job.trace({"by_region": by_region})
job.write(
    by_region.select("segment", "north", "nowhere", "empty"),
    table="public.by_region",
    mode="replace",
    columns={"segment": "character varying(10)", "north": "bigint", "nowhere": "bigint", "empty": "bigint"},
)
