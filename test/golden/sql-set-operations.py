"""sql-set-operations

Compiled by DataMorph from the spec sql-set-operations: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("sql-set-operations")

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

# places: a query over customers and quarters
places = job.spark.sql(
    (
        "select region, count(*) as people from {customers} as customers where region is not null group by region "
        "union all (select q.region, 0 as people from {quarters} as q, (select max(q1) as most from {quarters} as "
        "quarters) as m where q.q1 < m.most) order by region desc nulls last, 2 asc nulls last"
    ),
    customers=customers,
    quarters=quarters,
)

# The target: these rows replace all of public.places
job.trace({"places": places})
job.write(
    places.select("region", "people"),
    table="public.places",
    mode="replace",
    columns={"region": "text", "people": "bigint"},
)
