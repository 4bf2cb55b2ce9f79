/** Dates, times and intervals moved, compared and subtracted. */
import { constantAs } from './constants.ts';
import { multiplied, shifted } from './intervals.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, castTo, type Sql } from './sparkSql.ts';
import { categoryOf, int4, isInteger, nameOf, scalar } from './types.ts';
import { constantInteger, type Context, type Interval, type Operation, type Value } from './value.ts';

/** The operation's value, or nothing where it has nothing to do with dates. */
export function dateArithmetic(operation: Operation, _context: Context): Value | undefined {
  const { name, left, right, at } = operation;
  if (!left || !['+', '-', '*'].includes(name)) return undefined;
  const kinds = [categoryOf(left.type), categoryOf(right.type)];
  if (!kinds.some((kind) => kind === 'datetime' || kind === 'interval')) return undefined;
  const nullable = left.nullable || right.nullable;
  if (name === '*') return product(left, right, operation);
  if (name === '+' && kinds[0] !== 'datetime')
    return dateArithmetic({ ...operation, left: right, right: left }, _context);
  if (nameOf(left.type) === 'interval') {
    throw new Refusal(
      'not-translatable',
      at,
      'Intervals can be added to dates and times only: add one after the other.',
    );
  }
  if (isInteger(right.type) && nameOf(left.type) === 'date') {
    return { type: left.type, nullable, sql: movedByDays(left, right, name), at };
  }
  if (name === '-' && (kinds[1] === 'datetime' || right.type.kind === 'unknown'))
    return difference(left, right, operation);
  const moved = right.type.kind === 'unknown' ? constantAs(right, scalar('interval')) : right;
  if (!moved.interval) return undefined;
  const type = nameOf(left.type) === 'date' ? scalar('timestamp') : left.type;
  const from = nameOf(left.type) === 'date' ? castTo(left.sql, 'timestamp') : left.sql;
  return { type, nullable, sql: shifted(from, moved.interval, name === '+' ? 1 : -1), at };
}

/** A column of days could run past the end of Spark's calendar unseen; added as a number it is an error. */
function movedByDays(date: Value, days: Value, operator: string): Sql {
  const constant = constantInteger(days);
  if (constant !== undefined && Math.abs(constant) < 1_000_000) return binary(date.sql, operator, days.sql);
  return callOf('date_from_unix_date', binary(callOf('unix_date', date.sql), operator, days.sql));
}

function difference(left: Value, right: Value, { at }: Operation): Value {
  const other = right.type.kind === 'unknown' ? constantAs(right, left.type) : right;
  const nullable = left.nullable || right.nullable;
  if (nameOf(left.type) === 'date' && nameOf(other.type) === 'date') {
    return { type: int4, nullable, sql: callOf('datediff', left.sql, other.sql), at };
  }
  const elapsed = binary(microsecondsOf(left), '-', microsecondsOf(other));
  const interval: Interval = { microseconds: elapsed };
  return { type: scalar('interval'), nullable, sql: elapsed, interval, at };
}

const microsecondsOf = (value: Value): Sql =>
  callOf('unix_micros', nameOf(value.type) === 'date' ? castTo(value.sql, 'timestamp') : value.sql);

function product(left: Value, right: Value, { at }: Operation): Value | undefined {
  const [interval, factor] = left.interval ? [left, right] : [right, left];
  if (!interval.interval || !isInteger(factor.type)) {
    throw new Refusal('not-translatable', at, 'An interval can be multiplied by a whole number only.');
  }
  const nullable = left.nullable || right.nullable;
  return { type: interval.type, nullable, sql: factor.sql, interval: multiplied(interval.interval, factor), at };
}
