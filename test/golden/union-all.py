"""union-all

Compiled by DataMorph from the spec union-all: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("union-all")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"customer_id": "integer", "name": "text", "region": "text"})

# active_customers: read from public.active_customers
active_customers = job.read(
    table="public.active_customers", columns={"customer_id": "integer", "name": "text", "region": "text"}
)

# people: the columns of customers that are needed
people = customers.select("customer_id", "name", "region")

# everyone: the rows of people and active_customers
everyone = people.union(active_customers)

# The target: these rows replace all of public.everyone
job.trace({"people": people, "everyone": everyone})
job.write(
    everyone.select("customer_id", "name", "region"),
    table="public.everyone",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "region": "text"},
)
