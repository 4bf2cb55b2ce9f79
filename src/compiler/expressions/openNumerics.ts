/**
 * Numerics whose digits differ in number from row to row: quotients, roots, logarithms, powers, deviations. PostgreSQL
 * decides how many there are from the values, Spark from the types. The runtime computes PostgreSQL's digits as text
 * (`Value.open`), so that rounding to a scale ends on the same digit; what nothing rounds keeps the digits that a Spark
 * decimal has room for.
 */
import type { Decimal } from './contract.ts';
import { maxPrecision, sparkDecimal } from './decimals.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, type Sql } from './sparkSql.ts';
import { decimalFor, type OpenNumeric, type Value } from './value.ts';

/** Digits after the point that are kept, at the least, where nothing rounds: PostgreSQL has 16 to 20. */
const leastScale = 20;
/** Whole digits left free, so that the number can be added to or multiplied. */
const headroom = 4;

/** `wholeDigits`: how many digits the number has at most before its point. */
export function openNumeric(open: OpenNumeric, wholeDigits: number): Pick<Value, 'sql' | 'decimal' | 'open'> {
  const scale = Math.max(leastScale, maxPrecision - wholeDigits - headroom);
  const decimal: Decimal = { precision: maxPrecision, scale, display: 'open', shortened: true };
  return { sql: castTo(open.text, sparkDecimal(decimal)), decimal, open };
}

/** An operand of a function that looks at its digits. */
export function operandSql(value: Value): Sql {
  requireDisplayScale(value);
  return value.open?.text ?? value.whole ?? scaled(value);
}

/** Spark's products may carry more zeroes than their type says; where the digits are read, they are cut to it. */
export function scaled(value: Value): Sql {
  const isPlain = /^(-?[\w.`]+|cast\(.*|(sum|min|max)\([\w.`]+\)( over .*)?)$/s.test(value.sql.text);
  return isPlain || value.type.kind !== 'scalar' || value.type.name !== 'numeric' || decimalFor(value).scale === 0
    ? value.sql
    : callOf('round', value.sql, String(decimalFor(value).scale));
}

/** How many digits the answer has depends on the digits that PostgreSQL shows of the operands. */
function requireDisplayScale(value: Value): void {
  if (value.open || decimalFor(value).display !== 'open') return;
  throw new Refusal(
    'numeric-open-scale',
    value.at,
    'The digits of the answer depend on how many digits each row has here: cast this to numeric(p,s) first.',
  );
}

/** The number rounded to a scale: exact whatever its digits were. */
export function settle(value: Value, decimal: Decimal): Sql {
  const { open } = value;
  if (!open) return castTo(value.sql, sparkDecimal(decimal));
  return castTo(open.rounded?.(decimal.scale) ?? open.text, sparkDecimal(decimal));
}
