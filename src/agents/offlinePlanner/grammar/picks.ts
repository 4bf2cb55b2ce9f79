/** A few rows out of many: the top N, the latest of each, one of several that are the same. */
import type { Cursor } from '../cursor.ts';
import type { Clause, Order, Pick, Rows } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { numberWord } from '../vocabulary.ts';
import { modifiers } from './joins.ts';
import { per } from './keys.ts';
import { measure } from './measures.ts';
import { rows } from './rows.ts';

export function pick(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const found = cursor.first(
    () => top(cursor),
    () => latest(cursor),
    () => dedupe(cursor),
  );
  if (!found) return undefined;
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  return { kind: 'pick', pick: { ...found, text, offset }, offset };
}

type Found = Omit<Pick, 'text' | 'offset'>;

/** `top 10 customers by total amount`, `top 3 products per category by price`. */
function top(cursor: Cursor): Found | undefined {
  const word = cursor.take('top', 'bottom', 'the top', 'the bottom');
  if (word === undefined) return undefined;
  const count = cursor.number() ?? wordNumber(cursor) ?? 1;
  if (!Number.isInteger(count) || count < 1) {
    cursor.expect('a whole number');
    return;
  }
  cursor.take('of');
  const chosen = cursor.attempt(() => withModifiers(cursor));
  const name = chosen ? undefined : cursor.attempt(() => cursor.column());
  const about: Rows | undefined = chosen ?? (name && { table: name, conditions: [] });
  let by: Order['by'] | undefined;
  let groups: readonly NameRef[] = [];
  for (let round = 0; round < 2; round++) {
    groups = groups.length > 0 ? groups : (per(cursor) ?? []);
    by ??= cursor.attempt(() =>
      cursor.take('by', 'ordered by', 'with the highest', 'with the most', 'in terms of', 'based on')
        ? ranked(cursor)
        : undefined,
    );
  }
  const direction = word.endsWith('bottom') ? 'asc' : 'desc';
  return { kind: 'top', count, direction, per: groups, ...(about && { rows: about }), ...(by && { by }) };
}

export function ranked(cursor: Cursor): Order['by'] | undefined {
  return cursor.first(
    () => {
      const found = measure(cursor);
      return found && { kind: 'measure' as const, measure: found };
    },
    () => {
      const name = cursor.column();
      return name && { kind: 'name' as const, name };
    },
  );
}

function withModifiers(cursor: Cursor): Rows | undefined {
  const chosen = rows(cursor);
  return chosen && { ...chosen, conditions: [...chosen.conditions, ...periodsOf(cursor, chosen.table)] };
}

const periodsOf = (cursor: Cursor, table: NameRef) => modifiers(cursor, table);

function wordNumber(cursor: Cursor): number | undefined {
  const number = numberWord(cursor.peek()?.value ?? '');
  if (number !== undefined) cursor.at += 1;
  return number;
}

const ends: Readonly<Record<string, 'asc' | 'desc'>> = {
  latest: 'desc',
  'most recent': 'desc',
  newest: 'desc',
  last: 'desc',
  first: 'asc',
  earliest: 'asc',
  oldest: 'asc',
};

/** `latest order per customer by ordered_at`, `each customer's first order`. */
function latest(cursor: Cursor): Found | undefined {
  const before = cursor.attempt(() => per(cursor, ['each', 'for each', 'for every', 'per', 'every']));
  cursor.skip(',', 'the', 'keep', 'only', 'take', 'get', 'find', 'show');
  const word = cursor.take(...Object.keys(ends));
  const direction = word === undefined ? undefined : ends[word];
  if (!direction) return undefined;
  const chosen = rows(cursor);
  if (!chosen) return undefined;
  const conditions = [...chosen.conditions, ...periodsOf(cursor, chosen.table)];
  const groups = before ?? per(cursor) ?? perBy(cursor);
  if (!groups) {
    cursor.expect('“per” and what there is one of for each');
    return;
  }
  const by = cursor.attempt(() => {
    if (cursor.take('by', 'ordered by', 'according to', 'based on') === undefined) return undefined;
    const name = cursor.column();
    return name && { kind: 'name' as const, name };
  });
  return { kind: 'latest', count: 1, rows: { ...chosen, conditions }, direction, per: groups, ...(by && { by }) };
}

const perBy = (cursor: Cursor): readonly NameRef[] | undefined => per(cursor, ['by', 'for']);

/** `deduplicate customers by email keeping the latest created_at`, `remove duplicate customers by email`. */
function dedupe(cursor: Cursor): Found | undefined {
  const word = cursor.take(
    'deduplicate',
    'dedupe',
    'dedup',
    'remove duplicate',
    'remove duplicates from',
    'remove duplicates of',
    'remove duplicates in',
    'drop duplicate',
    'remove the duplicates from',
    'without duplicate',
    'deduplicated',
    'remove duplicates',
  );
  if (word === undefined) return undefined;
  const chosen = cursor.attempt(() => rows(cursor));
  const keys =
    per(cursor, ['by', 'on', 'per', 'with the same', 'based on', 'over', 'using', 'for each', 'of the same']) ?? [];
  cursor.take(',', 'and');
  const kept = cursor.attempt(() => {
    if (cursor.take('keeping', 'keep', 'and keep', 'taking', 'retaining', 'and keeping') === undefined)
      return undefined;
    cursor.skip('only', 'the', 'row', 'one', 'with');
    const end = cursor.take(...Object.keys(ends), 'highest', 'lowest', 'largest', 'smallest');
    if (end === undefined) return undefined;
    cursor.skip('row', 'record', 'one', 'by', 'of', 'entry', 'version', 'value');
    const name = cursor.attempt(() => cursor.column());
    return {
      direction: ends[end] ?? (end === 'highest' || end === 'largest' ? ('desc' as const) : ('asc' as const)),
      name,
    };
  });
  return {
    kind: 'dedupe',
    count: 1,
    direction: kept?.direction ?? 'asc',
    per: keys,
    ...(chosen && { rows: chosen }),
    ...(kept && { by: kept.name ? { kind: 'name', name: kept.name } : { kind: 'own', name: '' } }),
  };
}
