/** Tables one under the other, as if they were one. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Union } from '../intent.ts';
import { tableId } from '../names.ts';
import type { Draft, Flow } from './draft.ts';
import type { Linker } from './linker.ts';

/** The table that stands for all of them: the columns that all have, by name and type. */
export function standInOf(tables: readonly CatalogueTable[]): CatalogueTable | undefined {
  const [first, ...others] = tables;
  if (!first) return undefined;
  const columns = first.columns.flatMap((column) => {
    const same = others.map((table) =>
      table.columns.find(({ name, type }) => name === column.name && type === column.type),
    );
    if (same.some((one) => one === undefined)) return [];
    return [{ ...column, nullable: column.nullable || same.some((one) => one?.nullable) }];
  });
  // Tables that share less than half of their columns are not of one kind.
  if (columns.length * 2 < Math.min(...tables.map((table) => table.columns.length))) return undefined;
  const names = new Set(columns.map(({ name }) => name));
  const foreignKeys = first.foreignKeys.filter(
    (key) =>
      others.every((table) => table.foreignKeys.some((other) => JSON.stringify(other) === JSON.stringify(key))) &&
      key.columns.every((name) => names.has(name)),
  );
  return {
    schema: first.schema,
    name: tables.map(({ name }) => name).join('_and_'),
    kind: 'table',
    columns,
    uniqueKeys: [],
    foreignKeys,
  };
}

export function unionFlow(
  union: Union,
  stand: CatalogueTable,
  { linker, draft }: { linker: Linker; draft: Draft },
): Flow {
  const names = stand.columns.map(({ name }) => name);
  const tables = union.tables.flatMap(({ tables: [reading] }) => (reading ? [reading.table] : []));
  const lost = tables.flatMap((table) =>
    table.columns.filter(({ name }) => !names.includes(name)).map(({ name }) => `${tableId(table)}.${name}`),
  );
  if (lost.length > 0) linker.assume(`Left out, for not every table has them alike: ${lost.join(', ')}.`);
  if (!union.said) linker.assume('Rows that are the same in several tables stay, each of them.');
  const inputs = tables.map((table) => {
    const flow = draft.source(table, names);
    if (table.columns.filter(({ name }) => names.includes(name)).every(({ name }, at) => name === names[at]))
      return flow.from;
    return draft.add(
      `${flow.from}_columns`,
      { kind: 'select', from: flow.from, columns: names.map((name) => ({ name })) },
      flow.fields,
    ).from;
  });
  const fields = stand.columns.map((column) => ({ name: column.name, refs: [{ table: stand, column }] }));
  return draft.add('all_rows', { kind: 'union', inputs, all: union.all }, fields);
}
