"""select-columns

Compiled by DataMorph from the spec select-columns: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("select-columns")

# customers: read from public.customers
customers = job.read(
    table="public.customers", columns={"customer_id": "integer", "name": "text", "credit": "numeric(12,2)"}
)

# card: the columns of customers that are needed
card = customers.select(
    "customer_id", F.col("name").alias("full_name"), F.expr("cast(round(credit * 100) as bigint)").alias("credit_cents")
)

# The target: these rows replace all of public.card
job.trace({"card": card})
job.write(
    card.select("customer_id", "full_name", "credit_cents"),
    table="public.card",
    mode="replace",
    columns={"customer_id": "integer", "full_name": "text", "credit_cents": "bigint"},
)
