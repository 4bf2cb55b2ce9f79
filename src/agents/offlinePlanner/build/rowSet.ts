/** The rows that everything else works on: which tables, joined how, and which of their rows. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Link } from '../foreignKeys.ts';
import { tableId, type ColumnRef } from '../names.ts';
import type { Draft } from './draft.ts';
import { fieldOf, plainName, written, type Flow, type JoinKeys } from './draft.ts';
import type { Linker } from './linker.ts';
import { sql, type Sql } from './render.ts';

export interface RowWish {
  readonly base: CatalogueTable;
  /** In the order in which they are joined; the base among them. */
  readonly tables: readonly CatalogueTable[];
  readonly needed: readonly ColumnRef[];
  readonly filters: readonly Sql[];
  /** Tables whose every column is wanted. */
  readonly whole: readonly CatalogueTable[];
  /** Rows without a match in these stay, with NULL; those of all other tables go. */
  readonly loose: ReadonlySet<CatalogueTable>;
  /** All rows of this table stay, with or without rows of the base. */
  readonly kept?: CatalogueTable;
  readonly full?: boolean;
  /** The prompt itself asks for a left join. */
  readonly asked?: boolean;
  /** Keys that the prompt gives itself, instead of a foreign key. */
  readonly on?: JoinOn;
}

export interface JoinOn {
  readonly left: CatalogueTable;
  readonly right: CatalogueTable;
  readonly keys: readonly JoinKeys[];
}

/** The one table from whose rows a row of each other can be reached. */
export function baseOf(
  tables: readonly CatalogueTable[],
  linker: Linker,
  said: { readonly text: string; readonly offset: number },
): CatalogueTable | undefined {
  const { links } = linker.lexicon;
  const found = tables.find((one) => tables.every((other) => links.paths(one, other).length > 0));
  if (found) return found;
  const bridges = links.bridges(tables);
  const names = tables.map(tableId).join(', ');
  if (bridges.length === 0) {
    linker.refuse(
      said,
      `No foreign keys lead from the rows of one of these tables to one row of each other: ${names}. Values would be counted several times.`,
    );
    return;
  }
  const [only] = bridges.length === 1 ? bridges : [];
  if (only) {
    linker.assume(`${names} belong together by ${tableId(only)}.`);
    return only;
  }
  const choices = bridges.map((table) => ({ id: tableId(table), label: tableId(table) }));
  const answer = linker.ask({ id: `between ${names}`, text: `By which table do ${names} belong together?`, choices });
  return bridges.find((table) => tableId(table) === answer) ?? bridges[0];
}

/** The joins from the base to the others, the nearer ones first. */
function linksTo(base: CatalogueTable, tables: readonly CatalogueTable[], linker: Linker): readonly Link[] {
  const found: Link[] = [];
  for (const table of tables) {
    for (const link of linker.path(base, table) ?? [])
      if (!found.some((other) => other.parent === link.parent)) found.push(link);
  }
  for (const { child, parent, pairs, inferred } of found) {
    if (inferred)
      linker.assume(
        `${tableId(child)} refers to ${tableId(parent)} by ${pairs.map((pair) => pair.child).join(', ')}: no foreign key says so.`,
      );
  }
  return found;
}

export function assemble(wish: RowWish, linker: Linker, draft: Draft): Flow {
  const links = wish.on ? [] : linksTo(wish.base, wish.tables, linker);
  const all = [...new Set([...wish.tables, ...links.map(({ parent }) => parent), wish.base])];
  const keys = [
    ...links.flatMap((link) => keysOf(link).flatMap(({ left, right }) => [left, right])),
    ...(wish.on?.keys.flatMap(({ left, right }) => [left, right]) ?? []),
  ];
  const refs = [...wish.needed, ...wish.filters.flatMap(({ columns }) => columns), ...keys];
  const single = wish.filters.filter((filter) => ownerOf(filter) !== undefined);
  const flows = new Map<CatalogueTable, Flow>();
  const flowOf = (table: CatalogueTable): Flow => {
    const known = flows.get(table) ?? sourceOf(table, { wish, refs, filters: single }, draft);
    flows.set(table, known);
    return known;
  };
  const joined = wish.on
    ? joinOn(wish.on, wish, { draft, flowOf })
    : joinAll(links, { wish, all, draft, flowOf, linker });
  const others = wish.filters.filter((filter) => !single.includes(filter));
  return filtered(joined, others, draft, `kept_${plainName(wish.base.name)}`);
}

const ownerOf = ({ columns }: Sql): CatalogueTable | undefined => {
  const owners = new Set(columns.map(({ table }) => table));
  return owners.size === 1 ? [...owners][0] : undefined;
};

export function filtered(flow: Flow, filters: readonly Sql[], draft: Draft, name: string): Flow {
  if (filters.length === 0) return flow;
  const where =
    filters.length === 1 ? filters : filters.map((filter) => (filter.loose ? sql(['(', filter, ')']) : filter));
  const text = where.map((filter) => written(filter, flow)).join(' and ');
  return draft.add(name, { kind: 'filter', from: flow.from, where: text }, flow.fields);
}

interface Reading {
  readonly wish: RowWish;
  readonly refs: readonly ColumnRef[];
  readonly filters: readonly Sql[];
}

/** A table's rows, filtered where they are read. */
function sourceOf(table: CatalogueTable, { wish, refs, filters }: Reading, draft: Draft): Flow {
  const columns = wish.whole.includes(table)
    ? table.columns.map(({ name }) => name)
    : refs.filter((ref) => ref.table === table).map(({ column }) => column.name);
  const key = table.primaryKey?.[0] ?? table.columns[0]?.name;
  const flow = draft.source(table, columns.length > 0 || key === undefined ? columns : [key]);
  return filtered(
    flow,
    filters.filter((filter) => ownerOf(filter) === table),
    draft,
    `kept_${plainName(table.name)}`,
  );
}

interface Joining {
  readonly wish: RowWish;
  readonly all: readonly CatalogueTable[];
  readonly draft: Draft;
  readonly flowOf: (table: CatalogueTable) => Flow;
  readonly linker: Linker;
}

const keysOf = ({ child, parent, pairs }: Link): readonly JoinKeys[] =>
  pairs.flatMap((pair) => {
    const left = child.columns.find(({ name }) => name === pair.child);
    const right = parent.columns.find(({ name }) => name === pair.parent);
    return left && right ? [{ left: { table: child, column: left }, right: { table: parent, column: right } }] : [];
  });

const turned = (keys: readonly JoinKeys[]): readonly JoinKeys[] =>
  keys.map(({ left, right }) => ({ left: right, right: left }));

/** From the first table on, whichever is linked to what is there already; a kept table comes last, and keeps its rows. */
function joinAll(links: readonly Link[], { wish, all, draft, flowOf, linker }: Joining): Flow {
  const { kept } = wish;
  const order = kept ? [wish.base, ...all.filter((table) => table !== kept && table !== wish.base)] : all;
  const [first] = order;
  if (!first) throw new Error('A plan without a table.');
  let flow = flowOf(first);
  const inside = new Set([first]);
  let open = links.filter(({ parent }) => parent !== kept);
  while (open.length > 0) {
    const next = open.find(({ child, parent }) => inside.has(child) || inside.has(parent));
    if (!next) throw new Error('Tables that nothing links.');
    const forward = inside.has(next.child);
    const added = forward ? next.parent : next.child;
    const how = wish.full ? 'full' : forward ? howUp(next, wish, linker) : 'inner';
    flow = draft.join(`with_${plainName(added.name)}`, how, {
      left: flow,
      right: flowOf(added),
      keys: forward ? keysOf(next) : turned(keysOf(next)),
    });
    inside.add(added);
    open = open.filter((link) => link !== next);
  }
  const last = links.find(({ parent }) => parent === kept);
  if (!kept || !last) return flow;
  return draft.join(`all_${plainName(kept.name)}`, 'left', {
    left: flowOf(kept),
    right: flow,
    keys: turned(keysOf(last)),
  });
}

/** A reference that is never NULL always finds its row. */
function howUp({ child, parent, pairs, inferred }: Link, { loose, asked }: RowWish, linker: Linker): 'inner' | 'left' {
  if (!loose.has(parent)) return 'inner';
  if (asked) return 'left';
  const mayMiss =
    inferred === true || pairs.some((pair) => child.columns.find(({ name }) => name === pair.child)?.nullable);
  if (mayMiss)
    linker.assume(`Rows of ${tableId(child)} without a row of ${tableId(parent)} stay; what they lack is NULL.`);
  return mayMiss ? 'left' : 'inner';
}

function joinOn(on: JoinOn, wish: RowWish, { draft, flowOf }: Pick<Joining, 'draft' | 'flowOf'>): Flow {
  const how = wish.full ? 'full' : wish.loose.has(on.right) || wish.kept === on.left ? 'left' : 'inner';
  return draft.join(`with_${plainName(on.right.name)}`, how, {
    left: flowOf(on.left),
    right: flowOf(on.right),
    keys: on.keys,
  });
}

/** Semi and anti joins: the rows that have, or have not, rows of another table. */
export interface ExistsWish {
  readonly table: CatalogueTable;
  readonly filters: readonly Sql[];
  readonly negated: boolean;
  readonly count?: { readonly operator: string; readonly value: number };
  readonly said: { readonly text: string; readonly offset: number };
}

export function existing(
  flow: Flow,
  subject: CatalogueTable,
  wish: ExistsWish,
  context: { readonly linker: Linker; readonly draft: Draft },
): Flow | undefined {
  const { linker, draft } = context;
  const { links } = linker.lexicon;
  const up = links.paths(wish.table, subject).length > 0;
  if (!up && (links.paths(subject, wish.table).length === 0 || wish.count)) {
    linker.refuse(wish.said, `No foreign keys lead from ${tableId(wish.table)} to ${tableId(subject)}.`);
    return;
  }
  const path = up ? linker.path(wish.table, subject) : linker.path(subject, wish.table)?.slice(0, 1);
  const last = path?.at(-1);
  if (!path || !last) return undefined;
  if (!up && (linker.path(subject, wish.table)?.length ?? 0) > 1) {
    linker.refuse(wish.said, 'Name the table between the two.');
    return;
  }
  const keys = up ? turned(keysOf(last)) : keysOf(last);
  const rightRefs = keys.map(({ right }) => right);
  const inner = up ? path.slice(0, -1) : [];
  const tables = [wish.table, ...inner.map(({ parent }) => parent)];
  const rows: RowWish = {
    base: wish.table,
    tables,
    needed: rightRefs,
    filters: wish.filters,
    whole: [],
    loose: new Set(),
  };
  let right = assemble(rows, linker, draft);
  const count = wish.count && positive(wish.count);
  if (count) {
    const by = rightRefs.map((ref) => fieldOf(right, ref));
    const fields = [...by, { name: 'matching_rows', refs: [] }];
    right = draft.add(
      `${plainName(wish.table.name)}_counted`,
      {
        kind: 'aggregate',
        from: right.from,
        by: by.map(({ name }) => ({ name })),
        columns: [{ name: 'matching_rows', expr: 'count(*)' }],
      },
      fields,
    );
    right = draft.add(
      `enough_${plainName(wish.table.name)}`,
      { kind: 'filter', from: right.from, where: `matching_rows ${count.operator} ${count.value}` },
      fields,
    );
  }
  // Fewer than three is none as well: those go who have three.
  const without = wish.negated || count?.without === true;
  const name = `${without ? 'without' : 'having'}_${plainName(wish.table.name)}`;
  return draft.join(name, without ? 'anti' : 'semi', { left: flow, right, keys });
}

function positive({ operator, value }: { readonly operator: string; readonly value: number }) {
  const opposite = { '<': '>=', '<=': '>' }[operator];
  return opposite === undefined ? { operator, value, without: false } : { operator: opposite, value, without: true };
}
