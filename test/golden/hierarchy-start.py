"""hierarchy-start

Compiled by DataMorph from the spec hierarchy-start: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("hierarchy-start")

# categories: read from public.categories
categories = job.read(
    table="public.categories", columns={"category_id": "integer", "parent_id": "integer", "name": "text"}
)

# tree: categories walked from the roots down, parent_id to category_id
tree = job.hierarchy(
    categories,
    key="category_id",
    parent="parent_id",
    key_text="cast(category_id as string)",
    start_with="name = 'food'",
    level="depth",
    path="trail",
    separator=" > ",
)

# The target: these rows replace all of public.tree
job.trace({"tree": tree})
job.write(
    tree.select("category_id", "depth", "trail"),
    table="public.tree",
    mode="replace",
    columns={"category_id": "integer", "depth": "integer", "trail": "text"},
)
