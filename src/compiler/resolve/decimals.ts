/** How Spark holds a `numeric` that two inputs bring into one column. */
import type { PgType } from '../../spec/pgType.ts';
import type { Decimal } from '../expressions/contract.ts';
import type { Column } from '../resolved.ts';
import { isNumber } from '../typeRules.ts';

type Held = Pick<Column, 'type' | 'decimal'>;

/** As many digits before and after the point as either side has; the scale gives way where 38 digits cannot hold both. */
export function mergedDecimal(type: PgType, sides: readonly Held[]): { decimal?: Decimal } {
  if (type.kind !== 'scalar' || type.name !== 'numeric' || type.precision !== undefined) return {};
  const held = sides.filter((side) => side.type.kind !== 'unknown').map(decimalOf);
  const [first, ...rest] = held;
  if (!first) return {};
  return { decimal: rest.reduce(merged, first) };
}

function merged(a: Decimal, b: Decimal): Decimal {
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  const scale = Math.min(Math.max(a.scale, b.scale), 38 - Math.min(whole, 38));
  const alike = a.scale === b.scale && a.display === b.display && scale === a.scale;
  const shortened = (a.shortened ?? b.shortened) ? { shortened: true as const } : {};
  return { precision: Math.min(38, whole + scale), scale, display: alike ? a.display : 'open', ...shortened };
}

const integerDigits: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19 };

function decimalOf({ type, decimal }: Held): Decimal {
  if (decimal) return decimal;
  if (type.kind === 'scalar' && type.name === 'numeric' && type.precision !== undefined) {
    return { precision: type.precision, scale: type.scale ?? 0, display: 'scale' };
  }
  const digits = isNumber(type) && type.kind === 'scalar' ? integerDigits[type.name] : undefined;
  if (digits !== undefined) return { precision: digits, scale: 0, display: 'scale' };
  // A table's own numeric, as the reader gives it.
  return { precision: 38, scale: 18, display: 'open' };
}
