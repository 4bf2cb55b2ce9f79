/** Rows as they are: chosen, widened by new columns, one of several kept. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { OrderItem } from '../../../spec/spec.ts';
import type { Pick } from '../intent.ts';
import { tableId, type ColumnRef } from '../names.ts';
import { fieldOf, written, type Field, type Flow } from './draft.ts';
import { joinsOf, refOf } from './grouped.ts';
import { meaningOf } from './keyed.ts';
import { ranked, totalOrder } from './order.ts';
import type { Building } from './building.ts';
import type { Linker } from './linker.ts';
import { Renderer, sql, type Sql } from './render.ts';
import { assemble, existing } from './rowSet.ts';
import type { Focus } from './scope.ts';
import { firstOf } from './top.ts';
import { rowWindows, withinOf } from './windows.ts';
import type { Wishes } from './wishes.ts';

export function rowLevel(wishes: Wishes, focus: Focus, building: Building): Flow | undefined {
  const { linker, draft } = building;
  if (!sound(wishes, focus, building)) return undefined;
  const pick = wishes.first('pick')?.pick;
  const listed = columnRefs(wishes, building);
  const isWhole = wishes.of('columns').every(({ only, items }) => items.length === 0 && !only);
  const whole = isWhole ? wholeTables(focus) : [];
  const picked = pick ? pickColumns(pick, focus, building) : { needed: [], known: [] };
  if (!picked) return undefined;
  const orderRefs = wishes
    .of('order')
    .flatMap(({ by }) =>
      by.flatMap(({ by: one }) =>
        one.kind === 'name'
          ? (linker.column(one.name) ?? [])
          : one.kind === 'measure' && one.measure.whole
            ? (linker.column(one.measure.whole) ?? [])
            : [],
      ),
    );
  const needsKey =
    pick?.kind === 'top' || wishes.of('window').length > 0 || wishes.of('limit').length > 0 || pick !== undefined;
  const keyRefs = needsKey ? (focus.base.primaryKey ?? []).flatMap((name) => refOf(focus.base, name)) : [];
  const needed = [
    ...listed,
    ...picked.needed,
    ...orderRefs,
    ...keyRefs,
    ...existsRefs(focus, building),
    ...windowRefs(wishes, focus, building),
  ];
  const filters = [...focus.filters, ...picked.known];
  const leftFilter =
    isLeft(focus) && filters.find(({ columns }) => columns.some(({ table }) => table !== focus.explicit?.tables[0]));
  if (leftFilter && !keepsAll(focus, building)) return undefined;
  const wish = joinsOf(focus, needed, filters);
  const loose = isLeft(focus) ? new Set(focus.explicit?.tables) : wish.loose;
  let flow: Flow | undefined = assemble(
    { ...wish, whole, loose, ...(focus.kept && { kept: focus.kept }) },
    linker,
    draft,
  );
  for (const one of focus.exists) flow = flow && existing(flow, one.of, one, building);
  flow = flow && derived(wishes, flow, building);
  if (!flow) return undefined;
  const keys = keyRefs.map((ref) => fieldOf(flow as Flow, ref));
  flow = pick ? pickedRows(pick, { flow, keys, focus }, building) : flow;
  flow = flow && rowWindows(wishes, { keys, flow }, building);
  return flow && shown(flow, wishes, { whole, focus, building });
}

const isLeft = ({ explicit }: Focus): boolean => explicit?.how === 'left';

/** A condition on the other side of a left join: it leaves rows out, or only their matches. */
function keepsAll({ explicit }: Focus, { linker }: Building): boolean {
  const [first] = explicit?.tables ?? [];
  const name = first ? tableId(first) : '';
  const choices = [
    { id: 'keep', label: `Every row of ${name} stays; the others are chosen before they are joined` },
    { id: 'leave out', label: `Rows of ${name} go that have no such match` },
  ];
  const answer = linker.ask({ id: `left ${name}`, text: `Does every row of ${name} stay?`, choices });
  if (answer === 'leave out') linker.refuse({ text: 'left join', offset: 0 }, 'Say “join”: rows without a match go.');
  return answer === 'keep';
}

function sound(wishes: Wishes, focus: Focus, { linker }: Building): boolean {
  const subjects = wishes.of('subject').map(({ rows }) => ({ rows, table: linker.table(rows.table) }));
  const items = wishes.of('columns').length > 0;
  if (focus.explicit || items) return true;
  for (const { rows, table } of subjects) {
    if (table !== focus.subject && rows.conditions.length === 0)
      linker.refuse(rows.table, `Say how it belongs to ${tableId(focus.subject)}: “join …”, “with …” or “without …”.`);
  }
  const union = wishes.of('union').length > 0;
  const pick = wishes.first('pick')?.pick;
  if (!union && focus.base !== focus.subject)
    linker.refuse(
      { text: tableId(focus.base), offset: 0 },
      `${tableId(focus.base)} has several rows for one of ${tableId(focus.subject)}.`,
    );
  if (pick?.kind === 'top' && !focus.rankedBy) linker.refuse(pick, 'Say by what: “top 10 … by …”.');
  return linker.refused.length === 0;
}

/** Whose columns make the result, where none are named. */
const wholeTables = (focus: Focus): readonly CatalogueTable[] =>
  focus.explicit ? focus.explicit.tables : [focus.subject];

function columnRefs(wishes: Wishes, { linker }: Building): readonly ColumnRef[] {
  const renderer = new Renderer(linker);
  const exprs = [
    ...wishes.of('columns').flatMap(({ items }) => items.map(({ expr }) => expr)),
    ...wishes.of('derive').map(({ expr }) => expr),
  ];
  const changed = wishes.of('change').flatMap(({ column }) => linker.column(column) ?? []);
  return [...exprs.flatMap((expr) => renderer.expr(expr)?.columns ?? []), ...changed];
}

function windowRefs(wishes: Wishes, focus: Focus, { linker }: Building): readonly ColumnRef[] {
  return wishes
    .of('window')
    .flatMap(({ window }) => [
      ...[window.of, window.order].flatMap((name) => (name ? (linker.column(name) ?? []) : [])),
      ...window.per.flatMap((name) => entityRefs(name, focus, { linker })),
    ]);
}

function entityRefs(name: Pick['per'][number], focus: Focus, { linker }: Linking): readonly ColumnRef[] {
  const meaning = meaningOf(name, linker);
  if (meaning === undefined) return [];
  if (meaning === 'column') return [linker.column(name) ?? []].flat();
  const last = linker.path(focus.base, meaning)?.at(-1);
  return (meaning.primaryKey ?? []).flatMap((column) => {
    const child = last?.pairs.find((pair) => pair.parent === column)?.child;
    return child !== undefined && last ? refOf(last.child, child) : refOf(meaning, column);
  });
}
interface Linking {
  readonly linker: Linker;
}

function existsRefs(focus: Focus, { linker }: Building): readonly ColumnRef[] {
  return focus.exists.flatMap(({ table, of }) => {
    if (linker.lexicon.links.paths(table, of).length > 0)
      return (of.primaryKey ?? []).flatMap((name) => refOf(of, name));
    const [first] = linker.path(of, table) ?? [];
    return first ? first.pairs.flatMap(({ child }) => refOf(of, child)) : [];
  });
}

/** What a pick reads, and that a row without an owner is nobody's latest. */
function pickColumns(
  pick: Pick,
  focus: Focus,
  { linker }: Building,
): { readonly needed: readonly ColumnRef[]; readonly known: readonly Sql[] } | undefined {
  const per = pick.per.flatMap((name) => entityRefs(name, focus, { linker }));
  const by =
    pick.kind === 'top'
      ? focus.rankedBy
      : pick.kind === 'latest'
        ? orderOf(pick, focus, { linker })
        : pick.by && orderOf(pick, focus, { linker });
  if (pick.kind !== 'top' && pick.per.length === 0 && pick.kind === 'latest') {
    linker.refuse(pick, 'Say “per” what.');
    return;
  }
  if (linker.refused.length > 0) return undefined;
  const entities = pick.per.filter((name) => meaningOf(name, linker) !== 'column');
  const known =
    pick.kind === 'dedupe'
      ? per.filter((ref) => ref.column.nullable && !isSame(ref, pick, { linker }))
      : per.filter(({ column }) => column.nullable && entities.length > 0);
  for (const ref of known) linker.assume(`Rows without ${ref.column.name} are left out.`);
  return { needed: [...per, ...(by ? [by] : [])], known: known.map((ref) => sql([ref, ' is not null'])) };
}

/** Two rows without an e-mail address are not the same person's for that. */
function isSame({ table, column }: ColumnRef, { text }: Pick, { linker }: Linking): boolean {
  const choices = [
    { id: 'same', label: `One of the rows without ${column.name} is kept` },
    { id: 'left out', label: `Rows without ${column.name} are left out` },
  ];
  return (
    linker.ask({
      id: `missing ${tableId(table)}.${column.name}`,
      text: `“${text}”: what becomes of rows without ${column.name}?`,
      choices,
    }) !== 'left out'
  );
}

function orderOf(pick: Pick, focus: Focus, { linker }: Linking): ColumnRef | undefined {
  if (pick.by?.kind === 'name') return linker.column(pick.by.name);
  return linker.timeColumn(focus.subject, pick);
}

interface Picking {
  readonly flow: Flow;
  readonly keys: readonly Field[];
  readonly focus: Focus;
}

function pickedRows(pick: Pick, { flow, keys, focus }: Picking, building: Building): Flow | undefined {
  const { linker, draft } = building;
  const within = pick.per.map((name) => withinOf(name, flow, building));
  if (within.some((names) => names === undefined)) return undefined;
  const names = within.flatMap((found) => found ?? []);
  if (pick.kind === 'top') {
    const by = focus.rankedBy && fieldOf(flow, focus.rankedBy).name;
    if (by === undefined) {
      linker.refuse(pick, 'Say by what: “top 10 … by …”.');
      return;
    }
    return firstOf({ count: pick.count, direction: pick.direction, by, within: names, keys }, flow, building);
  }
  if (names.length === 0) return draft.add('distinct_rows', { kind: 'distinct', from: flow.from }, flow.fields);
  const by = pick.kind === 'latest' || pick.by ? orderOf(pick, focus, building) : undefined;
  const first: readonly OrderItem[] = by ? [ranked(fieldOf(flow, by).name, pick.direction, by.column.nullable)] : [];
  const rest = keys.filter(({ name }) => !names.includes(name) && name !== (by && fieldOf(flow, by).name));
  const order =
    by && pick.direction === 'desc'
      ? [...first, ...rest.map(({ name }) => ({ expr: identifier(name), direction: 'desc' as const }))]
      : totalOrder(first, rest);
  if (order.length === 0) {
    linker.refuse(pick, 'Say which row is kept: “keeping the latest …”.');
    return;
  }
  if (!by)
    linker.assume(
      `Of rows that are the same, the one with the lowest ${rest.map(({ name }) => name).join(', ')} is kept.`,
    );
  else if (rest.length > 0)
    linker.assume(
      `At the same ${by.column.name}, the row with the ${pick.direction === 'desc' ? 'higher' : 'lower'} ${rest.map(({ name }) => name).join(', ')} is kept.`,
    );
  if (
    pick.kind === 'dedupe' &&
    names.some((name) =>
      flow.fields.some((field) => field.name === name && field.refs.some(({ column }) => column.nullable)),
    )
  ) {
    linker.assume(`Rows without ${names.join(', ')} count as the same.`);
  }
  const name = pick.kind === 'latest' ? (pick.direction === 'desc' ? 'latest' : 'first') : 'one_of_each';
  return draft.add(name, { kind: 'dedupe', from: flow.from, keys: names, order, keep: 'first' }, flow.fields);
}

function derived(wishes: Wishes, flow: Flow, { linker, draft }: Building): Flow | undefined {
  const renderer = new Renderer(linker);
  const made: { readonly name: string; readonly expr: string; readonly replaced?: Field }[] = [];
  for (const clause of wishes.clauses) {
    if (clause.kind === 'derive') {
      const expr = renderer.expr(clause.expr);
      if (!expr) return undefined;
      made.push({ name: clause.name, expr: written(expr, flow) });
    }
    if (clause.kind === 'change') {
      const ref = linker.column(clause.column);
      const expr = renderer.expr(clause.make({ kind: 'column', name: clause.column }));
      if (!ref || !expr) return undefined;
      const replaced = fieldOf(flow, ref);
      if (made.some((one) => one.name === replaced.name)) {
        linker.refuse(clause.column, 'One change of a column at a time.');
        return;
      }
      made.push({ name: replaced.name, expr: written(expr, flow), replaced });
    }
  }
  for (const clause of wishes.of('columns')) {
    for (const { expr, name } of clause.items) {
      if (expr.kind === 'column') continue;
      const found = renderer.expr(expr);
      if (!found || name === undefined) return undefined;
      made.push({ name, expr: written(found, flow) });
    }
  }
  if (made.length === 0) return flow;
  const taken = made.find(({ name, replaced }) => !replaced && flow.fields.some((field) => field.name === name));
  if (taken) {
    linker.refuse({ text: taken.name, offset: 0 }, 'A column of this name is there already.');
    return;
  }
  const added = made.filter(({ replaced }) => !replaced).map(({ name }): Field => ({ name, refs: [] }));
  const step = { kind: 'derive' as const, from: flow.from, columns: made.map(({ name, expr }) => ({ name, expr })) };
  return draft.add('derived', step, [...flow.fields, ...added]);
}

interface Showing {
  readonly whole: readonly CatalogueTable[];
  readonly focus: Focus;
  readonly building: Building;
}

/** The columns that were asked for, in that order; helpers go. */
function shown(flow: Flow, wishes: Wishes, { whole, building: { linker, draft } }: Showing): Flow | undefined {
  const items = wishes.of('columns').flatMap((clause) => clause.items);
  const extra = flow.fields.filter(({ refs }) => refs.length === 0).map(({ name }) => ({ name, from: name }));
  const wanted: { readonly name: string; readonly from: string }[] = [];
  for (const { expr, name } of items) {
    const ref = expr.kind === 'column' ? linker.column(expr.name) : undefined;
    if (expr.kind === 'column' && !ref) return undefined;
    const from = ref ? fieldOf(flow, ref).name : (name ?? '');
    wanted.push({ name: name ?? from, from });
  }
  for (const one of extra) if (items.length > 0 && !wanted.some(({ from }) => from === one.from)) wanted.push(one);
  if (items.length === 0) {
    for (const field of flow.fields)
      if (field.refs.length === 0 || field.refs.some(({ table }) => whole.includes(table)))
        wanted.push({ name: field.name, from: field.name });
  }
  const same =
    wanted.length === flow.fields.length &&
    wanted.every(({ name, from }, at) => name === from && flow.fields[at]?.name === name);
  if (same) return flow;
  const columns = wanted.map(({ name, from }) => (name === from ? { name } : { name, expr: identifier(from) }));
  const fields = wanted.map(({ name, from }) => ({
    name,
    refs: flow.fields.find((field) => field.name === from)?.refs ?? [],
  }));
  return draft.add('columns', { kind: 'select', from: flow.from, columns }, fields);
}
