"""limit-null-order

Compiled by DataMorph from the spec limit-null-order: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("limit-null-order")

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
).persist()

# ascending: the first 12 rows of customers
ascending = customers.orderBy(F.col("region").asc_nulls_last(), F.col("customer_id").asc_nulls_last()).limit(12)

# descending: the first 12 rows of customers
descending = customers.orderBy(F.col("region").desc_nulls_first(), F.col("customer_id").asc_nulls_last()).limit(12)

# both: the rows of ascending and descending
both = ascending.union(descending)

# The target: these rows replace all of public.both_ends
job.trace({"ascending": ascending, "descending": descending, "both": both})
job.write(
    both.select("customer_id", "region"),
    table="public.both_ends",
    mode="replace",
    columns={"customer_id": "integer", "region": "text"},
)
