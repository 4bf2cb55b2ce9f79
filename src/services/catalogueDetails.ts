import type pg from 'pg';
import type { CatalogueReader, ObjectDetails } from '../agents/lookups/cataloguePort.ts';
import { personalKindByName } from '../agents/personalData/columnNames.ts';
import { identifier, tableIdentifier } from '../compiler/reference/identifier.ts';
import type { CatalogueTable, TableName } from '../spec/catalogue.ts';
import { isDatabaseError } from './databaseFailure.ts';
import type { Postgres } from './postgres.ts';

/** View SQL and freshness. `tables` are those of the catalogue, whose indexes and sizes say what is cheap to ask. */
export const createCatalogueReader = (
  database: Pick<Postgres, 'query' | 'readOnly'>,
  tables: readonly CatalogueTable[],
): CatalogueReader => ({
  async details(names, signal) {
    const rows = await database.query<DetailsRow>(detailsQuery, {
      values: [names.map(({ schema }) => schema), names.map(({ name }) => name)],
      signal,
    });
    const known = new Map(rows.map((row) => [keyOf(row), row]));
    const found: ObjectDetails[] = [];
    for (const name of names) {
      const row = known.get(keyOf(name));
      if (!row) continue;
      const table = tables.find((each) => keyOf(each) === keyOf(name));
      const latest = table && (await latestOf(database, table, signal));
      found.push({ ...detailsOf(row), ...(latest ? { latest } : {}) });
    }
    return found;
  },
});

const keyOf = ({ schema, name }: Required<TableName>): string => JSON.stringify([schema, name]);

interface DetailsRow {
  readonly schema: string;
  readonly name: string;
  readonly view: string | null;
  readonly analyzed: string | null;
  readonly changed: number | null;
}

/** Only what the user may read: the SQL of a view tells what stands behind it. */
const detailsQuery = `select n.nspname as schema, c.relname as name,
  case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid, true) end as view,
  to_char(greatest(s.last_analyze, s.last_autoanalyze) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as analyzed,
  s.n_mod_since_analyze::float8 as changed
from unnest($1::text[], $2::text[]) as wanted(schema, name)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = wanted.name
left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
where c.relkind in ('r', 'v', 'm', 'p', 'f')
  and pg_catalog.has_schema_privilege(n.oid, 'usage')
  and (pg_catalog.has_table_privilege(c.oid, 'select') or pg_catalog.has_any_column_privilege(c.oid, 'select'))`;

const detailsOf = ({ schema, name, view, analyzed, changed }: DetailsRow): ObjectDetails => ({
  schema,
  name,
  ...(view === null ? {} : { viewSql: view }),
  ...(analyzed === null ? {} : { analyzed, ...(changed === null ? {} : { changedSince: changed }) }),
});

/** So many rows are read in no time, also without an index. */
const smallTable = 20_000;
const timeoutMs = 1000;

const unanswered: readonly string[] = ['statement-timeout', 'not-permitted', 'not-permitted-on'];

async function latestOf(
  database: Pick<Postgres, 'readOnly'>,
  table: CatalogueTable,
  signal: AbortSignal,
): Promise<ObjectDetails['latest']> {
  const column = cheapMoment(table);
  if (column === undefined) return undefined;
  const sql = `select max(${identifier(column)})::text as latest from ${tableIdentifier(table)}`;
  try {
    const rows = await database.readOnly((client) => rowsOf(client, sql), { timeoutMs, signal });
    const latest = rows[0]?.latest;
    return typeof latest === 'string' ? { column, value: latest } : undefined;
  } catch (error) {
    // It was not cheap after all, or this column may not be read: then nobody knows, which is an answer too.
    if (isDatabaseError(error) && unanswered.includes(error.code)) return undefined;
    throw error;
  }
}

const rowsOf = async (client: pg.ClientBase, sql: string): Promise<readonly { readonly latest: string | null }[]> =>
  (await client.query<{ latest: string | null }>(sql)).rows;

/** A column of dates or times that leads an index, or one of a small table; the one whose name speaks of change before others. */
function cheapMoment({
  kind,
  name: table,
  columns,
  indexes = [],
  rowEstimate = Infinity,
}: CatalogueTable): string | undefined {
  const moments = columns
    .filter(({ name, type }) => /^(?:date|timestamp)/.test(type) && !personalKindByName({ name, type, table }))
    .map(({ name }) => name);
  const leading = new Set(indexes.map((index) => index.columns[0]));
  const isSmall = (kind === 'table' || kind === 'materialized view') && rowEstimate <= smallTable;
  const cheap = moments.filter((name) => isSmall || leading.has(name));
  return cheap.find((name) => /updat|modif|chang|load/.test(name)) ?? cheap[0];
}
