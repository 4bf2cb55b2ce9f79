import type { CatalogueColumn, CatalogueTable } from '../../spec/catalogue.ts';

/** A column of a table; two of them are the same where their `id` is. */
export interface ColumnRef {
  readonly table: CatalogueTable;
  readonly column: CatalogueColumn;
}

/** How near a phrase comes to a name: 0 is the name itself. */
export type Rank = 0 | 1 | 2 | 3;

export interface ColumnReading extends ColumnRef {
  readonly rank: Rank;
  /** Joins between the tables that the prompt names and this one. */
  readonly distance: number;
  /** The word that was taken for another. */
  readonly synonym?: string;
}

export interface TableReading {
  readonly table: CatalogueTable;
  readonly synonym?: string;
}

/** A phrase of the prompt that reads as a table's name, a column's name, or either. */
export interface NameRef {
  readonly text: string;
  readonly offset: number;
  /** Its words in the singular, with blanks between. */
  readonly phrase: string;
  readonly tables: readonly TableReading[];
  readonly columns: readonly ColumnReading[];
}

export const columnId = ({ table, column }: ColumnRef): string => `${tableId(table)}.${column.name}`;
export const tableId = ({ schema, name }: CatalogueTable): string => (schema === 'public' ? name : `${schema}.${name}`);
export const sameColumn = (a: ColumnRef, b: ColumnRef): boolean => a.column === b.column && a.table === b.table;

/** What a place in a sentence asks of its column. */
export type Wanted = 'any' | 'number' | 'time' | 'text' | 'boolean';

export function fits({ type }: CatalogueColumn, wanted: Wanted): boolean {
  switch (wanted) {
    case 'any':
      return true;
    case 'number':
      return /^(?:smallint|integer|bigint|numeric|real|double precision)/.test(type);
    case 'time':
      return isDate(type) || isMoment(type);
    case 'text':
      return isText(type);
    case 'boolean':
      return type === 'boolean';
  }
}

export const isDate = (type: string): boolean => type === 'date';
/** A point in time, with or without a zone. */
export const isMoment = (type: string): boolean => type.startsWith('timestamp');
export const hasZone = (type: string): boolean => type.startsWith('timestamp') && type.endsWith('with time zone');
export const isText = (type: string): boolean => /^(?:text|character|varchar|bpchar|name\b)/.test(type);
