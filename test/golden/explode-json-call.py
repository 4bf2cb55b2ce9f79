"""explode-json-call

Compiled by DataMorph from the spec explode-json-call: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("explode-json-call", functions=["pg_jsonb_text_elements"])

# products: read from public.products
products = job.read(
    table="public.products",
    columns={"product_id": "integer", "name": "text", "category_id": "integer", "listed": "date", "parts": "jsonb"},
)

# pieces: products with a row for each piece
pieces = products.select("*", F.posexplode(F.expr("pg_jsonb_text_elements(parts)")).alias("place", "piece")).select(
    "product_id", "name", "category_id", "listed", "parts", "piece", F.expr("cast(place + 1 as bigint)").alias("place")
)

# The target: these rows replace all of public.pieces
job.trace({"pieces": pieces})
job.write(
    pieces.select("product_id", "piece", "place"),
    table="public.pieces",
    mode="replace",
    columns={"product_id": "integer", "piece": "text", "place": "bigint"},
)
