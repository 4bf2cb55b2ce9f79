/**
 * PostgreSQL gives a quotient 16 to 20 significant digits, decided from the leading digits of the two operands
 * (`select_div_scale`), so it differs from row to row; Spark decides once, from the types. Where the quotient is rounded
 * to a declared scale, and it can be shown that both roundings end on the same digit, Spark's own division is used.
 * Everywhere else the runtime's pg_divide computes PostgreSQL's digits: see openNumerics.ts.
 */
import type { PgType } from '../../spec/pgType.ts';
import type { Decimal } from './contract.ts';
import { maxPrecision } from './decimals.ts';
import { openNumeric, operandSql } from './openNumerics.ts';
import type { Place } from './refusal.ts';
import { binary, type Sql } from './sparkSql.ts';
import { numeric } from './types.ts';
import { decimalFor, type Context, type Value } from './value.ts';

export function divide(dividend: Value, divisor: Value, context: Context, at: Place): Value {
  const [left, right] = [decimalFor(dividend), decimalFor(divisor)];
  const whole = left.precision - left.scale + right.scale;
  return quotient({ dividend, divisor, wholeDigits: whole }, context, at);
}

/** `wholeDigits`: how many digits the quotient has at most before its point. */
export function quotient(
  { dividend, divisor, wholeDigits }: { dividend: Value; divisor: Value; wholeDigits: number },
  context: Context,
  at: Place,
): Value {
  const text = context.runtime('pg_divide', operandSql(dividend), operandSql(divisor));
  const rounded = (scale: number): Sql | undefined => nativeDivision(dividend, divisor, scale);
  const nullable = dividend.nullable || divisor.nullable;
  return { type: numeric, nullable, ...openNumeric({ text, rounded }, wholeDigits), at };
}

/**
 * The exact quotient q and the nearest tie t of the target scale are either equal or at least 1 / (2 * 10^m * divisor)
 * apart. Both systems round q once before the target scale does: they end on the same digit when that first rounding
 * moves q by less than this. m, and the digits of Spark's first rounding, follow from the types alone.
 */
function nativeDivision(dividend: Value, divisor: Value, scale: number): Sql | undefined {
  if (dividend.open || divisor.open || scale < 0) return undefined;
  const [left, right] = [decimalFor(dividend), decimalFor(divisor)];
  const excess = Math.max(left.scale - right.scale, 0);
  const m = Math.max(scale, excess);
  const postgresAgrees = left.precision + Math.max(right.scale - left.scale, 0) + m - excess <= 16;
  const sparkAgrees = sparkQuotientScale(left, right) >= m + right.precision + 1;
  if (!postgresAgrees || !sparkAgrees || isIntegerPair(dividend.type, divisor.type)) return undefined;
  return binary(dividend.sql, '/', divisor.sql);
}
/** Spark divides two integers as doubles. */
const isIntegerPair = (left: PgType, right: PgType): boolean =>
  left.kind === 'scalar' && right.kind === 'scalar' && left.name !== 'numeric' && right.name !== 'numeric';

/** Spark's rule for `/` where `allowPrecisionLoss` is false. */
function sparkQuotientScale(left: Decimal, right: Decimal): number {
  const whole = Math.min(maxPrecision, left.precision - left.scale + right.scale);
  const fraction = Math.min(maxPrecision, Math.max(6, left.scale + right.precision + 1));
  const excess = whole + fraction - maxPrecision;
  return excess > 0 ? fraction - (Math.trunc(excess / 2) + 1) : fraction;
}
