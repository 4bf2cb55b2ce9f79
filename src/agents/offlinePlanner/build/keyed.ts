/** Keys of groups, once it is known which columns they mean. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Key } from '../intent.ts';
import { isDate, tableId, type ColumnRef, type NameRef } from '../names.ts';
import { plural } from '../wordForms.ts';
import { singularName } from './counted.ts';
import type { Linker } from './linker.ts';
import { inDays, sql, type Sql } from './render.ts';

export interface Keyed {
  readonly name: string;
  readonly sql: Sql;
  /** Of a table: whose rows the groups are. */
  readonly entity?: CatalogueTable;
  /** The group of rows that have no value is left out: NULL is no customer. */
  readonly known?: boolean;
  readonly unit?: boolean;
  readonly phrase: string;
}

/** What a key's name means: a table's rows, or a column's values. */
export function meaningOf(name: NameRef, linker: Linker): CatalogueTable | 'column' | undefined {
  if (name.tables.length === 0) return name.columns.length > 0 ? 'column' : undefined;
  const exact = name.columns.filter(({ rank, distance }) => rank === 0 && distance === 0);
  const table = linker.table(name);
  const [column] = exact;
  if (!column || !table) return table;
  const choices = [
    { id: 'column', label: `${tableId(column.table)}.${column.column.name}` },
    { id: 'table', label: `one row of ${tableId(table)} each` },
  ];
  const answer = linker.ask({ id: `key ${name.phrase}`, text: `What is “${name.text}” here?`, choices });
  return answer === 'column' ? 'column' : table;
}

/** The columns that tell a table's rows apart, as the base's rows have them. */
export function entityKeys(
  table: CatalogueTable,
  base: CatalogueTable,
  { linker, said }: { readonly linker: Linker; readonly said: NameRef },
): readonly Keyed[] | undefined {
  const { primaryKey } = table;
  if (!primaryKey) {
    linker.refuse(said, `${tableId(table)} has no primary key; name the columns instead.`);
    return;
  }
  const path = linker.path(base, table);
  if (!path) {
    linker.refuse(said, `Nothing leads from a row of ${tableId(base)} to one row of ${tableId(table)}.`);
    return;
  }
  const last = path.at(-1);
  const refs = primaryKey.map((name): ColumnRef | undefined => {
    const child = last?.pairs.find((pair) => pair.parent === name)?.child;
    const owner = child === undefined || !last ? table : last.child;
    const column = owner.columns.find((each) => each.name === (child ?? name));
    return column && { table: owner, column };
  });
  const found = refs.filter((ref) => ref !== undefined);
  for (const link of path) {
    if (link.inferred)
      linker.assume(
        `${tableId(link.child)} refers to ${tableId(link.parent)} by ${link.pairs.map(({ child }) => child).join(', ')}: no foreign key says so.`,
      );
  }
  const mayMiss = path.some(({ child, pairs }) =>
    pairs.some((pair) => child.columns.find((column) => column.name === pair.child)?.nullable),
  );
  if (mayMiss) linker.assume(`Rows of ${tableId(base)} that belong to no ${singularName(table)} are left out.`);
  return found.map((ref) => ({
    name: ref.column.name,
    sql: sql([ref]),
    entity: table,
    phrase: said.phrase,
    ...(mayMiss && { known: true }),
  }));
}

/** A stretch of time as a key: its first day. */
export function unitKey(key: Extract<Key, { kind: 'unit' }>, base: CatalogueTable, linker: Linker): Keyed | undefined {
  const column = key.of ? linker.column(key.of, { wanted: 'time' }) : linker.timeColumn(base, key);
  if (!column) return undefined;
  if (!isDate(column.column.type))
    linker.assume(
      `${plural(capital(key.unit))} are those of ${column.column.type.endsWith('with time zone') ? 'UTC' : column.column.name}.`,
    );
  if (key.unit === 'week') linker.assume('Weeks begin on Monday.');
  if (column.column.nullable)
    linker.assume(`Rows without ${column.column.name} make a group of their own, whose ${key.unit} is NULL.`);
  const of = isDate(column.column.type) ? sql([column, '::timestamp']) : inDays(sql([column]));
  const day = isDate(column.column.type) ? sql([column]) : sql([of, '::date']);
  const text = key.unit === 'day' ? day : sql([`date_trunc('${key.unit}', `, of, ')::date']);
  return { name: key.alias ?? (key.unit === 'day' ? 'day' : key.unit), sql: text, unit: true, phrase: key.unit };
}

export function columnKey(name: NameRef, linker: Linker): Keyed | undefined {
  const column = linker.column(name);
  if (!column) return undefined;
  if (column.column.nullable) linker.assume(`Rows without ${column.column.name} make a group of their own.`);
  return { name: column.column.name, sql: sql([column]), phrase: name.phrase };
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
