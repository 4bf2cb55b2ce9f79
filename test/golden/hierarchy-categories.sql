with categories as (
  select category_id, parent_id, name
  from public.categories
),
tree as (
  with recursive tree as (
    select
      categories.category_id,
      categories.parent_id,
      categories.name,
      1 as level,
      cast(categories.category_id as text) as path,
      categories.category_id as root_id
    from categories
    where categories.parent_id is null
    union all
    select
      categories.category_id,
      categories.parent_id,
      categories.name,
      case when tree.level >= 100 then cast('hierarchy tree is deeper than 100 levels, a cycle? ' || categories.category_id as integer) else tree.level + 1 end,
      tree.path || '/' || cast(categories.category_id as text),
      tree.root_id
    from categories
    inner join tree on categories.parent_id = tree.category_id
  )
  select category_id, parent_id, name, level, path, root_id
  from tree
)
select
  cast(category_id as integer) as category_id,
  cast(name as text) as name,
  cast(level as integer) as level,
  cast(path as text) as path,
  cast(root_id as integer) as root_id
from tree
