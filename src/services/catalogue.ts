import { literal } from '../compiler/reference/identifier.ts';
import type { CatalogueFacts, CatalogueTable } from '../spec/catalogue.ts';
import { catalogueStatements, lazyAbove, visible, type Reach } from './catalogueQueries.ts';
import { tablesOf, type ColumnRow, type IndexRow, type KeyRow, type RelationRow } from './catalogueRows.ts';

/** The one thing that is asked of a database here: several statements in one round trip, the rows of each as arrays. */
export interface QueryPort {
  queryAll(sql: string, options?: { readonly signal?: AbortSignal }): Promise<readonly (readonly unknown[])[]>;
}

export interface LoadedCatalogue extends CatalogueFacts {
  readonly tables: readonly CatalogueTable[];
  /** The schemas in which an unqualified name is looked for, in this order. */
  readonly searchPath: readonly string[];
}

/** Everything that this user may read, in one round trip. */
export const loadCatalogue = (database: QueryPort, signal?: AbortSignal): Promise<LoadedCatalogue> =>
  load(database, { kind: 'all' }, signal);

/** The same where it is not too much; otherwise every schema's name and counts, and the search path's tables. */
export const loadOverview = (
  database: QueryPort,
  signal?: AbortSignal,
  above: number = lazyAbove,
): Promise<LoadedCatalogue> => load(database, { kind: 'lazy', above }, signal);

/** One schema's tables. */
export async function loadSchema(
  database: QueryPort,
  schema: string,
  signal?: AbortSignal,
): Promise<readonly CatalogueTable[]> {
  return (await load(database, { kind: 'schema', schema }, signal)).tables;
}

/** A table or view that a search found. */
export interface FoundTable {
  readonly schema: string;
  readonly name: string;
}

/** Tables whose names hold the text, the best first; at most fifty. The server searches, for we may not know them all. */
export async function searchTables(
  database: QueryPort,
  text: string,
  signal?: AbortSignal,
): Promise<readonly FoundTable[]> {
  const wanted = literal(text.toLowerCase());
  const [rows = []] = await database.queryAll(
    `select n.nspname, c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where strpos(lower(c.relname), ${wanted}) > 0 and ${visible}
order by strpos(lower(c.relname), ${wanted}), length(c.relname), c.relname, n.nspname limit 50`,
    signal ? { signal } : {},
  );
  return (rows as readonly (readonly [string, string])[]).map(([schema, name]) => ({ schema, name }));
}

async function load(database: QueryPort, reach: Reach, signal: AbortSignal | undefined): Promise<LoadedCatalogue> {
  const results = await database.queryAll(catalogueStatements(reach), signal ? { signal } : {});
  const [overview, [facts], relations, columns, keys, indexes] = results as unknown as Results;
  const [searchPath, encoding, datcollate, provider, locale] = facts;
  const orderIsBytes = ordersByBytes(encoding, provider, datcollate);
  const defaultCollation = orderIsBytes ? undefined : (locale ?? datcollate);
  return {
    tables: tablesOf({ relations, columns, keys, indexes, defaultCollation }),
    searchPath,
    schemas: overview.flatMap(([name, tables, views, loaded]) =>
      name === null ? [] : [{ name, tables, views, loaded }],
    ),
    orderIsBytes,
    ...(defaultCollation === undefined ? {} : { defaultCollation }),
  };
}

type Results = readonly [
  overview: readonly (readonly [string | null, number, number, boolean])[],
  database: readonly [readonly [readonly string[], string, string, string, string | null]],
  relations: readonly RelationRow[],
  columns: readonly ColumnRow[],
  keys: readonly KeyRow[],
  indexes: readonly IndexRow[],
];

/** Code points in an encoding whose bytes are in the order of UTF-8's: then PostgreSQL and Spark order texts alike. */
const ordersByBytes = (encoding: string, provider: string, collate: string): boolean =>
  ['UTF8', 'SQL_ASCII', 'LATIN1'].includes(encoding) &&
  (provider === 'b' || (provider === 'c' && ['C', 'POSIX', 'C.UTF-8', 'C.utf8'].includes(collate)));
