/** Intervals computed with. As a Spark value an interval is its text in PostgreSQL's intervalstyle `postgres`. */
import { castTo, callOf, primary, type Sql } from './sparkSql.ts';
import { comparable, multiplied } from './intervals.ts';
import { Refusal, type Place } from './refusal.ts';
import { exactly } from './casts.ts';
import { constantAs } from './constants.ts';
import { float8, isInteger, isNumber, nameOf, scalar } from './types.ts';
import type { Context, Interval, Operation, Value } from './value.ts';

const interval = scalar('interval');
export const isInterval = (value: Value): boolean => nameOf(value.type) === 'interval';

/** An interval known by its parts, together with its text. */
export function intervalOf(
  parts: Interval,
  { nullable, at }: { readonly nullable: boolean; readonly at: Place },
  context: Context,
): Value {
  const { months = 0, days = 0, microseconds = 0n, elapsed } = parts;
  const counts = [months, days, microseconds].map(countOf);
  const text = context.runtime('pg_interval_text', ...counts);
  return {
    type: interval,
    nullable,
    sql: elapsed ? context.runtime('pg_justify_hours', text) : text,
    interval: parts,
    at,
  };
}

const countOf = (part: number | bigint | Sql): Sql =>
  typeof part === 'object' ? part : primary(typeof part === 'bigint' ? `${part}L` : String(part));

/** Where an interval stands among all others: in microseconds, at 30 days a month. */
export const orderOf = (value: Value): Sql =>
  value.interval ? comparable(value.interval) : callOf('pg_interval_order', value.sql);

/** `+`, `-`, `*` and `/` where an interval stands to the left, or to the right of `*`. */
export function intervalArithmetic(operation: Operation, context: Context): Value | undefined {
  const { name, left, right, at } = operation;
  if (!left || !(isInterval(left) || isInterval(right))) return undefined;
  if (name === '*') return isInterval(left) ? product(left, right, at, context) : product(right, left, at, context);
  if (name === '/' && isInterval(left)) return scaled('pg_interval_divide', [left, right], at, context);
  if (name !== '+' && name !== '-') return undefined;
  const [first, second] = [left, right].map((value) =>
    value.type.kind === 'unknown' ? constantAs(value, interval) : value,
  ) as [Value, Value];
  if (!isInterval(first) || !isInterval(second)) return undefined;
  const sql = context.runtime(name === '+' ? 'pg_interval_add' : 'pg_interval_subtract', first.sql, second.sql);
  return { type: interval, nullable: first.nullable || second.nullable, sql, at };
}

export const negativeInterval = (value: Value, at: Place, context: Context): Value => ({
  type: interval,
  nullable: value.nullable,
  sql: context.runtime('pg_interval_negative', value.sql),
  at,
});

function product(value: Value, factor: Value, at: Place, context: Context): Value {
  const nullable = value.nullable || factor.nullable;
  const parts = value.interval && isInteger(factor.type) ? multiplied(value.interval, factor) : undefined;
  if (parts) return intervalOf(parts, { nullable, at }, context);
  return scaled('pg_interval_multiply', [value, factor], at, context);
}

/** PostgreSQL multiplies and divides intervals by double precision. */
function scaled(name: string, [value, factor]: readonly [Value, Value], at: Place, context: Context): Value {
  const number = factor.type.kind === 'unknown' ? constantAs(factor, float8) : factor;
  if (!isNumber(number.type)) {
    throw new Refusal('type-mismatch', factor.at, 'An interval can be multiplied and divided by numbers only.');
  }
  const sql = context.runtime(name, value.sql, castTo(exactly(number, float8).sql, 'double'));
  return { type: interval, nullable: value.nullable || factor.nullable, sql, at };
}
