/** What is known of a database, as a snapshot: no connection, no I/O. */
export interface Catalogue {
  /** Looks a table up by schema and name, both as stored; `schema` is left out where the search path decides. */
  find(name: TableName): CatalogueTable | undefined;
  /** Every table and view, for suggestions. */
  readonly tables: readonly CatalogueTable[];
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
  /** The planner's estimate; left out where the table was never analysed. */
  readonly rowEstimate?: number;
  readonly sizeBytes?: number;
}

export interface CatalogueColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
  /** Of a text: by what PostgreSQL orders it, where that is not by bytes. */
  readonly collation?: string;
  readonly comment?: string;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly references: { readonly schema: string; readonly table: string; readonly columns: readonly string[] };
}

/** A catalogue over a list of tables; unqualified names are looked for in the schemas of the search path, in its order. */
export function catalogueOf(tables: readonly CatalogueTable[], searchPath: readonly string[] = ['public']): Catalogue {
  const byName = new Map<string, CatalogueTable>(tables.map((table) => [key(table.schema, table.name), table]));
  return {
    tables,
    find({ schema, name }) {
      for (const candidate of schema === undefined ? searchPath : [schema]) {
        const table = byName.get(key(candidate, name));
        if (table) return table;
      }
      return undefined;
    },
  };
}

const key = (schema: string, name: string): string => JSON.stringify([schema, name]);
