"""derive-replace

Compiled by DataMorph from the spec derive-replace: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("derive-replace", functions=["pg_upper"])

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text", "region": "text"})

# tidy: customers with region, name and label worked out
tidy = customers.withColumns(
    {
        "region": F.expr("coalesce(nullif(region, ''), 'unknown')"),
        "name": F.expr("pg_upper(name)"),
        "label": F.expr("name || ' (' || coalesce(region, '-') || ')'"),
    },
)

# The target: these rows replace all of public.tidy
job.trace({"tidy": tidy})
job.write(
    tidy.select("customer_id", "name", "region", "label"),
    table="public.tidy",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "region": "text", "label": "text"},
    required=["customer_id"],
)
