/** Catalogues of the planner's corpus, written as one would write them on a napkin. */
import type { CatalogueColumn, CatalogueTable, ForeignKey } from '../../../../src/spec/catalogue.ts';

export interface TableLines {
  readonly comment?: string;
  /** `name type [not null] [-> table.column] [-- comment]` */
  readonly columns: readonly string[];
  readonly key?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly view?: true;
  readonly schema?: string;
}

export function tables(lines: Readonly<Record<string, TableLines>>): readonly CatalogueTable[] {
  return Object.entries(lines).map(([name, { comment, columns, key, unique = [], view, schema = 'public' }]) => ({
    schema,
    name,
    kind: view ? 'view' : 'table',
    ...(comment !== undefined && { comment }),
    columns: columns.map((line) => columnOf(line)),
    ...(key && { primaryKey: key }),
    uniqueKeys: unique,
    foreignKeys: columns.flatMap((line) => foreignKeyOf(line, schema)),
  }));
}

const pattern = /^(\S+) (.*?)( not null)?(?: -> (\S+)\.(\S+))?(?: -- (.*))?$/;

function columnOf(line: string): CatalogueColumn {
  const [, name = '', type = '', notNull, , , comment] = pattern.exec(line) ?? [];
  if (type === '') throw new Error(`No column: ${line}`);
  return { name, type, nullable: notNull === undefined, ...(comment !== undefined && { comment }) };
}

function foreignKeyOf(line: string, schema: string): readonly ForeignKey[] {
  const [, name = '', , , table, column] = pattern.exec(line) ?? [];
  return table === undefined || column === undefined
    ? []
    : [{ columns: [name], references: { schema, table, columns: [column] } }];
}
