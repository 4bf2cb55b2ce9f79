"""explode-position-empty

Compiled by DataMorph from the spec explode-position-empty: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("explode-position-empty")

# customers: read from public.customers
customers = job.read(
    table="public.customers",
    columns={
        "customer_id": "integer",
        "name": "text",
        "region": "text",
        "segment": "character varying(10)",
        "credit": "numeric(12,2)",
        "joined": "date",
        "active": "boolean",
        "tags": "text[]",
        "profile": "jsonb",
        "code": "character(4)",
    },
)

# tagged: customers with a row for each tag
tagged = customers.select("*", F.posexplode_outer(F.expr("tags")).alias("place", "tag")).select(
    "customer_id",
    "name",
    "region",
    "segment",
    "credit",
    "joined",
    "active",
    "tags",
    "profile",
    "code",
    "tag",
    F.expr("cast(place + 1 as bigint)").alias("place"),
)

# The target: these rows replace all of public.tagged
job.trace({"tagged": tagged})
job.write(
    tagged.select("customer_id", "tag", "place"),
    table="public.tagged",
    mode="replace",
    columns={"customer_id": "integer", "tag": "text", "place": "bigint"},
)
