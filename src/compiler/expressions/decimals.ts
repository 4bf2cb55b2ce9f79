/**
 * How Spark holds PostgreSQL's numeric.
 *
 * PostgreSQL adds, subtracts and multiplies without loss and lets the scale grow. Spark does the same up to 38 digits when
 * `allowPrecisionLoss` is false: the scale is kept and a value with too many integer digits is an error, never a rounded
 * number. Only division decides a scale of its own, from the digits of its operands: see division.ts.
 */
import type { PgType } from '../../spec/pgType.ts';
import type { Decimal } from './contract.ts';

export const maxPrecision = 38;

/** Of a column whose numeric has no precision: what Spark's JDBC reader makes of it. */
export const openDecimal: Decimal = { precision: maxPrecision, scale: 18, display: 'open' };

const integerDigits: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 20 };

/** The decimal that a value of this type is, or becomes beside another decimal. */
export function decimalOf(type: PgType): Decimal {
  if (type.kind !== 'scalar') return openDecimal;
  if (type.name === 'numeric') {
    if (type.precision === undefined) return openDecimal;
    const scale = type.scale ?? 0;
    return { precision: Math.max(type.precision, scale), scale, display: 'scale' };
  }
  return { precision: integerDigits[type.name] ?? maxPrecision, scale: 0, display: 'scale' };
}

export const sparkDecimal = ({ precision, scale }: Decimal): string => `decimal(${precision},${scale})`;

const bounded = (precision: number, scale: number, display: Decimal['display']): Decimal => ({
  precision: Math.min(precision, maxPrecision),
  scale: Math.min(scale, maxPrecision),
  display,
});

/** A number that is computed from one that lacks digits lacks digits too. */
const lacking = (...decimals: readonly Decimal[]): Pick<Decimal, 'shortened'> =>
  decimals.some(({ shortened }) => shortened) ? { shortened: true } : {};

const both = (left: Decimal, right: Decimal): Decimal['display'] =>
  left.display === 'scale' && right.display === 'scale' ? 'scale' : 'open';

export function sumOf(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  const display = both(left, right);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  return { ...bounded(whole + scale + 1, scale, display), ...lacking(left, right) };
}

/** The scale of a product may be over 38: the caller refuses it. */
export function productOf(left: Decimal, right: Decimal): Decimal {
  const display = left.display === 'scale' && right.display === 'scale' ? 'scale' : 'open';
  const precision = Math.min(left.precision + right.precision + 1, maxPrecision);
  return { precision, scale: left.scale + right.scale, display, ...lacking(left, right) };
}

export function remainderOf(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.min(left.precision - left.scale, right.precision - right.scale);
  return { ...bounded(whole + scale, scale, both(left, right)), ...lacking(left, right) };
}

/** Of CASE, COALESCE and the like: wide enough for every branch. */
export function commonDecimal(decimals: readonly Decimal[]): Decimal {
  return decimals.reduce((left, right) => {
    const scale = Math.max(left.scale, right.scale);
    const display = left.scale === right.scale ? worse(left.display, right.display) : 'open';
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
    return { ...bounded(whole + scale, scale, display), ...lacking(left, right) };
  });
}

const displays: readonly Decimal['display'][] = ['scale', 'scaleOrZero', 'open'];

const worse = (left: Decimal['display'], right: Decimal['display']): Decimal['display'] =>
  displays[Math.max(displays.indexOf(left), displays.indexOf(right))] ?? 'open';

/** Spark's own rule for `round(x, digits)`. */
export function roundedDecimal({ precision, scale, display }: Decimal, digits: number): Decimal {
  const whole = precision - scale + 1;
  if (digits < 0) return bounded(Math.max(whole, 1 - digits), 0, display === 'open' ? 'open' : 'scale');
  const kept = Math.min(scale, digits);
  // PostgreSQL pads to the digits asked for.
  return bounded(whole + kept, kept, digits <= scale ? 'scale' : 'open');
}

/** Of a number written out. */
export function literalDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.');
  const digits = whole.replace(/^0+/, '').length;
  return { precision: Math.max(digits + fraction.length, 1), scale: fraction.length, display: 'scale' };
}
