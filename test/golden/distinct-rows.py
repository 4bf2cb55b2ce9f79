"""distinct-rows

Compiled by DataMorph from the spec distinct-rows: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("distinct-rows")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"region": "text", "active": "boolean"})

# pairs: the columns of customers that are needed
pairs = customers.select("region", "active")

# different: pairs without repeated rows
different = pairs.distinct()

# The target: these rows replace all of public.different
job.trace({"pairs": pairs, "different": different})
job.write(
    different.select("region", "active"),
    table="public.different",
    mode="replace",
    columns={"region": "text", "active": "boolean"},
)
