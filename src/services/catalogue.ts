import type { CatalogueTable, ForeignKey } from '../spec/catalogue.ts';

/** The one thing that is asked of a database here. */
export interface QueryPort {
  query<Row extends object>(sql: string, options?: { readonly signal?: AbortSignal }): Promise<readonly Row[]>;
}

export interface LoadedCatalogue {
  readonly tables: readonly CatalogueTable[];
  /** The schemas in which an unqualified name is looked for, in this order. */
  readonly searchPath: readonly string[];
}

/** Everything that this user may read, in one round trip. */
export async function loadCatalogue(database: QueryPort, signal?: AbortSignal): Promise<LoadedCatalogue> {
  const [row] = await database.query<{ catalogue: RawCatalogue }>(catalogueQuery, signal ? { signal } : {});
  if (!row) throw new Error('The catalogue query returned no row.');
  return { tables: row.catalogue.tables.map(toTable), searchPath: row.catalogue.searchPath };
}

interface RawCatalogue {
  readonly searchPath: readonly string[];
  readonly tables: readonly RawTable[];
}

interface RawTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: CatalogueTable['kind'];
  readonly comment: string | null;
  readonly columns: readonly RawColumn[];
  readonly primaryKey: readonly string[] | null;
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly rowEstimate: number | null;
  readonly sizeBytes: number | null;
}

interface RawColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
}

const toTable = ({ comment, columns, primaryKey, rowEstimate, sizeBytes, ...rest }: RawTable): CatalogueTable => ({
  ...rest,
  ...(comment === null ? {} : { comment }),
  columns: columns.map((column) => {
    const { name, type, nullable } = column;
    return { name, type, nullable, ...(column.comment === null ? {} : { comment: column.comment }) };
  }),
  ...(primaryKey === null ? {} : { primaryKey }),
  ...(rowEstimate === null ? {} : { rowEstimate }),
  ...(sizeBytes === null ? {} : { sizeBytes }),
});

/**
 * One document for the whole catalogue, built by the server: one round trip, whatever the number of tables.
 * Partitions are left out, for their parent stands for them; columns that the user may not read are left out too.
 * A table counts as visible when at least one of its columns may be read.
 */
const catalogueQuery = `
with relations as materialized (
  select c.oid, n.nspname as schema, c.relname as name, c.relkind, c.reltuples,
    case c.relkind
      when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized view'
      when 'p' then 'partitioned table' when 'f' then 'foreign table'
    end as kind
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm', 'p', 'f')
    and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp)'
    and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_any_column_privilege(c.oid, 'select')
),
columns as (
  select a.attrelid, json_agg(json_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'nullable', not a.attnotnull and not (t.typtype = 'd' and t.typnotnull),
      'comment', pg_catalog.col_description(a.attrelid, a.attnum)
    ) order by a.attnum) as columns
  from relations r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attnum > 0 and not a.attisdropped
    and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'select')
  group by a.attrelid
),
keys as (
  select i.indrelid,
    (json_agg(k.names) filter (where i.indisprimary))->0 as primary_key,
    json_agg(k.names order by i.indexrelid) filter (where not i.indisprimary) as unique_keys
  from pg_catalog.pg_index i
  join relations r on r.oid = i.indrelid
  cross join lateral (
    select json_agg(a.attname order by u.position) as names
    from unnest(i.indkey::int2[]) with ordinality as u(attnum, position)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
    where u.position <= i.indnkeyatts
  ) k
  where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
  group by i.indrelid
),
foreign_keys as (
  select c.conrelid, json_agg(json_build_object(
      'columns', (
        select json_agg(a.attname order by u.position)
        from unnest(c.conkey) with ordinality as u(attnum, position)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.attnum),
      'references', json_build_object(
        'schema', fn.nspname, 'table', f.relname,
        'columns', (
          select json_agg(a.attname order by u.position)
          from unnest(c.confkey) with ordinality as u(attnum, position)
          join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = u.attnum))
    ) order by c.conname) as foreign_keys
  from pg_catalog.pg_constraint c
  join relations r on r.oid = c.conrelid
  join pg_catalog.pg_class f on f.oid = c.confrelid
  join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
  where c.contype = 'f' and not f.relispartition
  group by c.conrelid
),
partitions as (
  select r.oid, sum(p.reltuples) filter (where p.reltuples >= 0) as reltuples,
    sum(pg_catalog.pg_table_size(p.oid))::float8 as size
  from relations r
  cross join lateral pg_catalog.pg_partition_tree(r.oid) tree
  join pg_catalog.pg_class p on p.oid = tree.relid and tree.isleaf and p.relkind = 'r'
  where r.relkind = 'p'
  group by r.oid
)
select json_build_object(
  'searchPath', to_json(pg_catalog.current_schemas(false)),
  'tables', coalesce((
    select json_agg(json_build_object(
      'schema', r.schema, 'name', r.name, 'kind', r.kind,
      'comment', pg_catalog.obj_description(r.oid, 'pg_class'),
      'columns', columns.columns,
      'primaryKey', keys.primary_key,
      'uniqueKeys', coalesce(keys.unique_keys, '[]'::json),
      'foreignKeys', coalesce(foreign_keys.foreign_keys, '[]'::json),
      'rowEstimate', case
        when r.relkind = 'p' then partitions.reltuples
        when r.relkind in ('r', 'm', 'f') and r.reltuples >= 0 then r.reltuples
      end,
      'sizeBytes', case
        when r.relkind = 'p' then partitions.size
        when r.relkind in ('r', 'm') then pg_catalog.pg_table_size(r.oid)
      end
    ) order by r.schema, r.name)
    from relations r
    join columns on columns.attrelid = r.oid
    left join keys on keys.indrelid = r.oid
    left join foreign_keys on foreign_keys.conrelid = r.oid
    left join partitions on partitions.oid = r.oid
  ), '[]'::json)
) as catalogue`;
