/** What the prompt says of the result as a whole: which columns, in which order, how many rows. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { OrderItem } from '../../../spec/spec.ts';
import type { Order } from '../intent.ts';
import { sameColumn, type ColumnRef, type NameRef } from '../names.ts';
import type { Field, Flow } from './draft.ts';
import { comparable, totalOrder } from './order.ts';
import { measureLike } from './counted.ts';
import type { Building } from './building.ts';
import type { Focus } from './scope.ts';
import type { Wishes } from './wishes.ts';

interface Finishing extends Building {
  readonly focus: Focus;
}

export function finishRows(rows: Flow, wishes: Wishes, finishing: Finishing): Flow | undefined {
  const { linker, draft } = finishing;
  let flow: Flow | undefined = rows;
  if (wishes.of('distinct').length > 0)
    flow = draft.add('distinct_rows', { kind: 'distinct', from: flow.from }, flow.fields);
  flow = ordered(flow, wishes, finishing);
  const omitted =
    flow &&
    fieldsOf(
      wishes.of('omit').flatMap(({ columns }) => columns),
      flow,
      finishing,
    );
  if (!flow || !omitted) return undefined;
  if (omitted.length > 0) {
    const left = flow.fields.filter((field) => !omitted.includes(field));
    if (left.length === 0) {
      linker.refuse({ text: 'leave out', offset: 0 }, 'No column would be left.');
      return;
    }
    flow = draft.add(
      'fewer_columns',
      { kind: 'select', from: flow.from, columns: left.map(({ name }) => ({ name })) },
      left,
    );
  }
  return renamed(flow, wishes, finishing);
}

function ordered(flow: Flow, wishes: Wishes, { linker, draft, focus }: Finishing): Flow | undefined {
  const items: OrderItem[] = [];
  for (const item of wishes.of('order').flatMap(({ by }) => by)) {
    const name = orderName(item, flow, { linker, draft, focus });
    if (name === undefined) return undefined;
    const field = flow.fields.find((each) => each.name === name);
    items.push({
      expr: field ? comparable(field) : identifier(name),
      ...(item.direction === 'desc' && { direction: 'desc' as const, nulls: 'last' as const }),
    });
  }
  const limit = wishes.first('limit');
  if (!limit)
    return items.length === 0 ? flow : draft.add('sorted', { kind: 'sort', from: flow.from, by: items }, flow.fields);
  const isKey = (field: Field): boolean =>
    focus.isGrouped ||
    field.refs.some(
      ({ table, column }) => table === focus.base && focus.base.primaryKey?.includes(column.name) === true,
    );
  const keys = focus.isGrouped ? flow.fields.filter(({ refs }) => refs.length > 0) : flow.fields.filter(isKey);
  const by = totalOrder(items, keys.length > 0 ? keys : flow.fields);
  if (items.length === 0)
    linker.assume(`The first ${limit.count} rows are those with the lowest ${by.map(({ expr }) => expr).join(', ')}.`);
  return draft.add('first_rows', { kind: 'limit', from: flow.from, count: limit.count, by }, flow.fields);
}

function orderName({ by }: Order, flow: Flow, { linker, focus }: Finishing): string | undefined {
  if (by.kind === 'own') {
    const found = flow.fields.find(({ name }) => name.toLowerCase() === by.name);
    if (!found) linker.refuse({ text: by.name, offset: 0 }, 'The result has no such column.');
    return found?.name;
  }
  if (by.kind === 'name') {
    const own = flow.fields.find(({ refs }) =>
      refs.some((ref) => by.name.columns.some((reading) => sameColumn(reading, ref))),
    );
    const named = flow.fields.find(
      ({ name }) => name.toLowerCase().replaceAll('_', ' ') === by.name.text.toLowerCase().replaceAll('_', ' '),
    );
    const measured = focus.counted.filter(
      ({ of }) =>
        of?.parts.length === 1 && by.name.columns.some((reading) => of.columns.some((ref) => sameColumn(ref, reading))),
    );
    const only = measured.length === 1 ? flow.fields.find(({ name }) => name === measured[0]?.name) : undefined;
    const ref = !focus.isGrouped && own ? linker.column(by.name) : undefined;
    const exact = ref && flow.fields.find(({ refs }) => refs.some((one) => sameColumn(one, ref)));
    const found = exact ?? named ?? own ?? only;
    if (!found) linker.refuse(by.name, 'The result has no such column.');
    return found?.name;
  }
  const { measure } = by;
  const counted = measureLike(measure, focus.counted, linker);
  const found = counted && flow.fields.find(({ name }) => name === counted.name || name.endsWith(`_${counted.name}`));
  if (found) return found.name;
  const column = !focus.isGrouped && measure.whole ? linker.column(measure.whole) : undefined;
  const field = column && flow.fields.find(({ refs }) => refs.some((ref) => sameColumn(ref, column)));
  if (!field) linker.refuse(measure, 'The result has no such measure.');
  return field?.name;
}

function fieldsOf(names: readonly NameRef[], flow: Flow, { linker }: Building): readonly Field[] | undefined {
  const found = names.map((name) => {
    const isIt = (ref: ColumnRef): boolean => name.columns.some((reading) => sameColumn(reading, ref));
    const field = flow.fields.find(({ refs }) => refs.some(isIt));
    if (!field) linker.refuse(name, 'The result has no such column.');
    return field;
  });
  return found.some((field) => field === undefined) ? undefined : found.filter((field) => field !== undefined);
}

function renamed(flow: Flow, wishes: Wishes, { linker, draft }: Building): Flow | undefined {
  const pairs: { readonly from: string; readonly to: string }[] = [];
  for (const { from, to } of wishes.of('rename')) {
    const [field] = fieldsOf([from], flow, { linker, draft }) ?? [];
    if (!field) return undefined;
    if (flow.fields.some(({ name }) => name === to)) {
      linker.refuse({ text: to, offset: from.offset }, 'A column of this name is there already.');
      return;
    }
    pairs.push({ from: field.name, to });
  }
  if (pairs.length === 0) return flow;
  const fields = flow.fields.map((field) => ({
    ...field,
    name: pairs.find(({ from }) => from === field.name)?.to ?? field.name,
  }));
  return draft.add('renamed', { kind: 'rename', from: flow.from, columns: pairs }, fields);
}
