/** The first few: of all rows, or of each group. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { Pick } from '../intent.ts';
import type { ColumnRef } from '../names.ts';
import { measureLike, namesOf, type Counted } from './counted.ts';
import type { Field, Flow } from './draft.ts';
import { meaningOf, type Keyed } from './keyed.ts';
import { comparable, overOrder, ranked, totalOrder } from './order.ts';
import type { Building } from './building.ts';

interface Groups {
  readonly keys: readonly Keyed[];
  readonly counted: readonly Counted[];
  readonly flow: Flow;
}

/** `top 10 customers by total amount`: of groups. */
export function topOf(pick: Pick, { keys, counted, flow }: Groups, building: Building): Flow | undefined {
  const { linker } = building;
  if (pick.by?.kind === 'name') {
    linker.refuse(pick.by.name, 'Groups are ranked by a measure: “by total …”.');
    return undefined;
  }
  const found =
    pick.by?.kind === 'measure'
      ? measureLike(pick.by.measure, counted, linker)
      : counted.length === 1
        ? counted[0]
        : undefined;
  if (!found) {
    linker.refuse(pick, 'Say by which measure: “by total …”.');
    return;
  }
  const name = namesOf(counted, keys).find(([one]) => one === found)?.[1] ?? found.name;
  const within = pick.per.flatMap((each) => keysFor(each, keys, building));
  return firstOf(
    {
      count: pick.count,
      direction: pick.direction,
      by: name,
      within,
      keys: flow.fields.filter((field) => keys.some((key) => key.name === field.name)),
    },
    flow,
    building,
  );
}

function keysFor(name: Pick['per'][number], keys: readonly Keyed[], { linker }: Building): readonly string[] {
  const meaning = meaningOf(name, linker);
  return keys
    .filter((key) => (meaning === 'column' ? key.phrase === name.phrase : key.entity === meaning))
    .map((key) => key.name);
}

/** A column of the rows, to part them by. */
export function partition(name: string, flow: Flow): string {
  const field = flow.fields.find((each) => each.name === name);
  return field ? comparable(field) : identifier(name);
}

export interface First {
  readonly count: number;
  readonly direction: 'asc' | 'desc';
  readonly by: string;
  readonly within: readonly string[];
  /** What tells rows of the same value apart. */
  readonly keys: readonly Field[];
}

export function firstOf({ count, direction, by, within, keys }: First, flow: Flow, { linker, draft }: Building): Flow {
  const order = totalOrder(
    [ranked(by, direction)],
    keys.filter(({ name }) => !within.includes(name) && name !== by),
  );
  const ties = order
    .slice(1)
    .map(({ expr }) => expr)
    .join(', ');
  if (ties !== '') linker.assume(`Of rows with the same ${by}, those come first whose ${ties} is lower.`);
  if (within.length === 0) return draft.add('top', { kind: 'limit', from: flow.from, count, by: order }, flow.fields);
  const expr = `row_number() over (partition by ${within.map((name) => partition(name, flow)).join(', ')} order by ${overOrder(order)})`;
  const place = { name: 'place', refs: [] as readonly ColumnRef[] };
  const placed = draft.add('placed', { kind: 'window', from: flow.from, columns: [{ name: 'place', expr }] }, [
    ...flow.fields,
    place,
  ]);
  const few = draft.add('top', { kind: 'filter', from: placed.from, where: `place <= ${count}` }, placed.fields);
  return draft.add(
    'top_rows',
    { kind: 'select', from: few.from, columns: flow.fields.map(({ name }) => ({ name })) },
    flow.fields,
  );
}
