/** One row for each group: keys, measures, conditions on groups, pivots. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { AggregateStep } from '../../../spec/spec.ts';
import { plural } from '../wordForms.ts';
import { columnId, sameColumn, tableId, type ColumnRef, type NameRef } from '../names.ts';
import { aggregateSql, measureLike, namesOf, singularName, type Counted } from './counted.ts';
import { fieldOf, written, type Field, type Flow } from './draft.ts';
import { columnKey, entityKeys, meaningOf, unitKey, type Keyed } from './keyed.ts';
import type { Building } from './building.ts';
import { pivoted } from './pivoted.ts';
import { sql, type Sql } from './render.ts';
import { assemble, existing, type RowWish } from './rowSet.ts';
import type { Said } from './said.ts';
import type { Focus } from './scope.ts';
import { topOf } from './top.ts';
import { groupedWindows } from './windows.ts';
import type { Wishes } from './wishes.ts';

export interface Groups {
  readonly keys: readonly Keyed[];
  readonly counted: readonly Counted[];
  readonly flow: Flow;
}

export function grouped(wishes: Wishes, focus: Focus, building: Building): Flow | undefined {
  const { linker, draft } = building;
  const keys = keysOf(wishes, focus, building);
  if (!keys || !measurable(focus, building) || !subjectsUsed(wishes, { keys, focus }, building)) return undefined;
  if (focus.counted.length === 0) {
    linker.refuse(
      saidOfKeys(wishes),
      `Say what is counted or summed, such as “number of ${plural(singularName(focus.base))} per …”.`,
    );
    return undefined;
  }
  const rowColumns = wishes.of('derive').length + wishes.of('change').length;
  if (rowColumns > 0) {
    linker.refuse(
      { text: 'the new column', offset: wishes.first('derive')?.offset ?? 0 },
      'Put what is summed into the measure itself, such as “total of price * quantity”.',
    );
    return;
  }
  const { common, own } = conditionsOfMeasures(focus);
  const isShared = (ref: ColumnRef | undefined): boolean =>
    ref !== undefined &&
    focus.kept !== undefined &&
    (linker.path(focus.base, focus.kept)?.at(-1)?.pairs ?? []).some((pair) => pair.child === ref.column.name);
  const onces = new Map(focus.counted.map((counted) => [counted, onceOf(counted, focus, building)] as const));
  const keptRef = focus.kept ? matchRef(focus.base, focus.kept, building) : undefined;
  if (focus.kept && !keptRef) return undefined;
  const kept = focus.kept && keptRef ? focus.kept : undefined;
  const twice = focus.counted.find((counted) => isShared(onces.get(counted)));
  if (twice) {
    linker.refuse(twice.measure, 'Each group is one of these itself.');
    return undefined;
  }
  const keyColumns = keys.flatMap((key) => key.sql.columns);
  const needed = [
    ...keyColumns,
    ...focus.counted.flatMap(({ of, conditions }) => [
      ...(of?.columns ?? []),
      ...conditions.flatMap(({ columns }) => columns),
    ]),
    ...[...onces.values()].flatMap((ref) => ref ?? []),
    ...(wishes.first('pivot') ? pivotColumns(wishes, building) : []),
    ...(kept && keptRef ? [keptRef] : []),
    ...existsKeys(focus, building),
  ];
  const entities = keys
    .filter((key) => key.known === true && key.entity !== kept)
    .flatMap(({ entity }) => entity ?? []);
  const joinedTables = new Set(
    [...needed, ...focus.filters.flatMap(({ columns }) => columns)].map(({ table }) => table),
  );
  const isJoined = ({ entity }: Keyed): boolean =>
    entity !== undefined &&
    (joinedTables.has(entity) || (focus.explicit?.how === 'inner' && focus.explicit.tables.includes(entity)));
  const known = keys
    .filter((key) => key.known === true && key.entity !== kept && !isJoined(key))
    .map((key) => sql([...key.sql.columns, ' is not null']));
  const filters = [
    ...focus.filters,
    ...common,
    ...known.filter((part) => part.columns.every(({ column }) => column.nullable)),
  ];
  const joins = joinsOf(focus, needed, filters);
  const wish: RowWish = {
    ...joins,
    loose: new Set([...joins.loose].filter((table) => !entities.includes(table))),
    ...(kept && { kept }),
  };
  if (kept && filters.some(({ columns }) => columns.some(({ table }) => table !== kept))) {
    linker.assume(
      `Every row of ${tableId(kept)} stays, also where the conditions leave it no row of ${tableId(focus.base)}.`,
    );
  }
  let flow: Flow | undefined = assemble(wish, linker, draft);
  for (const one of focus.exists) flow = flow && existing(flow, one.of, one, building);
  if (!flow) return undefined;
  const pivot = wishes.first('pivot')?.pivot;
  if (pivot) return pivoted(pivot, { keys, counted: focus.counted, flow, onces }, building);
  const aggregated = aggregate({ keys, focus, own, onces, ...(keptRef && kept && { keptRef }) }, flow, building);
  const chosen = having(wishes, { keys, focus, flow: aggregated }, building);
  const windowed = chosen && groupedWindows(wishes, { keys, counted: focus.counted, flow: chosen }, building);
  const pick = wishes.first('pick')?.pick;
  return windowed && pick ? topOf(pick, { keys, counted: focus.counted, flow: windowed }, building) : windowed;
}

/** `orders by status` may mean their number, or their order. */
function saidOfKeys(wishes: Wishes): Said {
  const clause = wishes.first('keys');
  const key = clause?.keys[0];
  if (!key) return { text: 'the prompt', offset: clause?.offset ?? 0 };
  return key.kind === 'name' ? { text: key.name.text, offset: key.name.offset } : key;
}

/** What an existence test of the base's rows, or of a table's that they refer to, is joined by. */
function existsKeys(focus: Focus, { linker }: Building): readonly ColumnRef[] {
  return focus.exists.flatMap((one) => {
    const up = linker.lexicon.links.paths(one.table, one.of).length > 0;
    if (up) return (one.of.primaryKey ?? []).flatMap((name) => refOf(one.of, name));
    const [first] = linker.path(one.of, one.table) ?? [];
    return first ? first.pairs.flatMap(({ child }) => refOf(one.of, child)) : [];
  });
}

export const refOf = (table: CatalogueTable, name: string): readonly ColumnRef[] => {
  const column = table.columns.find((each) => each.name === name);
  return column ? [{ table, column }] : [];
};

/** Which tables are read, and how their rows come together. */
export function joinsOf(focus: Focus, needed: readonly ColumnRef[], filters: readonly Sql[]): RowWish {
  const used = new Set([...needed, ...filters.flatMap(({ columns }) => columns)].map(({ table }) => table));
  const tables = focus.explicit
    ? [...focus.explicit.tables, ...focus.tables.filter((table) => used.has(table))]
    : focus.tables.filter((table) => used.has(table) || table === focus.base || table === focus.kept);
  const asked = new Set(focus.explicit?.how === 'inner' ? focus.explicit.tables : []);
  const chosen = new Set(filters.flatMap(({ columns }) => columns.map(({ table }) => table)));
  const others = focus.tables.filter((table) => !asked.has(table) && !chosen.has(table) && table !== focus.base);
  return {
    base: focus.base,
    tables: [...new Set([...tables, ...used])],
    needed,
    filters,
    whole: [],
    loose: new Set(others),
    ...(focus.explicit?.how === 'full' && { full: true }),
    ...(focus.explicit?.how === 'left' && { asked: true }),
    ...(focus.explicit?.custom && { on: focus.explicit.custom.on }),
  };
}

function keysOf(wishes: Wishes, focus: Focus, { linker }: Building): readonly Keyed[] | undefined {
  const pick = wishes.first('pick')?.pick;
  const ofPick = pick?.kind === 'top' ? [...pick.per, ...(pick.rows ? [pick.rows.table] : [])] : [];
  const asked = wishes.of('keys').flatMap(({ keys }) => keys);
  const found: Keyed[] = [];
  const add = (keys: readonly Keyed[] | undefined, alias?: string): boolean => {
    if (!keys) return false;
    for (const key of keys) {
      const twin = found.some(
        (other) => JSON.stringify(other.sql.parts.map(idOf)) === JSON.stringify(key.sql.parts.map(idOf)),
      );
      if (!twin) found.push(alias === undefined || keys.length > 1 ? key : { ...key, name: alias });
    }
    return true;
  };
  const named = (name: NameRef): readonly Keyed[] | undefined => {
    const meaning = meaningOf(name, linker);
    if (meaning === undefined) {
      linker.refuse(name, 'Neither a table nor a column.');
      return;
    }
    if (meaning !== 'column') {
      const kept = focus.kept === meaning ? (meaning.primaryKey ?? []).flatMap((column) => refOf(meaning, column)) : [];
      if (kept.length > 0)
        return kept.map((ref) => ({ name: ref.column.name, sql: sql([ref]), entity: meaning, phrase: name.phrase }));
      return entityKeys(meaning, focus.base, { linker, said: name });
    }
    const key = columnKey(name, linker);
    return key && [key];
  };
  const done = [
    ...ofPick.map((name) => add(named(name))),
    ...asked.map((key) => {
      if (key.kind === 'name') return add(named(key.name), key.alias);
      const unit = unitKey(key, focus.counted[0]?.table ?? focus.base, linker);
      return add(unit && [unit]);
    }),
    ...wishes.of('columns').map((clause) => add(attributes(clause.items, { found, linker }))),
  ];
  return done.every(Boolean) && linker.refused.length === 0 ? distinctNames(found) : undefined;
}

const idOf = (part: string | ColumnRef): string => (typeof part === 'string' ? part : columnId(part));

/** Columns beside the measures are the same in every row of a group: they are keys too. */
function attributes(
  items: readonly { readonly expr: { readonly kind: string; readonly name?: unknown }; readonly name?: string }[],
  { found, linker }: { found: readonly Keyed[]; linker: Building['linker'] },
): readonly Keyed[] | undefined {
  const entities = found.flatMap(({ entity }) => entity ?? []);
  const keys: Keyed[] = [];
  for (const item of items) {
    const name = item.expr.kind === 'column' ? (item.expr.name as NameRef) : undefined;
    const ref = name && linker.column(name);
    if (!name || !ref) {
      linker.refuse(
        name ?? { text: item.name ?? 'the column', offset: 0 },
        'Beside sums and counts only columns can stand.',
      );
      return;
    }
    const isKey = found.some(
      (key) => key.sql.parts.length === 1 && key.sql.columns.some((column) => sameColumn(column, ref)),
    );
    const isOf = entities.some((entity) => linker.lexicon.links.paths(entity, ref.table).length > 0);
    if (!isKey && !isOf) {
      linker.refuse(name, `A group has several values of ${columnId(ref)}: say “per ${name.text}” too.`);
      return;
    }
    keys.push({ name: item.name ?? ref.column.name, sql: sql([ref]), phrase: name.phrase });
  }
  return keys;
}

function distinctNames(keys: readonly Keyed[]): readonly Keyed[] {
  const taken = new Set<string>();
  return keys.map((key) => {
    const [column] = key.sql.columns;
    const name = taken.has(key.name) && column ? `${singularName(column.table)}_${key.name}` : key.name;
    taken.add(name);
    return { ...key, name };
  });
}

/** A table that is only named, and neither counted nor a key, was meant for something. */
function subjectsUsed(
  wishes: Wishes,
  { keys, focus }: { keys: readonly Keyed[]; focus: Focus },
  { linker }: Building,
): boolean {
  const used = new Set([
    focus.base,
    ...(focus.explicit?.tables ?? []),
    ...focus.counted.flatMap(({ tables }) => tables),
    ...focus.exists.map(({ of }) => of),
    ...keys.flatMap(({ entity, sql: { columns } }) => [
      ...(entity ? [entity] : []),
      ...columns.map(({ table }) => table),
    ]),
  ]);
  for (const { rows } of wishes.of('subject')) {
    const table = linker.table(rows.table);
    if (table && !used.has(table) && rows.conditions.length === 0)
      linker.refuse(rows.table, 'Say what it is there for: “per …”, “number of …”, “with …” or “without …”.');
  }
  return linker.refused.length === 0;
}

/** A value stands once in the rows that are summed, or the sum is wrong. */
function measurable({ counted, base }: Focus, { linker }: Building): boolean {
  for (const { measure, table, of, aggregate } of counted) {
    if (table === base || aggregate === 'min' || aggregate === 'max' || measure.distinct || !of) continue;
    linker.refuse(
      measure,
      `A row of ${tableId(table)} belongs to several rows of ${tableId(base)}, so that its values would be counted several times.`,
    );
  }
  return linker.refused.length === 0;
}

/** Counted tables that the rows repeat are counted by their keys, each once. */
function onceOf(
  { measure, table, of, aggregate }: Counted,
  { base }: Focus,
  { linker }: Building,
): ColumnRef | undefined {
  if (of || aggregate !== 'count' || (table === base && !measure.distinct)) return undefined;
  const [key, ...others] = table.primaryKey ?? [];
  if (key === undefined || others.length > 0) {
    linker.refuse(measure, `${tableId(table)} has no key of one column to count by.`);
    return;
  }
  const last = linker.path(base, table)?.at(-1);
  const child = last?.pairs.find((pair) => pair.parent === key)?.child;
  const [ref] = last && child !== undefined ? refOf(last.child, child) : refOf(table, key);
  if (ref && table !== base) linker.assume(`Each row of ${tableId(table)} counts once.`);
  return ref;
}

/** A column that is NULL only where a kept row has no match: never NULL itself, and no key that both sides share. */
function matchRef(base: CatalogueTable, kept: CatalogueTable, { linker }: Building): ColumnRef | undefined {
  const shared = new Set(
    (linker.path(base, kept) ?? []).flatMap(({ child, pairs }) =>
      child === base ? pairs.map((pair) => pair.child) : [],
    ),
  );
  const found = [...(base.primaryKey ?? []), ...base.columns.map(({ name }) => name)]
    .flatMap((name) => refOf(base, name))
    .find(({ column }) => !column.nullable && !shared.has(column.name));
  if (!found)
    linker.refuse(
      { text: tableId(kept), offset: 0 },
      `No column of ${tableId(base)} tells whether a row of ${tableId(kept)} has one.`,
    );
  return found;
}

/** `number of paid orders`: the rows' own condition, where all measures share it; the measure's own, where they differ. */
function conditionsOfMeasures({ counted }: Focus): { readonly common: readonly Sql[]; readonly own: boolean } {
  const texts = counted.map(({ conditions }) => JSON.stringify(conditions.map(({ parts }) => parts.map(idOf))));
  const [first] = counted;
  const same = texts.every((text) => text === texts[0]);
  return same ? { common: first?.conditions ?? [], own: false } : { common: [], own: true };
}

interface Aggregating {
  readonly keys: readonly Keyed[];
  readonly focus: Focus;
  readonly own: boolean;
  readonly onces: ReadonlyMap<Counted, ColumnRef | undefined>;
  readonly keptRef?: ColumnRef;
}

function aggregate({ keys, focus, own, onces, keptRef }: Aggregating, flow: Flow, { draft }: Building): Flow {
  const by = keys.map((key): AggregateStep['by'][number] => {
    const text = written(key.sql, flow);
    return text === identifier(key.name) ? { name: key.name } : { name: key.name, expr: text };
  });
  const columns = namesOf(focus.counted, keys).map(([counted, name]) => {
    const once = onces.get(counted);
    const filter = own && counted.conditions.length > 0 ? joined(counted.conditions) : undefined;
    const call = aggregateSql(counted, {
      ...(once && { once }),
      ...(filter && { filter }),
      ...(keptRef && { kept: keptRef }),
    });
    return { name, expr: written(call, flow) };
  });
  const fields: Field[] = [
    ...keys.map((key) => ({ name: key.name, refs: key.sql.parts.length === 1 ? refsOf(key, flow) : [] })),
    ...columns.map(({ name }) => ({ name, refs: [] })),
  ];
  return draft.add('grouped', { kind: 'aggregate', from: flow.from, by, columns }, fields);
}

const refsOf = (key: Keyed, flow: Flow): readonly ColumnRef[] =>
  key.sql.columns.flatMap((ref) => fieldOf(flow, ref).refs);

export const joined = (conditions: readonly Sql[]): Sql =>
  conditions.length === 1 && conditions[0]
    ? conditions[0]
    : sql(
        conditions.flatMap((part, at) => [...(at === 0 ? [] : [' and ']), part.loose ? sql(['(', part, ')']) : part]),
      );

interface Chosen {
  readonly keys: readonly Keyed[];
  readonly focus: Focus;
  readonly flow: Flow;
}

/** Conditions on groups. Those on numbers that are not asked for are counted too, and left out again at the end. */
function having(wishes: Wishes, { keys, focus, flow }: Chosen, { linker, draft }: Building): Flow | undefined {
  const parts: string[] = [];
  for (const { having: wish } of wishes.of('having')) {
    const found = measureLike(wish.measure, focus.counted, linker);
    if (!found) {
      linker.refuse(wish.measure, 'Ask for this measure too, so that groups can be chosen by it.');
      return;
    }
    if (wish.measure.whole && !wish.said && !isSureOfGroups(wish.measure, linker)) return undefined;
    const name = namesOf(focus.counted, keys).find(([counted]) => counted === found)?.[1] ?? found.name;
    parts.push(`${identifier(name)} ${wish.operator} ${wish.value.kind === 'number' ? wish.value.sql : ''}`);
  }
  for (const { count, said } of focus.counts) {
    const found = focus.counted.find(
      ({ aggregate, of, table }) => aggregate === 'count' && !of && table === focus.base,
    );
    if (!found || !count) {
      linker.refuse(said, `Ask for the number of ${tableId(focus.base)} too, so that groups can be chosen by it.`);
      return;
    }
    const name = namesOf(focus.counted, keys).find(([counted]) => counted === found)?.[1] ?? found.name;
    parts.push(`${identifier(name)} ${count.operator} ${count.value}`);
  }
  if (parts.length === 0) return flow;
  return draft.add('chosen_groups', { kind: 'filter', from: flow.from, where: parts.join(' and ') }, flow.fields);
}

/** `total amount above 100`: of a group, or of each row in it. */
function isSureOfGroups({ text, whole }: Counted['measure'], linker: Building['linker']): boolean {
  const choices = [
    { id: 'groups', label: 'The sum over each group' },
    { id: 'rows', label: `The ${whole?.text ?? 'value'} of each row, before they are summed` },
  ];
  const answer = linker.ask({ id: `sum ${text.toLowerCase()}`, text: `Of what is “${text}” said?`, choices });
  if (answer === 'rows')
    linker.refuse(
      { text, offset: whole?.offset ?? 0 },
      `Say “where ${whole?.text ?? text} is …” before “per”, with the column's own name in it.`,
    );
  return answer === 'groups';
}

function pivotColumns(wishes: Wishes, { linker }: Building): readonly ColumnRef[] {
  const pivot = wishes.first('pivot')?.pivot;
  const column = pivot && linker.column(pivot.column);
  return column ? [column] : [];
}
