"""hierarchy-categories

Compiled by DataMorph from the spec hierarchy-categories: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("hierarchy-categories")

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
    level="level",
    path="path",
    root="root_id",
)

# The target: these rows replace all of public.tree
job.trace({"tree": tree})
job.write(
    tree.select("category_id", "name", "level", "path", "root_id"),
    table="public.tree",
    mode="replace",
    columns={"category_id": "integer", "name": "text", "level": "integer", "path": "text", "root_id": "integer"},
)
