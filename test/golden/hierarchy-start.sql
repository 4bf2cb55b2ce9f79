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
      1 as depth,
      cast(categories.category_id as text) as trail,
      categories.category_id as root
    from categories
    where name = 'food'
    union all
    select
      categories.category_id,
      categories.parent_id,
      categories.name,
      case when tree.depth >= 100 then cast('hierarchy tree is deeper than 100 levels, a cycle? ' || categories.category_id as integer) else tree.depth + 1 end,
      tree.trail || ' > ' || cast(categories.category_id as text),
      tree.root
    from categories
    inner join tree on categories.parent_id = tree.category_id
  )
  select category_id, parent_id, name, depth, trail
  from tree
)
select
  cast(category_id as integer) as category_id,
  cast(depth as integer) as depth,
  cast(trail as text) as trail
from tree
