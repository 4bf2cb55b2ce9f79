import type { TableName } from '../../spec/catalogue.ts';

/** What a database tells of its objects beyond the catalogue, asked for only when somebody wants to know. */
export interface CatalogueReader {
  /** In the order of the names; what does not exist, or may not be seen, is left out. */
  details(tables: readonly Required<TableName>[], signal: AbortSignal): Promise<readonly ObjectDetails[]>;
}

export interface ObjectDetails {
  readonly schema: string;
  readonly name: string;
  /** The SELECT of a view. */
  readonly viewSql?: string;
  /** When the planner's statistics were taken, as an ISO timestamp. */
  readonly analyzed?: string;
  /** Rows changed since then. */
  readonly changedSince?: number;
  /** The latest value of a date column, where an index or the table's size makes it cheap to know. */
  readonly latest?: { readonly column: string; readonly value: string };
}
