"""types

Compiled by DataMorph from the spec types: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("types")

# customers: read from public.customers
customers = job.read(
    table="public.customers",
    columns={
        "customer_id": "integer",
        "credit": "numeric(12,2)",
        "joined": "date",
        "active": "boolean",
        "tags": "text[]",
        "profile": "jsonb",
        "code": "character(4)",
    },
)

# all_types: the columns of customers that are needed
all_types = customers.select("customer_id", "credit", "joined", "active", "tags", "profile", "code")

# The target: these rows replace all of public.all_types
job.trace({"all_types": all_types})
job.write(
    all_types.select("customer_id", "credit", "joined", "active", "tags", "profile", "code"),
    table="public.all_types",
    mode="replace",
    columns={
        "customer_id": "integer",
        "credit": "numeric(12,2)",
        "joined": "date",
        "active": "boolean",
        "tags": "text[]",
        "profile": "jsonb",
        "code": "character(4)",
    },
)
