/** What is counted or summed: `total amount`, `number of paid orders`, `average of quantity times price`. */
import type { Cursor } from '../cursor.ts';
import type { Aggregate, Clause, Expr, Having, Measure, Operator } from '../intent.ts';
import { fits, type NameRef } from '../names.ts';
import { numberWord } from '../vocabulary.ts';
import { comparator } from './conditions.ts';
import { digits, expression, literal } from './expressions.ts';
import { rows } from './rows.ts';

const words: Readonly<Record<string, Aggregate>> = {
  total: 'sum',
  'total of': 'sum',
  sum: 'sum',
  'sum of': 'sum',
  'sum up': 'sum',
  summed: 'sum',
  average: 'avg',
  'average of': 'avg',
  avg: 'avg',
  'avg of': 'avg',
  mean: 'avg',
  'mean of': 'avg',
  minimum: 'min',
  'minimum of': 'min',
  min: 'min',
  lowest: 'min',
  smallest: 'min',
  earliest: 'min',
  maximum: 'max',
  'maximum of': 'max',
  max: 'max',
  highest: 'max',
  largest: 'max',
  biggest: 'max',
};

const counts = ['number of', 'count of', 'count', 'how many', 'the number of', 'the count of', 'total number of'];
const differing = ['distinct', 'different', 'unique'];

export function measure(cursor: Cursor): Measure | undefined {
  const start = cursor.at;
  cursor.skip('the', 'a', 'an', 'its', 'their');
  const found = cursor.first(
    () => counted(cursor),
    () => countedAfter(cursor),
    () => aggregated(cursor),
  );
  if (!found) return undefined;
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  const named = alias(cursor);
  const offset = cursor.tokens[start]?.offset ?? 0;
  return { ...found, text, offset, ...(named !== undefined && { name: named }) };
}

type Found = Omit<Measure, 'text' | 'offset'>;

function counted(cursor: Cursor): Found | undefined {
  const word = cursor.take(...counts, ...differing);
  if (word === undefined) return undefined;
  const alone = differing.includes(word);
  const distinct = alone || cursor.take(...differing) !== undefined;
  if (alone) return undefined;
  cursor.take('all', 'the');
  if (cursor.take('rows', 'records', 'entries')) return { aggregate: 'count', distinct: false };
  const chosen = cursor.attempt(() => rows(cursor));
  if (chosen) return { aggregate: 'count', distinct, rows: chosen };
  const name = cursor.column();
  // `number of open orders` counts orders; where “open” chooses none of them, it is not understood.
  if (name && cursor.lexicon.nameAt(cursor.tokens, cursor.at)?.name.tables.length) {
    cursor.expect('a word that chooses rows');
    return;
  }
  if (!name) cursor.expect('what is counted');
  return name && { aggregate: 'count', distinct, of: { kind: 'column', name } };
}

/** `order count`. */
function countedAfter(cursor: Cursor): Found | undefined {
  const table = cursor.table();
  return table && cursor.take('count', 'counts')
    ? { aggregate: 'count', distinct: false, rows: { table, conditions: [] } }
    : undefined;
}

function aggregated(cursor: Cursor): Found | undefined {
  const start = cursor.at;
  const whole = cursor.attempt(() => cursor.column());
  const afterWhole = cursor.at;
  cursor.at = start;
  const word = cursor.take(...Object.keys(words));
  const aggregate = word === undefined ? undefined : words[word];
  if (!aggregate) return undefined;
  cursor.skip('the', 'all');
  const begin = cursor.peek()?.value;
  const written = cursor.attempt(() => expression(cursor));
  // `average price rounded to 2 digits` rounds the average, not the prices.
  const isLate = written?.kind === 'call' && written.name === 'round' && begin !== 'round' && begin !== '(';
  const of = isLate ? written.args[0] : written;
  const name = whole && numeric(whole) ? whole : undefined;
  // `total amount` of a column total_amount: the word is a part of the name.
  const meant = of && (!name || cursor.at >= afterWhole) ? of : name && ({ kind: 'column', name } satisfies Expr);
  if (!meant) {
    cursor.expect(`what the ${word ?? ''} is of`);
    return;
  }
  if (!of) cursor.at = afterWhole;
  const chosen = cursor.attempt(() =>
    cursor.take('of', 'of all', 'over', 'from', 'across') ? rows(cursor) : undefined,
  );
  const rounded = isLate ? written : cursor.attempt(() => (cursor.take('rounded') ? digits(cursor, meant) : undefined));
  const count = rounded?.kind === 'call' ? rounded.args[1] : undefined;
  return {
    aggregate,
    distinct: false,
    of: meant,
    ...(name && of && aggregate === 'sum' && { whole: name }),
    ...(chosen && { rows: chosen }),
    ...(rounded && { digits: count?.kind === 'number' ? Number(count.sql) : 0 }),
  };
}

/** A name that holds the word of the sum itself, such as total_amount. */
const numeric = (name: NameRef): boolean => name.columns.some(({ column, rank }) => rank < 2 && fits(column, 'number'));

export function alias(cursor: Cursor): string | undefined {
  return cursor.attempt(() => (cursor.take('as', 'named', 'called') ? cursor.ownName() : undefined));
}

export function measures(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const found = cursor.list(() => measure(cursor));
  return found && { kind: 'measures', measures: found, offset };
}

/** `having total amount above 1000`, `with at least 3 orders` where rows are grouped. */
export function having(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'having',
    'with',
    'where',
    'that have',
    'who have',
    'which have',
    'and',
    'whose',
    'where the',
    'only with',
    'keep only those with',
  );
  if (word === undefined) return undefined;
  const found = compared(cursor);
  return found && { kind: 'having', having: { ...found, said: word === 'having' }, offset };
}

function compared(cursor: Cursor): Omit<Having, 'said'> | undefined {
  cursor.skip('the', 'a', 'an');
  const of = measure(cursor);
  if (!of) return undefined;
  cursor.take('is', 'are', 'of', 'was');
  const operator = comparator(cursor);
  const value = operator === undefined ? undefined : literal(cursor);
  return operator !== undefined && value?.kind === 'number' ? { measure: of, operator, value } : undefined;
}

function countNumber(cursor: Cursor): number | undefined {
  const word = numberWord(cursor.peek()?.value ?? '');
  if (word !== undefined) cursor.at += 1;
  return word ?? cursor.number();
}

/** `more than 3`, `at least two`, `exactly 1`. */
export function countCondition(cursor: Cursor): { readonly operator: Operator; readonly value: number } | undefined {
  return cursor.attempt((): { readonly operator: Operator; readonly value: number } | undefined => {
    const operator = comparator(cursor);
    const value = operator === undefined ? undefined : countNumber(cursor);
    if (operator !== undefined && value !== undefined) return { operator, value };
    const exact = cursor.number();
    if (exact === undefined) return undefined;
    return cursor.take('or more') ? { operator: '>=' as const, value: exact } : undefined;
  });
}
