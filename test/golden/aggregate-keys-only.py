"""aggregate-keys-only

Compiled by DataMorph from the spec aggregate-keys-only: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("aggregate-keys-only")

# customers: read from public.customers
customers = job.read(table="public.customers", columns={"region": "text", "segment": "character varying(10)"})

# regions: one row for each region and segment of customers
regions = customers.select("region", "segment").distinct()

# The target: these rows replace all of public.regions
job.trace({"regions": regions})
job.write(
    regions.select("region", "segment"),
    table="public.regions",
    mode="replace",
    columns={"region": "text", "segment": "character varying(10)"},
)
