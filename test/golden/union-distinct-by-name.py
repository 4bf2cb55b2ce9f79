"""union-distinct-by-name

Compiled by DataMorph from the spec union-distinct-by-name: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("union-distinct-by-name")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text", "region": "text"})

# active_customers: read from public.active_customers
active_customers = job.read(
    table="public.active_customers", columns={"customer_id": "integer", "name": "text", "region": "text"}
)

# people: the columns of customers that are needed
people = customers.select("region", "name", "customer_id")

# everyone: the rows of people and active_customers, without repeated ones
everyone = people.unionByName(active_customers).distinct()

# The target: these rows replace all of public.everyone
job.trace({"people": people, "everyone": everyone})
job.write(
    everyone.select("customer_id", "name", "region"),
    table="public.everyone",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "region": "text"},
)
