"""sql-query

Compiled by DataMorph from the spec sql-query: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("sql-query")

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

# orders: read from public.orders
orders = job.read(
    table="public.orders",
    columns={
        "order_id": "bigint",
        "customer_id": "integer",
        "ordered_at": "timestamp without time zone",
        "shipped_at": "timestamp with time zone",
        "status": "text",
        "amount": "numeric(12,2)",
        "discount": "numeric(5,4)",
        "units": "smallint",
        "weight": "double precision",
    },
    partitioned=True,
)

# spending: a query over customers and orders
spending = job.spark.sql(
    (
        "with paid as (select customer_id, amount, ordered_at from {orders} as orders where status = 'paid' or "
        "cast(units div 2 as int) > 1) select c.name, coalesce(nullif(c.region, ''), '{{none}}') as area, count(*) "
        "as count, sum(p.amount) as spent from {customers} as c left join paid as p on p.customer_id = "
        "c.customer_id and p.amount > 10 group by c.name, 2 having count(p.amount) < 5 order by spent desc nulls "
        "first, name asc nulls last limit 20"
    ),
    customers=customers,
    orders=orders,
)

# rich: the rows of spending where spent > 100
rich = spending.where("spent > 100")

# The target: these rows replace all of public.spending
job.trace({"spending": spending, "rich": rich})
job.write(
    rich.select("name", "area", "count", F.expr("cast(spent as decimal(14,2))").alias("spent")),
    table="public.spending",
    mode="replace",
    columns={"name": "text", "area": "text", "count": "bigint", "spent": "numeric(14,2)"},
)
