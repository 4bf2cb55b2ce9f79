/** Joins that the prompt spells out: their tables, their keys, and whose rows stay. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { JoinClause } from '../intent.ts';
import { tableId, type ColumnRef, type NameRef } from '../names.ts';
import type { Linker } from './linker.ts';
import type { JoinOn } from './rowSet.ts';
import type { Wishes } from './wishes.ts';

export interface ExplicitJoin {
  readonly tables: readonly CatalogueTable[];
  readonly how: JoinClause['how'];
  /** Where no foreign key says how: the base is the side whose rows are not repeated. */
  readonly custom?: { readonly on: JoinOn; readonly base: CatalogueTable };
}

/** Nothing where none is asked for; `refused` where it cannot be done. */
export function explicitJoin(wishes: Wishes, linker: Linker): ExplicitJoin | 'refused' | undefined {
  const joins = wishes.of('join').map(({ join }) => join);
  const [first] = joins;
  if (!first) return undefined;
  const tables = joins.flatMap(({ rows }) => rows.map(({ table }) => linker.table(table)));
  if (tables.some((table) => table === undefined)) return 'refused';
  const found = [...new Set(tables.filter((table) => table !== undefined))];
  const how = joins.find((join) => join.how !== 'inner')?.how ?? 'inner';
  if (how === 'inner' && wishes.of('keepAll').length === 0)
    linker.assume('Only rows with a match on both sides of a join stay.');
  const pairs = joins.flatMap(({ on }) => on ?? []);
  const [left, right, ...others] = found;
  if (!left || !right) {
    linker.refuse(first, 'A join needs two tables.');
    return 'refused';
  }
  if (how === 'full' && others.length > 0) {
    linker.refuse(first, 'A full join takes two tables.');
    return 'refused';
  }
  if (pairs.length === 0 || pairs.every((pair) => alongForeignKey(pair, found, linker))) return { tables: found, how };
  if (others.length > 0) {
    linker.refuse(first, 'Join two tables at a time on keys that are no foreign keys.');
    return 'refused';
  }
  const custom = customJoin(pairs, { left, right }, linker);
  return custom ? { tables: found, how, custom } : 'refused';
}

type Pair = { readonly left: NameRef; readonly right: NameRef };

function alongForeignKey({ left, right }: Pair, tables: readonly CatalogueTable[], { lexicon }: Linker): boolean {
  const names = (name: NameRef): readonly string[] => name.columns.map(({ column }) => column.name);
  const links = tables.flatMap((table) => lexicon.links.of(table)).filter(({ parent }) => tables.includes(parent));
  return links.some(({ pairs }) =>
    pairs.some(
      (pair) =>
        (names(left).includes(pair.child) && names(right).includes(pair.parent)) ||
        (names(right).includes(pair.child) && names(left).includes(pair.parent)),
    ),
  );
}

function customJoin(
  pairs: readonly Pair[],
  { left, right }: { left: CatalogueTable; right: CatalogueTable },
  linker: Linker,
): ExplicitJoin['custom'] {
  const keys = pairs.map((pair) => {
    const [a, b] = [
      refOf(pair.left, left) ?? refOf(pair.right, left),
      refOf(pair.right, right) ?? refOf(pair.left, right),
    ];
    if (!a || !b) linker.refuse(pair.left, `Not a column of both ${tableId(left)} and ${tableId(right)}.`);
    return a && b ? [{ left: a, right: b }] : [];
  });
  if (keys.some((key) => key.length === 0)) return undefined;
  const flat = keys.flat();
  const isKey = (table: CatalogueTable, names: readonly string[]): boolean =>
    [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniqueKeys].some((key) =>
      key.every((name) => names.includes(name)),
    );
  const rightOnce = isKey(
    right,
    flat.map((pair) => pair.right.column.name),
  );
  const leftOnce = isKey(
    left,
    flat.map((pair) => pair.left.column.name),
  );
  const said = pairs[0]?.left ?? { text: 'join', offset: 0 };
  if (!rightOnce && !leftOnce) {
    linker.refuse(
      said,
      `It is unique in neither ${tableId(left)} nor ${tableId(right)}: rows of both would be repeated.`,
    );
    return undefined;
  }
  return { on: { left, right, keys: flat }, base: rightOnce ? left : right };
}

function refOf(name: NameRef, table: CatalogueTable): ColumnRef | undefined {
  const found = name.columns.filter((reading) => reading.table === table);
  const best = found.find(({ rank }) => rank === 0) ?? found[0];
  return best && { table, column: best.column };
}
