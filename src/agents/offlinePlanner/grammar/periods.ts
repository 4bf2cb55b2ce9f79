/** Stretches of time: `in March 2025`, `since 2024-01-01`, `last 30 days`. A day belongs to them whole. */
import type { Cursor } from '../cursor.ts';
import type { Operator, Period, Unit } from '../intent.ts';
import { months, numberWord } from '../vocabulary.ts';

/** The days from `from` until before `until`. */
interface Days {
  readonly from: string;
  readonly until: string;
}

export function period(cursor: Cursor): Period | undefined {
  return cursor.first(
    () => moving(cursor),
    () => range(cursor),
    () => beginning(cursor),
    () => ending(cursor),
    () => whole(cursor),
  );
}

/** A day compared: each operator as a stretch of days; nothing for `<>`, which is none. */
export function comparedDay(operator: Operator, day: string): Period | undefined {
  switch (operator) {
    case '=':
      return { kind: 'fixed', from: day, until: nextDay(day) };
    case '>':
      return { kind: 'fixed', from: nextDay(day) };
    case '>=':
      return { kind: 'fixed', from: day };
    case '<':
      return { kind: 'fixed', until: day };
    case '<=':
      return { kind: 'fixed', until: nextDay(day) };
    case '<>':
      return undefined;
  }
}

export const daysBetween = (first: string, last: string): Period => ({
  kind: 'fixed',
  from: first,
  until: nextDay(last),
});

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

export const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
};

/** `between A and B`, `from A to B`: both belong to it. */
function range(cursor: Cursor): Period | undefined {
  const word = cursor.take('between', 'from');
  if (word === undefined) return undefined;
  const first = point(cursor);
  if (!first) return undefined;
  if (cursor.take(...(word === 'between' ? ['and'] : ['to', 'until', 'till', 'through', 'up to', '-'])) === undefined) {
    cursor.expect(`“${word} ${first.from} ${word === 'between' ? 'and' : 'to'} …”, “since” or “on”`);
    return;
  }
  const last = point(cursor);
  return last && first.from < last.until ? { kind: 'fixed', from: first.from, until: last.until } : undefined;
}

function beginning(cursor: Cursor): Period | undefined {
  const word = cursor.take('since', 'after', 'on or after', 'starting', 'starting from', 'starting on', 'later than');
  if (word === undefined) return undefined;
  const first = point(cursor);
  if (!first) {
    cursor.expect('a day such as 2024-01-31');
    return;
  }
  return { kind: 'fixed', from: word === 'after' || word === 'later than' ? first.until : first.from };
}

function ending(cursor: Cursor): Period | undefined {
  const word = cursor.take('before', 'until', 'till', 'up to', 'through', 'on or before', 'earlier than', 'prior to');
  if (word === undefined) return undefined;
  const last = point(cursor);
  if (!last) {
    cursor.expect('a day such as 2024-01-31');
    return;
  }
  return { kind: 'fixed', until: ['before', 'earlier than', 'prior to'].includes(word) ? last.from : last.until };
}

/** `in 2024`, `in March 2025`, `on 2024-01-31`, `from 2024`. */
function whole(cursor: Cursor): Period | undefined {
  const word = cursor.take(
    'in',
    'during',
    'on',
    'for',
    'of',
    'from',
    'within',
    'in the year',
    'for the year',
    'in year',
  );
  if (word === undefined) return undefined;
  const isNamed = cursor.peek()?.kind !== 'date';
  // `from 2024-01-31` may mean that day or all since.
  if (word === 'from' && !isNamed) return undefined;
  if (word === 'of' && cursor.peek()?.kind === 'number') return undefined;
  const days = point(cursor);
  return days && { kind: 'fixed', from: days.from, until: days.until };
}

function point(cursor: Cursor): Days | undefined {
  return cursor.first(
    () => {
      const day = cursor.date();
      return day !== undefined && isDay(day) ? { from: day, until: nextDay(day) } : undefined;
    },
    () => monthOf(cursor),
    () => quarterOf(cursor),
    () => {
      const year = yearOf(cursor);
      return year === undefined ? undefined : { from: `${year}-01-01`, until: `${year + 1}-01-01` };
    },
  );
}

function yearOf(cursor: Cursor): number | undefined {
  const token = cursor.peek();
  const year = /^(?:19|20)\d\d$/.test(token?.text ?? '') ? cursor.number() : undefined;
  // `in 2024 orders` would be a count, were it not for the year.
  return year;
}

function monthOf(cursor: Cursor): Days | undefined {
  const word = cursor.peek()?.value ?? '';
  const month = months.findIndex((name) => name === word || (word.length === 3 && name.startsWith(word)));
  if (month < 0 || cursor.peek()?.kind !== 'word') return undefined;
  cursor.at += 1;
  cursor.take('of', ',');
  const year = yearOf(cursor);
  if (year === undefined) {
    cursor.expect('the year of the month');
    return;
  }
  return monthsFrom(year, month, 1);
}

function quarterOf(cursor: Cursor): Days | undefined {
  const word = cursor.peek()?.value ?? '';
  const named = /^q([1-4])$/.exec(word);
  if (!named) return undefined;
  cursor.at += 1;
  cursor.take('of', '/');
  const year = yearOf(cursor);
  if (year === undefined) cursor.expect('the year of the quarter');
  return year === undefined ? undefined : monthsFrom(year, (Number(named[1]) - 1) * 3, 3);
}

function monthsFrom(year: number, month: number, count: number): Days {
  const first = (at: number): string => new Date(Date.UTC(year, at, 1)).toISOString().slice(0, 10);
  return { from: first(month), until: first(month + count) };
}

/** Counted from today. */
function moving(cursor: Cursor): Period | undefined {
  cursor.take('in', 'within', 'during', 'over', 'from', 'for', 'of', 'on');
  cursor.take('the');
  if (cursor.take('today')) return { kind: 'moving', from: 'current_date', until: 'current_date + 1' };
  if (cursor.take('yesterday')) return { kind: 'moving', from: 'current_date - 1', until: 'current_date' };
  if (cursor.take('year to date')) return { kind: 'moving', from: start('year') };
  const word = cursor.take('last', 'past', 'previous', 'this', 'current');
  if (word === undefined) return undefined;
  const count = word === 'this' || word === 'current' ? undefined : (cursor.number() ?? wordNumber(cursor));
  const unit = unitOf(cursor);
  if (unit === undefined) {
    cursor.expect('days, weeks, months or years');
    return;
  }
  if (count !== undefined) return Number.isInteger(count) ? { kind: 'moving', from: back(count, unit) } : undefined;
  if (word === 'this' || word === 'current') return { kind: 'moving', from: start(unit), until: shifted(unit, '+') };
  return { kind: 'moving', from: shifted(unit, '-'), until: start(unit) };
}

function wordNumber(cursor: Cursor): number | undefined {
  const number = numberWord(cursor.peek()?.value ?? '');
  if (number !== undefined) cursor.at += 1;
  return number;
}

export function unitOf(cursor: Cursor): Unit | undefined {
  const word = cursor.take('day', 'days', 'week', 'weeks', 'month', 'months', 'quarter', 'quarters', 'year', 'years');
  return word === undefined ? undefined : (word.replace(/s$/, '') as Unit);
}

const start = (unit: Unit): string =>
  unit === 'day' ? 'current_date' : `date_trunc('${unit}', current_date::timestamp)::date`;

const shifted = (unit: Unit, sign: '+' | '-'): string =>
  unit === 'day'
    ? `current_date ${sign} 1`
    : `(date_trunc('${unit}', current_date::timestamp) ${sign} interval '${one(unit)}')::date`;

const one = (unit: Unit): string => (unit === 'quarter' ? '3 months' : `1 ${unit}`);

function back(count: number, unit: Unit): string {
  if (unit === 'day') return `current_date - ${count}`;
  if (unit === 'week') return `current_date - ${count * 7}`;
  const months = unit === 'year' ? count * 12 : unit === 'quarter' ? count * 3 : count;
  return `(current_date::timestamp - interval '${months} months')::date`;
}
