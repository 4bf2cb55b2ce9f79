/** Dates, times and intervals moved, compared and subtracted. */
import { constantAs } from './constants.ts';
import { intervalArithmetic, intervalOf } from './intervalArithmetic.ts';
import { shifted } from './intervals.ts';
import { binary, callOf, castTo, type Sql } from './sparkSql.ts';
import { categoryOf, int4, isInteger, nameOf, scalar } from './types.ts';
import { constantInteger, type Context, type Operation, type Value } from './value.ts';

/** The operation's value, or nothing where it has nothing to do with dates. */
export function dateArithmetic(operation: Operation, context: Context): Value | undefined {
  const { name, left, right, at } = operation;
  if (!left || !['+', '-', '*', '/'].includes(name)) return undefined;
  const kinds = [categoryOf(left.type), categoryOf(right.type)];
  if (!kinds.some((kind) => kind === 'datetime' || kind === 'interval')) return undefined;
  if (!kinds.includes('datetime')) return intervalArithmetic(operation, context);
  if (name !== '+' && name !== '-') return undefined;
  if (name === '+' && kinds[0] !== 'datetime')
    return dateArithmetic({ ...operation, left: right, right: left }, context);
  const nullable = left.nullable || right.nullable;
  if (isInteger(right.type) && nameOf(left.type) === 'date') {
    return { type: left.type, nullable, sql: movedByDays(left, right, name), at };
  }
  if (name === '-' && (kinds[1] === 'datetime' || right.type.kind === 'unknown'))
    return difference(left, right, operation, context);
  const distance = right.type.kind === 'unknown' ? constantAs(right, scalar('interval')) : right;
  if (nameOf(distance.type) !== 'interval' || isTime(left)) return undefined;
  const type = nameOf(left.type) === 'date' ? scalar('timestamp') : left.type;
  const from = nameOf(left.type) === 'date' ? castTo(left.sql, 'timestamp') : left.sql;
  return { type, nullable, sql: moved(from, distance, name, context), at };
}

const isTime = (value: Value): boolean => ['time', 'timetz'].includes(nameOf(value.type) ?? '');

function moved(timestamp: Sql, distance: Value, operator: '+' | '-', context: Context): Sql {
  if (distance.interval) return shifted(timestamp, distance.interval, operator === '+' ? 1 : -1);
  const name = operator === '+' ? 'pg_timestamp_add' : 'pg_timestamp_subtract';
  const micros = context.runtime(name, callOf('unix_micros', timestamp), distance.sql);
  return callOf('timestamp_micros', castTo(micros, 'bigint'));
}

/** A column of days could run past the end of Spark's calendar unseen; added as a number it is an error. */
function movedByDays(date: Value, days: Value, operator: string): Sql {
  const constant = constantInteger(days);
  if (constant !== undefined && Math.abs(constant) < 1_000_000) return binary(date.sql, operator, days.sql);
  return callOf('date_from_unix_date', binary(callOf('unix_date', date.sql), operator, days.sql));
}

function difference(left: Value, right: Value, { at }: Operation, context: Context): Value | undefined {
  const other = right.type.kind === 'unknown' ? constantAs(right, left.type) : right;
  if (isTime(left) || isTime(other)) return undefined;
  const nullable = left.nullable || right.nullable;
  if (nameOf(left.type) === 'date' && nameOf(other.type) === 'date') {
    return { type: int4, nullable, sql: callOf('datediff', left.sql, other.sql), at };
  }
  const microseconds = binary(microsecondsOf(left), '-', microsecondsOf(other));
  return intervalOf({ microseconds, elapsed: true }, { nullable, at }, context);
}

const microsecondsOf = (value: Value): Sql =>
  callOf('unix_micros', nameOf(value.type) === 'date' ? castTo(value.sql, 'timestamp') : value.sql);
