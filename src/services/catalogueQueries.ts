import { literal } from '../compiler/reference/identifier.ts';

/**
 * The catalogue as PostgreSQL keeps it, read by a few plain statements that go out together: one round trip. Names are
 * put together on our side (catalogueRows.ts), while the server already sends the next rows; letting it build one
 * document took it four times as long. Each statement gives its columns by position.
 */

/** Which schemas are read: all, all unless there are more relations than so many, or one. */
export type Reach =
  | { readonly kind: 'all' }
  | { readonly kind: 'lazy'; readonly above: number }
  | { readonly kind: 'schema'; readonly schema: string };

/** Above so many tables and views, only the search path is read at first, and every other schema when somebody looks. */
export const lazyAbove = 5000;

/** Sizes are asked of the file system, table by table; above so many relations the last VACUUM's figures have to do. */
const exactSizesUpTo = 500;

export const catalogueStatements = (reach: Reach): string =>
  [overview(reach), database, relations, columns, keys, indexes].join(';\n');

const kinds = `('r', 'v', 'm', 'p', 'f')`;
const chosen = `any(current_setting('datamorph.schemas')::oid[])`;

/** Partitions are left out, for their parent stands for them. */
const isShown = `c.relkind in ${kinds} and not c.relispartition`;

/** A relation is visible when at least one of its columns may be read. */
export const visible = `${isShown} and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')`;

/** Each schema with its counts. What it chooses to be read is left for the statements behind it, until the transaction ends. */
const overview = (reach: Reach): string => `with counted as materialized (
  select n.oid, n.nspname, count(*) filter (where c.relkind in ('r', 'p', 'f'))::int as tables,
    count(*) filter (where c.relkind in ('v', 'm'))::int as views
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${visible}
  group by n.oid, n.nspname
), chosen as materialized (select oid from counted where ${choice(reach)}),
kept as materialized (
  select set_config('datamorph.schemas', coalesce(array_agg(oid), '{}')::text, true),
    set_config('datamorph.sizes', ((select coalesce(sum(tables + views), 0) from counted where oid in (select oid from chosen)) <= ${exactSizesUpTo})::text, true)
  from chosen
)
select nspname, tables, views, oid in (select oid from chosen) from counted, kept
union all select null, null, null, null from kept
order by 1`;

function choice(reach: Reach): string {
  const small = (schemas: string, above: number): string =>
    `(select sum(tables + views) from counted${schemas}) <= ${above}`;
  const onPath = 'nspname = any(current_schemas(false))';
  switch (reach.kind) {
    case 'all':
      return 'true';
    case 'lazy':
      return `${small('', reach.above)} or (${onPath} and ${small(` where ${onPath}`, reach.above)})`;
    case 'schema':
      return `nspname = ${literal(reach.schema)}`;
  }
}

/** Older versions lack some of these columns, so the row is asked for what it has. */
const database = `select array_to_json(current_schemas(false)), pg_encoding_to_char(d.encoding), d.datcollate,
  coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'), coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')
from pg_catalog.pg_database d where d.datname = current_database()`;

const relations = `with leaves as (
  select r.oid, count(*)::int as n, sum(greatest(p.reltuples, 0)) as reltuples, sum(p.relpages)::float8 as relpages,
    case when current_setting('datamorph.sizes')::bool then sum(pg_table_size(p.oid))::float8 end as size
  from pg_catalog.pg_class r
  cross join lateral pg_partition_tree(r.oid) tree
  join pg_catalog.pg_class p on p.oid = tree.relid and tree.isleaf and p.relkind in ('r', 'f')
  where r.relkind = 'p' and not r.relispartition and r.relnamespace = ${chosen}
  group by r.oid
)
select c.oid, n.nspname, c.relname, c.relkind, d.description,
  case when c.relkind = 'p' then l.reltuples when c.relkind in ('r', 'm', 'f') and c.reltuples >= 0 then c.reltuples end,
  case
    when c.relkind = 'p' then coalesce(l.size, l.relpages * current_setting('block_size')::int)
    when c.relkind not in ('r', 'm') then null
    when current_setting('datamorph.sizes')::bool then pg_table_size(c.oid)::float8
    else (c.relpages + coalesce(t.relpages, 0))::float8 * current_setting('block_size')::int
  end,
  case when c.relkind = 'p' then coalesce(l.n, 0) end,
  case when pg_has_role(c.relowner, 'usage') then 'siudt' else concat(
    case when has_table_privilege(c.oid, 'select') then 's' end,
    case when has_table_privilege(c.oid, 'insert') then 'i' end,
    case when has_table_privilege(c.oid, 'update') then 'u' end,
    case when has_table_privilege(c.oid, 'delete') then 'd' end,
    case when has_table_privilege(c.oid, 'truncate') then 't' end) end
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_catalog.pg_class'::regclass
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
left join leaves l on l.oid = c.oid
where c.relnamespace = ${chosen} and ${isShown} and has_any_column_privilege(c.oid, 'select')
order by n.nspname, c.relname`;

const ofChosen = `select c.oid from pg_catalog.pg_class c where c.relnamespace = ${chosen} and ${isShown}`;

/**
 * Columns of relations that the user may not see come along and are dropped on our side: asking for each would cost more.
 * Only a column with grants of its own is asked about; the others go by their table.
 */
const columns = `select a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
  not a.attnotnull and not (t.typtype = 'd' and t.typnotnull), d.description,
  case when a.atthasdef then pg_get_expr(e.adbin, e.adrelid) end, a.attidentity, a.attgenerated,
  case
    when a.attcollation in (0, 950, 951) then null
    when a.attcollation = 100 then ''
    when o.collprovider = 'b' or o.collcollate in ('C', 'POSIX', 'C.UTF-8', 'C.utf8') then null
    else o.collname
  end,
  case when a.attacl is not null then has_column_privilege(a.attrelid, a.attnum, 'select') end
from pg_catalog.pg_attribute a
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef e on a.atthasdef and e.adrelid = a.attrelid and e.adnum = a.attnum
left join pg_catalog.pg_collation o on a.attcollation not in (0, 100, 950, 951) and o.oid = a.attcollation
left join pg_catalog.pg_description d
  on d.objoid = a.attrelid and d.objsubid = a.attnum and d.classoid = 'pg_catalog.pg_class'::regclass
where a.attnum > 0 and not a.attisdropped and a.attrelid in (${ofChosen})`;

/** What a key refers to may lie in a schema that is not read: its names are asked for. */
const keys = `select k.conrelid, k.conkey, n.nspname, f.relname, (
    select array_to_json(array_agg(a.attname order by u.position))
    from unnest(k.confkey) with ordinality as u(attnum, position)
    join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum)
from pg_catalog.pg_constraint k
join pg_catalog.pg_class f on f.oid = k.confrelid
join pg_catalog.pg_namespace n on n.oid = f.relnamespace
where k.contype = 'f' and not f.relispartition and k.conrelid in (${ofChosen})
order by k.conrelid, k.conname`;

/** Only an index over expressions or over a part of the rows is written out by the server; the others are their columns. */
const indexes = `select i.indrelid, x.relname, m.amname, i.indisunique, i.indisprimary, i.indisvalid, i.indkey::text, i.indnkeyatts,
  case when i.indexprs is not null or i.indpred is not null then pg_get_indexdef(i.indexrelid) end
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
where i.indrelid in (${ofChosen})
order by i.indexrelid`;
