"""explode-split

Compiled by DataMorph from the spec explode-split: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("explode-split", functions=["pg_regexp_split"])

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

# tagged: customers with a row for each word
tagged = customers.select("*", F.explode(F.expr("pg_regexp_split(name, '[\\\\s-]+', '')")).alias("word"))

# The target: these rows replace all of public.words
job.trace({"tagged": tagged})
job.write(
    tagged.select("customer_id", "word"),
    table="public.words",
    mode="replace",
    columns={"customer_id": "integer", "word": "text"},
)
