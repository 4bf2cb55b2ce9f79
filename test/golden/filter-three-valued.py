"""filter-three-valued

Compiled by DataMorph from the spec filter-three-valued: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("filter-three-valued")

# kept: the rows of customers where not (region = 'north') and credit <> 0 and (active or active is
# null)
kept = job.read(
    table="public.customers",
    columns={"customer_id": "integer", "name": "text", "active": "boolean"},
    where="not (region = 'north') and credit <> 0 and (active or active is null)",
)

# The target: these rows replace all of public.kept
job.trace({"kept": kept})
job.write(
    kept.select("customer_id", "name", "active"),
    table="public.kept",
    mode="replace",
    columns={"customer_id": "integer", "name": "text", "active": "boolean"},
    required=["customer_id"],
)
