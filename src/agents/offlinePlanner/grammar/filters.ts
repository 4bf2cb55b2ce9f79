/** Clauses that choose rows. */
import type { Cursor } from '../cursor.ts';
import type { Clause } from '../intent.ts';
import { condition } from './conditions.ts';
import { period } from './periods.ts';
import { rows } from './rows.ts';

const spoken = (cursor: Cursor, start: number): string =>
  cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');

export function filter(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const word = cursor.take(
    'where',
    'with',
    'whose',
    'having',
    'that are',
    'that were',
    'who are',
    'which are',
    'that have been',
    'only',
    'only where',
    'only with',
    'filter',
    'filter by',
    'filter on',
    'filter where',
    'filtered by',
    'if',
    'when',
    'keep only those',
    'keep only',
    'that have',
    'who have',
    'which have',
    'only those with',
    'only those where',
    'for which',
    'and',
    'but only',
    'only those',
    'keep rows where',
    'keep only rows where',
    'keep only rows with',
    'keep only those with',
    'keep only those where',
    'keep those where',
    'keep those with',
    'limited to those with',
    'without',
    'that',
    'who',
    'which',
    'that is',
    'keep where',
    'without a',
    'without an',
  );
  if (word === undefined) return undefined;
  cursor.skip('the', 'those', 'rows', 'where', 'their');
  const negated = word.startsWith('without');
  const found = condition(cursor);
  if (!found) return undefined;
  // `without email` says that it is missing; a condition behind `without` would say who knows what.
  if (negated) return undefined;
  return { kind: 'filter', condition: found, text: spoken(cursor, start), offset };
}

/** `without an email`, `with an email`, `with a phone`. */
export function presence(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const word = cursor.take(
    'without',
    'without a',
    'without an',
    'without any',
    'with a',
    'with an',
    'with no',
    'missing',
    'that have no',
    'who have no',
    'that have a',
    'that have an',
    'who have a',
    'who have an',
    'with a known',
    'with a given',
    'with missing',
    'with a missing',
    'with an unknown',
    'with unknown',
  );
  if (word === undefined) return undefined;
  const of = cursor.name(({ columns, tables }) => columns.length > 0 && tables.length === 0);
  if (!of) return undefined;
  const negated = /with an?$|with a (?:known|given)$|have an?$/.test(word) && !word.startsWith('without');
  return { kind: 'filter', condition: { kind: 'null', of, negated }, text: spoken(cursor, start), offset };
}

/** `since 2024-01-01`, `in March 2025`, `last 30 days`. */
export function dates(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const found = period(cursor);
  if (!found) return undefined;
  const text = spoken(cursor, start);
  return { kind: 'filter', condition: { kind: 'period', period: found, text }, text, offset };
}

/** `ordered since 2024`, `created in March 2025`: a column's beginning stands before the days. */
export function datedWord(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  cursor.take('that were', 'who were', 'which were', 'were', 'was');
  const of = cursor.name(({ columns }) => columns.some(({ column }) => /^(?:date|timestamp)/.test(column.type)));
  const found = of && period(cursor);
  if (!of || !found) return undefined;
  const text = spoken(cursor, start);
  return { kind: 'filter', condition: { kind: 'period', of, period: found, text }, text, offset };
}

/** `excluding cancelled and test orders`, `excluding orders with status new`. */
export function exclude(cursor: Cursor): Clause | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const word = cursor.take(
    'excluding',
    'exclude',
    'except',
    'except for',
    'ignoring',
    'without',
    'not counting',
    'leaving out',
    'but not',
    'without the',
    'excluding the',
    'excluding all',
    'ignore',
  );
  if (word === undefined) return undefined;
  return cursor.first(
    () => {
      const chosen = rows(cursor);
      if (!chosen) return undefined;
      if (chosen.conditions.length > 0) return { kind: 'exclude' as const, rows: chosen, offset };
      if (word.startsWith('without') || cursor.take('with', 'where', 'whose', 'that are', 'that were') === undefined)
        return undefined;
      const part = condition(cursor);
      return (
        part && {
          kind: 'filter' as const,
          condition: { kind: 'not' as const, part },
          text: spoken(cursor, start),
          offset,
        }
      );
    },
    () => {
      cursor.take('rows');
      if (word.startsWith('without')) return undefined;
      cursor.take('where', 'with', 'those with');
      const part = condition(cursor);
      return (
        part && {
          kind: 'filter' as const,
          condition: { kind: 'not' as const, part },
          text: spoken(cursor, start),
          offset,
        }
      );
    },
  );
}

const before = [
  'of',
  'from',
  'for',
  'in',
  'of all',
  'from all',
  'for all',
  'across',
  'and',
  'with',
  'over',
  'on',
  'to',
  'from the',
  'keep',
  'keep only',
  'only',
  'keep the',
  'take only',
];

/** `open orders`: a table whose rows a word before it chooses. */
export function described(cursor: Cursor): Clause | undefined {
  const found = subject(cursor);
  return found?.kind === 'subject' && found.rows.conditions.length > 0 ? found : undefined;
}

/** A table, as what the prompt is about. */
export function subject(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const chosen = cursor.first(
    () => rows(cursor),
    () => (cursor.take(...before) === undefined ? undefined : rows(cursor)),
  );
  return chosen && { kind: 'subject', rows: chosen, offset };
}
