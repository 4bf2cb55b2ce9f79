/** Columns over the rows around, of rows as they are and of groups. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { WindowClause } from '../intent.ts';
import { sameColumn, type NameRef } from '../names.ts';
import { namesOf, type Counted } from './counted.ts';
import { fieldOf, type Field, type Flow } from './draft.ts';
import { partition } from './top.ts';
import { meaningOf, type Keyed } from './keyed.ts';
import { overOrder, ranked, totalOrder } from './order.ts';
import type { Building } from './building.ts';
import type { Wishes } from './wishes.ts';

/** What a window is made of, by the names that its columns have in the rows. */
interface Parts {
  readonly value?: string;
  readonly within: readonly string[];
  readonly order?: string;
  /** What tells rows apart that the order does not. */
  readonly keys: readonly Field[];
  readonly isWhole: boolean;
}

export function groupedWindows(
  wishes: Wishes,
  { keys, counted, flow }: { keys: readonly Keyed[]; counted: readonly Counted[]; flow: Flow },
  building: Building,
): Flow | undefined {
  const names = namesOf(counted, keys);
  const nameOf = (name: NameRef): string | undefined => {
    const key = keys.find(
      (each) =>
        each.phrase === name.phrase ||
        (each.sql.parts.length === 1 &&
          name.columns.some((reading) => each.sql.columns.some((ref) => sameColumn(ref, reading)))),
    );
    if (key) return key.name;
    const found = names.filter(
      ([one]) =>
        one.of?.parts.length === 1 &&
        name.columns.some((reading) => one.of?.columns.some((ref) => sameColumn(ref, reading))),
    );
    return found.length === 1 ? found[0]?.[1] : undefined;
  };
  let result: Flow | undefined = flow;
  for (const { window } of wishes.of('window')) {
    if (!result) return undefined;
    const only = names.length === 1 ? names[0]?.[1] : undefined;
    const value = window.of ? nameOf(window.of) : only;
    const units = keys.filter(({ unit }) => unit);
    const order = window.order ? nameOf(window.order) : units.length === 1 ? units[0]?.name : undefined;
    const within = window.per.map(
      (name) => nameOf(name) ?? keys.find((key) => key.entity && key.entity === meaningOf(name, building.linker))?.name,
    );
    if (within.some((name) => name === undefined) || (window.order && order === undefined) || value === undefined) {
      building.linker.refuse(window, 'Over groups, windows go by the keys and measures of the result.');
      return;
    }
    // Without “per” the running total goes on through all groups but those of the other keys.
    const ordered = ['running', 'previous', 'next', 'moving'].includes(window.kind);
    const others =
      ordered && window.per.length === 0 && order !== undefined
        ? keys.filter((key) => key.name !== order).map((key) => key.name)
        : [];
    const parts: Parts = {
      value,
      within: window.per.length > 0 ? within.filter((name) => name !== undefined) : others,
      keys: result.fields.filter((field) => keys.some((key) => key.name === field.name)),
      isWhole: false,
      ...(order !== undefined && { order }),
    };
    result = added(window, parts, result, building);
  }
  return result;
}

export function rowWindows(
  wishes: Wishes,
  { keys, flow }: { keys: readonly Field[]; flow: Flow },
  building: Building,
): Flow | undefined {
  const { linker } = building;
  let result: Flow | undefined = flow;
  for (const { window } of wishes.of('window')) {
    const before: Flow | undefined = result;
    if (!before) return undefined;
    const field = (name: NameRef, wanted: 'any' | 'number' = 'any') => {
      const ref = linker.column(name, { wanted });
      return ref && { ref, name: fieldOf(before, ref).name };
    };
    const isNumber = ['running', 'share', 'moving'].includes(window.kind);
    const value = window.of && field(window.of, isNumber ? 'number' : 'any');
    const order = window.order && field(window.order);
    const within = window.per.map((name) => withinOf(name, before, building));
    const ranks = window.table && linker.table(window.table);
    if (ranks && value && value.ref.table !== ranks) {
      linker.refuse(window, 'Say “total … per …, with rank”: these rows have no such column of their own.');
      return undefined;
    }
    if (window.kind === 'share' && window.per.length > 0 && !isShareOfRows(window, building)) return undefined;
    if (!value && window.kind !== 'row number') {
      linker.refuse(window, 'Say of which column.');
      return;
    }
    if (within.some((names) => names === undefined)) return undefined;
    const open = before.fields.filter(
      (each) =>
        within.some((names) => names?.includes(each.name)) &&
        each.refs.length > 0 &&
        each.refs.every(({ column }) => column.nullable),
    );
    for (const each of open) linker.assume(`Rows without ${each.name} are taken together.`);
    const isWhole = value !== undefined && /int/.test(value.ref.column.type);
    const parts: Parts = {
      within: within.flatMap((names) => names ?? []),
      keys,
      isWhole,
      ...(value && { value: value.name }),
      ...(order && { order: order.name }),
    };
    result = added(window, parts, before, building);
  }
  return result;
}

/** `share of total amount per category`: of each row within its category, or of each category. */
function isShareOfRows({ text, offset }: WindowClause, { linker }: Building): boolean {
  const choices = [
    { id: 'rows', label: 'Each row, as a share of its group' },
    { id: 'groups', label: 'Each group, as a share of everything' },
  ];
  const answer = linker.ask({ id: `share ${text.toLowerCase()}`, text: `What is “${text}” a share of?`, choices });
  if (answer === 'groups') linker.refuse({ text, offset }, 'Say “total … per …, with share of total”.');
  return answer === 'rows';
}

/** `per customer`: the key of the customers, as these rows have it. */
export function withinOf(name: NameRef, flow: Flow, { linker }: Building): readonly string[] | undefined {
  const meaning = meaningOf(name, linker);
  if (meaning === 'column') {
    const ref = linker.column(name);
    return ref && [fieldOf(flow, ref).name];
  }
  if (!meaning) return undefined;
  const owners = flow.fields.flatMap(({ refs }) => refs.map(({ table }) => table));
  const base = owners.find((table) => linker.lexicon.links.paths(table, meaning).length > 0);
  const last = base && linker.path(base, meaning)?.at(-1);
  const names = (meaning.primaryKey ?? []).map((column) => {
    const child = last?.pairs.find((pair) => pair.parent === column)?.child;
    return flow.fields.find(({ refs }) =>
      refs.some((ref) =>
        child !== undefined && last
          ? ref.table === last.child && ref.column.name === child
          : ref.table === meaning && ref.column.name === column,
      ),
    )?.name;
  });
  const found = names.filter((each) => each !== undefined);
  if (found.length > 0 && found.length === names.length) return found;
  linker.refuse(name, 'These rows do not refer to it.');
  return undefined;
}

function added(window: WindowClause, parts: Parts, flow: Flow, { linker, draft }: Building): Flow | undefined {
  const { kind } = window;
  if (parts.order === undefined && ['running', 'previous', 'next', 'moving', 'row number'].includes(kind)) {
    linker.refuse(window, 'Say in which order: “ordered by …”.');
    return;
  }
  const value = parts.value === undefined ? '' : identifier(parts.value);
  const ties = parts.keys.filter(({ name }) => !parts.within.includes(name) && name !== parts.order);
  const order = parts.order === undefined ? [] : totalOrder([ranked(parts.order, window.direction, false)], ties);
  const over = (items: typeof order, frame = ''): string =>
    `over (${[parts.within.length > 0 ? `partition by ${parts.within.map((each) => partition(each, flow)).join(', ')}` : '', items.length > 0 ? `order by ${overOrder(items)}` : '', frame].filter((text) => text !== '').join(' ')})`;
  const rows = (window.rows ?? 1) - 1;
  const made: Readonly<Record<WindowClause['kind'], () => readonly [string, string]>> = {
    running: () => [
      `running_${parts.value ?? ''}`,
      `sum(${value}) ${over(order, 'rows between unbounded preceding and current row')}`,
    ],
    rank: () => [`${parts.value ?? ''}_rank`, `rank() ${over([ranked(parts.value ?? '', window.direction)])}`],
    'row number': () => ['row_number', `row_number() ${over(order)}`],
    previous: () => [`previous_${parts.value ?? ''}`, `lag(${value}) ${over(order)}`],
    next: () => [`next_${parts.value ?? ''}`, `lead(${value}) ${over(order)}`],
    share: () => [`${parts.value ?? ''}_share`, `round(100.0 * ${value} / nullif(sum(${value}) ${over([])}, 0), 2)`],
    moving: () => [
      `moving_average_${parts.value ?? ''}`,
      `round(avg(${value}) ${over(order, `rows between ${rows} preceding and current row`)}, 6)`,
    ],
  };
  const [name, expr] = made[kind]();
  if (kind === 'share') linker.assume('Shares are in percent, with two digits.');
  if (kind === 'rank')
    linker.assume('Equal values share a rank, and the ranks after them are left out; NULL comes last.');
  if (kind === 'moving')
    linker.assume(`The moving average is over the row and the ${rows} before it, with six digits.`);
  const own = window.name ?? name;
  return draft.add('windowed', { kind: 'window', from: flow.from, columns: [{ name: own, expr }] }, [
    ...flow.fields,
    { name: own, refs: [] },
  ]);
}
