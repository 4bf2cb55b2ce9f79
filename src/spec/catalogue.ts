/** What is known of a database, as a snapshot: no connection, no I/O. */
export interface Catalogue extends CatalogueFacts {
  /** Looks a table up by schema and name, both as stored; `schema` is left out where the search path decides. */
  find(name: TableName): CatalogueTable | undefined;
  /** Every table and view that has been read, for suggestions. */
  readonly tables: readonly CatalogueTable[];
  /** The schemas in which an unqualified name is looked for, in this order. */
  readonly searchPath: readonly string[];
}

export interface CatalogueFacts {
  /** Every schema with something to see; left out where nobody counted. */
  readonly schemas?: readonly CatalogueSchema[];
  /** Whether the database by itself orders texts by their bytes, as Spark does; left out where it is not known. */
  readonly orderIsBytes?: boolean;
  /** The database's own collation, where it does not order by bytes. */
  readonly defaultCollation?: string;
}

export interface CatalogueSchema {
  readonly name: string;
  readonly tables: number;
  readonly views: number;
  /** Whether its tables stand in `tables`: a very big database is read schema by schema. */
  readonly loaded: boolean;
}

export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized view' | 'partitioned table' | 'foreign table';
  readonly comment?: string;
  readonly columns: readonly CatalogueColumn[];
  readonly primaryKey?: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes?: readonly CatalogueIndex[];
  /** What the connection's user may do with the whole table. */
  readonly privileges?: readonly Privilege[];
  /** The planner's estimate; left out where the table was never analysed. */
  readonly rowEstimate?: number;
  readonly sizeBytes?: number;
  /** Of a partitioned table: how many tables hold its rows. */
  readonly partitions?: number;
}

export type Privilege = 'select' | 'insert' | 'update' | 'delete' | 'truncate';

export interface CatalogueColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
  /** Of a text: by what PostgreSQL orders it, where that is not by bytes. */
  readonly collation?: string;
  readonly comment?: string;
  /** An expression, as PostgreSQL writes it. */
  readonly default?: string;
  readonly identity?: 'always' | 'by default';
  /** The expression of a generated column: nobody may write it. */
  readonly generated?: string;
}

export interface CatalogueIndex {
  readonly name: string;
  /** For example `btree`. */
  readonly method: string;
  readonly unique: boolean;
  /** The columns of its key; empty where one of them is an expression. */
  readonly columns: readonly string[];
  /** Written out where columns alone do not tell: an index over expressions, or over a part of the rows. */
  readonly definition?: string;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly references: { readonly schema: string; readonly table: string; readonly columns: readonly string[] };
}

/** A catalogue over a list of tables; unqualified names are looked for in the schemas of the search path, in its order. */
export function catalogueOf(
  tables: readonly CatalogueTable[],
  searchPath: readonly string[] = ['public'],
  facts: CatalogueFacts = {},
): Catalogue {
  const byName = new Map<string, CatalogueTable>(tables.map((table) => [key(table.schema, table.name), table]));
  const { schemas, orderIsBytes, defaultCollation } = facts;
  return {
    tables,
    searchPath,
    ...(schemas && { schemas }),
    ...(orderIsBytes !== undefined && { orderIsBytes }),
    ...(defaultCollation !== undefined && { defaultCollation }),
    find({ schema, name }) {
      for (const candidate of schema === undefined ? searchPath : [schema]) {
        const table = byName.get(key(candidate, name));
        if (table) return table;
      }
      return undefined;
    },
  };
}

/** The same catalogue with one schema's tables in place of what was known of them. */
export function withSchema(catalogue: Catalogue, name: string, tables: readonly CatalogueTable[]): Catalogue {
  const { schemas = [], searchPath } = catalogue;
  const others = catalogue.tables.filter(({ schema }) => schema !== name);
  const marked = schemas.map((each) => (each.name === name ? { ...each, loaded: true } : each));
  return catalogueOf([...others, ...tables], searchPath, { ...catalogue, schemas: marked });
}

/** The schemas that have to be read before `find` can answer for this name: none where the catalogue is whole. */
export function unreadSchemas({ schemas = [], searchPath }: Catalogue, { schema }: TableName): readonly string[] {
  const asked = schema === undefined ? searchPath : [schema];
  return schemas.filter(({ name, loaded }) => !loaded && asked.includes(name)).map(({ name }) => name);
}

/** Whether the user may see nothing at all. */
export const isEmptyCatalogue = ({ schemas, tables }: Catalogue): boolean => (schemas ?? tables).length === 0;

const key = (schema: string, name: string): string => JSON.stringify([schema, name]);
