"""rename-columns

Compiled by DataMorph from the spec rename-columns: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("rename-columns")

# products: read from public.products
products = job.read(
    table="public.products",
    columns={"product_id": "integer", "name": "text", "category_id": "integer", "listed": "date", "parts": "jsonb"},
)

# renamed: products with name called title and listed called listed_on
renamed = products.withColumnsRenamed({"name": "title", "listed": "listed_on"})

# The target: these rows replace all of public.renamed
job.trace({"renamed": renamed})
job.write(
    renamed.select("product_id", "title", "listed_on"),
    table="public.renamed",
    mode="replace",
    columns={"product_id": "integer", "title": "text", "listed_on": "date"},
)
