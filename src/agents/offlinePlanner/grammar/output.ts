/** What comes out: columns, their names, order, and number of rows. */
import type { Cursor } from '../cursor.ts';
import type { Clause, Item, Order } from '../intent.ts';
import type { Token } from '../tokens.ts';
import { value } from './choices.ts';
import { alias, measure } from './measures.ts';
import { ranked } from './picks.ts';
import { rows } from './rows.ts';
import { directionOf } from './windows.ts';

/** `order_id, status and quantity * unit_price as amount`. */
export function columns(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const only = cursor.take(
    'only the columns',
    'only columns',
    'only the column',
    'the columns',
    'columns',
    'keep the columns',
    'keep only the columns',
    'keep columns',
    'with the columns',
    'with columns',
    'only',
    'keep only',
    'keep',
  );
  const found = cursor.list(() => item(cursor));
  // `open orders` are rows, not a column called open: a list ends before what it is of.
  const at = cursor.at;
  const isBeforeTable = cursor.attempt(() => rows(cursor)) !== undefined;
  cursor.at = at;
  if (!found || isBeforeTable) return undefined;
  return { kind: 'columns', items: found, only: only !== undefined, offset };
}

function item(cursor: Cursor): Item | undefined {
  const before = cursor.at;
  if (cursor.attempt(() => measure(cursor))) {
    cursor.at = before;
    return undefined;
  }
  const expr = value(cursor);
  if (!expr || ['number', 'text', 'date', 'boolean'].includes(expr.kind)) return undefined;
  const name = alias(cursor);
  if (expr.kind !== 'column' && name === undefined) {
    if (cursor.at > before) cursor.expect('“as” and a name for the new column');
    return undefined;
  }
  // A phrase that a table's name is too is that table.
  if (
    expr.kind === 'column' &&
    expr.name.tables.length > 0 &&
    !expr.name.columns.some(({ rank, distance }) => rank === 0 && distance === 0)
  )
    return undefined;
  return { expr, ...(name !== undefined && { name }) };
}

export function omit(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  if (
    cursor.take(
      'leave out',
      'omit',
      'without the columns',
      'without the column',
      'without column',
      'without columns',
      'leaving out',
      'omitting',
      'hide',
    ) === undefined
  )
    return undefined;
  cursor.take('the');
  cursor.take('columns', 'column');
  const found = cursor.list(() => cursor.column());
  return found && { kind: 'omit', columns: found, offset };
}

export function rename(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take('rename', 'and rename', 'renaming', 'and', ',');
  if (word === undefined) return undefined;
  cursor.take('the');
  cursor.take('column');
  const from = cursor.column();
  if (!from || cursor.take('to', 'into') === undefined) return undefined;
  const to = cursor.ownName();
  return to === undefined ? undefined : { kind: 'rename', from, to, offset };
}

export function order(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'sorted by',
    'sort by',
    'ordered by',
    'order by',
    'sort them by',
    'order them by',
    'sort the result by',
    'sorted',
    'in order of',
    'sort',
    'sort it by',
    'sort the rows by',
    'order the result by',
  );
  if (word === undefined) return undefined;
  if (word === 'sorted' && cursor.take('by') === undefined) {
    const direction = directionOf(cursor);
    if (!direction || cursor.take('by') === undefined) return undefined;
  }
  if (word === 'sort') cursor.take('by');
  const found = cursor.list(() => orderItem(cursor));
  if (!found) cursor.expect('a column to sort by');
  return found && { kind: 'order', by: found, offset };
}

function orderItem(cursor: Cursor): Order | undefined {
  const by =
    cursor.attempt(() => ranked(cursor)) ??
    cursor.attempt(() => {
      const token = cursor.peek();
      if (token?.kind !== 'word' || !isOwn(cursor.tokens, token.value)) {
        cursor.expect('a column of the result');
        return;
      }
      cursor.at += 1;
      return { kind: 'own' as const, name: token.value };
    });
  if (!by) return undefined;
  return { by, direction: directionOf(cursor) ?? 'asc' };
}

/** A name that the prompt gives itself, or that a measure or a stretch of time gets. */
const isOwn = (tokens: readonly Token[], name: string): boolean =>
  /^(?:day|week|month|quarter|year)$|_(?:count|rank|share)$|^(?:total|average|min|max|running|previous|next|distinct)_/.test(
    name,
  ) ||
  tokens.some(
    ({ value }, at) =>
      value === name &&
      (/^(?:as|called|named)$/.test(tokens[at - 1]?.value ?? '') || /^(?:as|=)$/.test(tokens[at + 1]?.value ?? '')),
  );

export function limit(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'limit',
    'limit to',
    'limited to',
    'first',
    'only the first',
    'the first',
    'at most',
    'limit it to',
    'only',
  );
  const count = word === undefined ? undefined : cursor.number();
  if (count === undefined || !Number.isInteger(count) || count < 1) return undefined;
  const rows = cursor.take('rows', 'records', 'results', 'row');
  if (rows === undefined && !word?.startsWith('limit')) {
    // `first 100 orders`: the table follows.
    return cursor.attempt(() => cursor.table()) ? ((cursor.at -= 1), { kind: 'limit', count, offset }) : undefined;
  }
  return { kind: 'limit', count, offset };
}

export function distinct(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  if (
    cursor.take(
      'distinct',
      'unique',
      'different',
      'without duplicates',
      'remove duplicates',
      'no duplicates',
      'removing duplicates',
      'and remove duplicates',
    ) === undefined
  )
    return undefined;
  return { kind: 'distinct', offset };
}
