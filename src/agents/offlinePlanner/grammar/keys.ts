/** For what there is one row each: `per customer and month`, `by country`, `monthly`. */
import type { Cursor } from '../cursor.ts';
import type { Clause, Key, Unit } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { alias } from './measures.ts';
import { unitOf } from './periods.ts';

export function keys(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'per',
    'by',
    'for each',
    'for every',
    'grouped by',
    'group by',
    'broken down by',
    'split by',
    'in each',
    'each',
    'aggregated by',
    'aggregate by',
    'group them by',
    'and group by',
    'of each',
    'of every',
  );
  if (word === undefined) return undefined;
  const found = cursor.list(() => key(cursor));
  if (!found) cursor.expect('a column or a table, such as “per customer”');
  return found && { kind: 'keys', keys: found, offset };
}

export function key(cursor: Cursor): Key | undefined {
  cursor.take('each', 'every', 'per', 'by');
  cursor.skip('the', 'calendar');
  const found = cursor.first(
    () => ofUnit(cursor),
    () => {
      const name = cursor.name(() => true);
      return name && { kind: 'name' as const, name };
    },
  );
  if (!found) return undefined;
  const named = alias(cursor);
  return { ...found, ...(named !== undefined && { alias: named }) };
}

/** `month`, `month of ordered_at`, `ordered_at month`. */
function ofUnit(cursor: Cursor): Key | undefined {
  const start = cursor.at;
  // A column called month is that column.
  const own = cursor.attempt(() => cursor.name(({ columns }) => columns.some(({ rank }) => rank === 0)));
  cursor.at = start;
  const offset = cursor.offset;
  if (own?.columns.some(({ distance }) => distance === 0)) return undefined;
  const unit = unitOf(cursor);
  if (unit) {
    const text = cursor.tokens[cursor.at - 1]?.text ?? unit;
    const of = cursor.attempt(() => (cursor.take('of', 'of the') ? timeColumn(cursor) : undefined));
    return { kind: 'unit', unit, text, offset, ...(of && { of }) };
  }
  const of = timeColumn(cursor);
  const behind = of && unitOf(cursor);
  return of && behind ? { kind: 'unit', unit: behind, of, text: `${of.text} ${behind}`, offset } : undefined;
}

const timeColumn = (cursor: Cursor): NameRef | undefined =>
  cursor.name(({ columns }) => columns.some(({ column }) => /^(?:date|timestamp)/.test(column.type)));

const adverbs: Readonly<Record<string, Unit>> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
};

export function adverb(cursor: Cursor): Clause | undefined {
  const token = cursor.peek();
  const word = cursor.take(...Object.keys(adverbs));
  const unit = word === undefined ? undefined : adverbs[word];
  if (!unit || !token) return undefined;
  return { kind: 'keys', keys: [{ kind: 'unit', unit, text: token.text, offset: token.offset }], offset: token.offset };
}

/** `per customer`, `for each product`: names only. */
export function per(
  cursor: Cursor,
  words: readonly string[] = [
    'per',
    'for each',
    'for every',
    'of each',
    'of every',
    'in each',
    'within each',
    'within',
  ],
): readonly NameRef[] | undefined {
  return cursor.attempt(() => {
    if (cursor.take(...words) === undefined) return undefined;
    const found = cursor.list(() => cursor.name(() => true));
    if (!found) cursor.expect('a column or a table, such as “per customer”');
    return found;
  });
}
