import type { CatalogueColumn, CatalogueTable } from '../../spec/catalogue.ts';
import { identifiers, tableIdentifier } from '../../compiler/reference/identifier.ts';
import { createMasker } from '../personalData/masker.ts';
import { personalKindByName } from '../personalData/columnNames.ts';
import type { QueryGate, QueryRow } from '../queryPort.ts';
import { quoted, quotedName } from '../quoted.ts';
import { nameOf } from '../schemaSlice/render.ts';

const limits = {
  /** A table of codes or definitions is told whole up to here. */
  smallTable: 1000,
  rows: 60,
  /** Of a big table so many rows are looked at. */
  sample: 100_000,
  timeoutMs: 5000,
  characters: 160,
} as const;

export interface ReadValues {
  readonly gate: QueryGate;
  readonly table: CatalogueTable;
  readonly columns: readonly CatalogueColumn[];
  readonly signal: AbortSignal;
}

/** The SQL is ours, made of names that the catalogue knows. */
export async function readValues({ gate, table, columns, signal }: ReadValues): Promise<string> {
  const isSmall = table.kind !== 'view' && (table.rowEstimate ?? Infinity) <= limits.smallTable;
  const sql = isSmall ? rowsOf(table, columns) : valuesOf(table, columns);
  const answer = await gate.readOnlyQuery(sql, { maxRows: limits.rows, timeoutMs: limits.timeoutMs, signal });
  if (answer.kind === 'refused') throw new Error(`The gate refused a query of our own: ${answer.message}`);
  const shown = masked(answer.rows, { table, columns });
  const head = isSmall
    ? 'rows'
    : `most frequent values among its first ${limits.sample} rows, and how often each occurs`;
  return [
    `${nameOf(table)}: ${head}${answer.cut ? `, the first ${limits.rows}` : ''}`,
    [...columns.map(({ name }) => quotedName(name)), ...(isSmall ? [] : ['count'])].join(' | '),
    ...shown,
  ].join('\n');
}

function rowsOf(table: CatalogueTable, columns: readonly CatalogueColumn[]): string {
  const order = table.primaryKey ? ` order by ${identifiers(table.primaryKey)}` : '';
  return `select ${identifiers(columns.map(({ name }) => name))} from ${tableIdentifier(table)}${order} limit ${limits.rows + 1}`;
}

/** As text, for not every type can be grouped. */
function valuesOf(table: CatalogueTable, columns: readonly CatalogueColumn[]): string {
  const values = columns.map(({ name }, at) => `left(${identifiers([name])}::text, ${limits.characters}) as v${at}`);
  const places = columns.map((_, at) => at + 1).join(', ');
  return `select s.*, count(*) from (select ${values.join(', ')} from ${tableIdentifier(table)} limit ${limits.sample}) s
group by ${places} order by count(*) desc, ${places} limit ${limits.rows + 1}`;
}

function masked(
  rows: readonly QueryRow[],
  { table, columns }: Pick<ReadValues, 'table' | 'columns'>,
): readonly string[] {
  const masker = createMasker();
  const kinds = columns.map(({ name, type }) => personalKindByName({ name, type, table: table.name }));
  return rows.map((row) =>
    row
      .map((value, at) => {
        if (value === null) return 'NULL';
        const kind = kinds[at];
        return quoted(kind ? masker.value(kind, value) : masker.text(value), limits.characters);
      })
      .join(' | '),
  );
}
