/** Columns that look at the rows around: running totals, ranks, the row before, shares, moving averages. */
import type { Cursor } from '../cursor.ts';
import type { Clause, WindowClause, WindowKind } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { per } from './keys.ts';
import { alias } from './measures.ts';

const kinds: Readonly<Record<string, WindowKind>> = {
  'running total': 'running',
  'running totals': 'running',
  'running sum': 'running',
  'cumulative total': 'running',
  'cumulative sum': 'running',
  cumulative: 'running',
  rank: 'rank',
  ranked: 'rank',
  'row number': 'row number',
  previous: 'previous',
  'previous value': 'previous',
  'the previous': 'previous',
  'next value': 'next',
  'following value': 'next',
  'share of total': 'share',
  'share of the total': 'share',
  'percentage of total': 'share',
  'percentage of the total': 'share',
  'percent of total': 'share',
  share: 'share',
  'moving average': 'moving',
  'rolling average': 'moving',
};

export function window(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  cursor.take('add', 'and', 'with', 'compute', 'calculate', 'show', 'plus', 'also');
  cursor.skip('a', 'an', 'the', 'column', 'with');
  const word = cursor.take(...Object.keys(kinds));
  const kind = word === undefined ? undefined : kinds[word];
  if (!kind) return undefined;
  const found = details(cursor, kind);
  if (!found) return undefined;
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  const name = alias(cursor);
  return { kind: 'window', window: { kind, text, offset, ...found, ...(name !== undefined && { name }) }, offset };
}

type Details = Pick<WindowClause, 'table' | 'of' | 'per' | 'order' | 'direction' | 'rows'>;

function details(cursor: Cursor, kind: WindowKind): Details | undefined {
  cursor.take('of');
  const ofTable = kind === 'rank' ? cursor.attempt(() => cursor.table()) : undefined;
  let of = ofTable ? undefined : cursor.attempt(() => cursor.column());
  let order: NameRef | undefined;
  let groups: readonly NameRef[] | undefined;
  let count: number | undefined;
  let direction: 'asc' | 'desc' | undefined;
  for (let round = 0; round < 4; round++) {
    count ??= cursor.attempt(() => {
      if (
        cursor.take('over the last', 'over', 'of the last', 'over the previous', 'of', 'over a window of') === undefined
      )
        return undefined;
      const number = cursor.number();
      return number !== undefined && cursor.take('rows', 'row', 'values', 'entries') ? number : undefined;
    });
    groups ??= per(cursor);
    order ??= cursor.attempt(() => {
      if (cursor.take('by', 'ordered by', 'over', 'in order of', 'sorted by', 'along') === undefined) return undefined;
      const found = cursor.column();
      if (!found) cursor.expect('a column to order by');
      return found;
    });
    direction ??= directionOf(cursor);
  }
  if (kind === 'rank' && !of && order) {
    of = order;
    order = undefined;
  }
  if (kind === 'moving' && count === undefined) {
    cursor.expect('“over N rows”');
    return;
  }
  const isRanked = kind === 'rank';
  return {
    per: groups ?? [],
    direction: direction ?? (isRanked ? 'desc' : 'asc'),
    ...(ofTable && { table: ofTable }),
    ...(of && { of }),
    ...(order && { order }),
    ...(count !== undefined && { rows: count }),
  };
}

export function directionOf(cursor: Cursor): 'asc' | 'desc' | undefined {
  return cursor.attempt(() => {
    cursor.take('in');
    const word = cursor.take(...Object.keys(directions));
    if (word === undefined) return undefined;
    cursor.take('order');
    return directions[word];
  });
}

const directions: Readonly<Record<string, 'asc' | 'desc'>> = {
  asc: 'asc',
  ascending: 'asc',
  desc: 'desc',
  descending: 'desc',
  'highest first': 'desc',
  'largest first': 'desc',
  'biggest first': 'desc',
  'newest first': 'desc',
  'latest first': 'desc',
  'most recent first': 'desc',
  'lowest first': 'asc',
  'smallest first': 'asc',
  'oldest first': 'asc',
  'earliest first': 'asc',
  alphabetically: 'asc',
};
