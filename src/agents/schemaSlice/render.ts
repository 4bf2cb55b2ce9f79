import type { CatalogueColumn, CatalogueTable } from '../../spec/catalogue.ts';
import { formatTableName } from '../../spec/tableName.ts';
import { quoted, quotedName } from '../quoted.ts';
import { wordsOf } from './words.ts';

/** How much of a table is told. */
export type Detail = 'whole' | 'full' | 'brief' | 'name';

/** What makes a column worth telling where not all can be told. */
export type Relevant = (column: CatalogueColumn, table: CatalogueTable) => boolean;

const limits = { whole: 300, full: 40, brief: 8 } as const;

const commentLengths = { whole: 600, full: 240, brief: 100 } as const;

/** A table as a model reads it. Names and comments of the database are data: they are quoted wherever they are more than plain names. */
export function renderTable(table: CatalogueTable, detail: Detail, isRelevant: Relevant): string {
  const head = [nameOf(table), ...kindOf(table), ...rows(table)].join(' ');
  if (detail === 'name') return head;
  const comment = table.comment === undefined ? '' : ` ${quoted(table.comment, commentLengths[detail])}`;
  const chosen = columnsOf(table, limits[detail], isRelevant);
  const left = table.columns.length - chosen.length;
  const more = left > 0 ? [`  and ${left} more columns: describe_objects tells them`] : [];
  const lines = detail === 'brief' ? [`  ${chosen.map(briefColumn).join(', ')}`] : chosen.map(fullColumn(table));
  return [`${head}${comment}`, ...lines, ...keysOf(table), ...more].join('\n');
}

export const nameOf = (table: Pick<CatalogueTable, 'schema' | 'name'>): string => quotedName(formatTableName(table));

const kindOf = ({ kind }: CatalogueTable): readonly string[] => (kind === 'table' ? [] : [`[${kind}]`]);

const rows = ({ rowEstimate }: CatalogueTable): readonly string[] =>
  rowEstimate === undefined ? [] : [`~${approximate(rowEstimate)} rows`];

function approximate(rows: number): string {
  if (rows >= 1e6) return `${Number((rows / 1e6).toPrecision(2))}M`;
  return rows >= 1e3 ? `${Number((rows / 1e3).toPrecision(2))}k` : String(Math.round(rows));
}

/** Keys first, then what the prompt may mean, then the others, and in the end all in the table's own order. */
function columnsOf(table: CatalogueTable, limit: number, isRelevant: Relevant): readonly CatalogueColumn[] {
  if (table.columns.length <= limit) return table.columns;
  const keys = new Set([...(table.primaryKey ?? []), ...table.foreignKeys.flatMap(({ columns }) => columns)]);
  const worth = (column: CatalogueColumn): number =>
    (keys.has(column.name) ? 2 : 0) + (isRelevant(column, table) ? 3 : 0);
  const best = table.columns
    .map((column, at) => ({ at, worth: worth(column) }))
    .sort((a, b) => b.worth - a.worth || a.at - b.at)
    .slice(0, limit);
  const chosen = new Set(best.map(({ at }) => at));
  return table.columns.filter((_, at) => chosen.has(at));
}

const fullColumn =
  ({ foreignKeys }: CatalogueTable) =>
  (column: CatalogueColumn): string => {
    const key = foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
    const parts = [
      `  ${quotedName(column.name)} ${quotedType(column.type)}`,
      ...(column.nullable ? [] : ['not null']),
      ...(column.generated === undefined ? [] : ['generated']),
      ...(key ? [`→ ${nameOf({ schema: key.references.schema, name: key.references.table })}`] : []),
      ...(column.comment === undefined ? [] : [quoted(column.comment)]),
    ];
    return parts.join(' ');
  };

const briefColumn = ({ name, type }: CatalogueColumn): string => `${quotedName(name)} ${quotedType(type)}`;

/** Types of users have names of users. */
export const quotedType = (type: string): string => (/^[a-z0-9 _.,()[\]]+$/.test(type) ? type : quoted(type, 80));

function keysOf({ primaryKey, uniqueKeys, foreignKeys }: CatalogueTable): readonly string[] {
  const list = (names: readonly string[]): string => `(${names.map(quotedName).join(', ')})`;
  const several = foreignKeys.filter(({ columns }) => columns.length > 1);
  const parts = [
    ...(primaryKey ? [`key ${list(primaryKey)}`] : []),
    ...uniqueKeys.slice(0, 4).map((names) => `unique ${list(names)}`),
    ...several.map(
      ({ columns, references: { schema, table, columns: theirs } }) =>
        `${list(columns)} → ${nameOf({ schema, name: table })} ${list(theirs)}`,
    ),
  ];
  return parts.length === 0 ? [] : [`  ${parts.join('; ')}`];
}

const longestComment = 240;

/** Columns that share a word with the prompt. */
export function relevantTo(words: ReadonlySet<string>): Relevant {
  return ({ name, comment = '' }) =>
    [name, comment.slice(0, longestComment)].some((text) => wordsOf(text).some((word) => words.has(word)));
}
