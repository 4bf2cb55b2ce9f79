/** Functions of numbers. In numeric they are exact; in double precision the runtime computes what Java would not. */
import type { Built, Call, Entry, Row } from './entry.ts';
import { entriesOf, native, runtime } from './entry.ts';
import { maxPrecision, remainderOf, roundedDecimal, sparkDecimal } from './decimals.ts';
import { settle } from './openNumerics.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, castTo, primary, suffixed, type Sql } from './sparkSql.ts';
import { isInteger } from './types.ts';
import { constantInteger, decimalFor, type Value } from './value.ts';

const entry = entriesOf('numeric');

const n = 'numeric';
const f = 'float8';

const sqlOf = (value: Value | undefined): Sql => value?.sql ?? primary('null');

/** Spark keeps a decimal's type here. */
const sameDecimal =
  (name: string): Entry['build'] =>
  ({ args: [value] }) => ({ sql: callOf(name, sqlOf(value)), ...(value && { decimal: decimalFor(value) }) });

/** Functions of the runtime over doubles: the C library's, with PostgreSQL's errors. */
const float = (name: string, args: number, examples: readonly string[]): Entry =>
  entry([name, Array.from({ length: args }, () => f), f, runtime(`pg_${name}`, 'double'), examples]);

const onWholeNumbers: readonly Row[] = ['int2', 'int4', 'int8'].flatMap((type): Row[] => {
  const column = { int2: 'i2', int4: 'i', int8: 'k' }[type] ?? 'i';
  const args = [type as 'int4'];
  return [
    ['abs', args, type as 'int4', native('abs'), [`abs(${column})`]],
    [
      'mod',
      [...args, ...args],
      type as 'int4',
      ({ args: [a, b] }) => ({ sql: binary(sqlOf(a), '%', sqlOf(b)) }),
      [`mod(${column}, 3::${type})`, `mod(${column}, ${column})`],
    ],
  ];
});

const exact: readonly Row[] = [
  ['abs', [n], n, sameDecimal('abs'), ['abs(n)', 'abs(m)', 'abs(n / 3)']],
  [
    'sign',
    [n],
    n,
    ({ args: [value] }) => ({
      sql: castTo(callOf('sign', sqlOf(value)), 'decimal(1,0)'),
      decimal: { precision: 1, scale: 0, display: 'scale' },
    }),
    ['sign(n)', 'sign(m)'],
  ],
  ['round', [n], n, (call) => rounded(call, 0), ['round(n)', 'round(m)', 'round(n / 3)', 'round(2.5)', 'round(-2.5)']],
  [
    'round',
    [n, 'int4'],
    n,
    (call) => rounded(call, digitsOf(call)),
    [
      'round(n, 1)',
      'round(m, 2)',
      'round(m, 8)',
      'round(n, -2)',
      'round(n / 7, 3)',
      'round(n / m, 2)',
      'round(i, 2)',
      'round(i, -1)',
      'round(n * m, 4)',
    ],
  ],
  ['trunc', [n], n, (call) => truncated(call, 0), ['trunc(n)', 'trunc(m)']],
  [
    'trunc',
    [n, 'int4'],
    n,
    (call) => truncated(call, digitsOf(call)),
    [
      'trunc(n, 1)',
      'trunc(m, 3)',
      'trunc(n, 2)',
      'trunc(n, -2)',
      'trunc(m, -1)',
      'trunc(i, -3)',
      'trunc(n, -30)',
      'trunc(m, -13)',
    ],
  ],
  ['ceil', [n], n, (call) => toWhole('ceil', call), ['ceil(n)', 'ceil(m)', 'ceiling(n)']],
  ['floor', [n], n, (call) => toWhole('floor', call), ['floor(n)', 'floor(m)']],
  ['mod', [n, n], n, remainder, ['mod(n, m)', 'mod(n, 7)', 'mod(m, 0.3)']],
  ['div', [n, n], n, wholeQuotient, ['div(n, m)', 'div(n, 7)', 'div(i, 3)']],
  ['gcd', ['int4', 'int4'], 'int4', runtime('pg_gcd', 'int'), ['gcd(i, j)', 'gcd(i, 12)']],
  ['gcd', ['int8', 'int8'], 'int8', runtime('pg_gcd', 'bigint'), ['gcd(k, 12)', 'gcd(k, i)']],
  ['lcm', ['int4', 'int4'], 'int4', runtime('pg_lcm', 'int'), ['lcm(i, j)', 'lcm(i, 12)']],
  ['lcm', ['int8', 'int8'], 'int8', runtime('pg_lcm', 'bigint'), ['lcm(k, 12)', 'lcm(k, i)']],
  [
    'width_bucket',
    [n, n, n, 'int4'],
    'int4',
    runtime('pg_width_bucket', 'int'),
    ['width_bucket(n, 0, 100, 5)', 'width_bucket(m, 10, -10, 4)', 'width_bucket(n, 0, 10, small)'],
  ],
];

const doubles: readonly Row[] = [
  ['abs', ['float4'], 'float4', native('abs'), ['abs(i::real)', 'abs(k::real)']],
  ['abs', [f], f, native('abs'), ['abs(f)', 'abs(f * g)']],
  ['sign', [f], f, signOfDouble, ['sign(f)', 'sign(i)']],
  ['round', [f], f, native('rint'), ['round(f)', 'round(i)', 'round(g)']],
  [
    'trunc',
    [f],
    f,
    (call) => wholeDouble(primary(castTo(sqlOf(call.args[0]), 'bigint').text), call),
    ['trunc(f)', 'trunc(g)'],
  ],
  [
    'ceil',
    [f],
    f,
    (call) => wholeDouble(callOf('ceil', sqlOf(call.args[0])), call),
    ['ceil(f)', 'ceiling(g)', 'ceil(i)'],
  ],
  ['floor', [f], f, (call) => wholeDouble(callOf('floor', sqlOf(call.args[0])), call), ['floor(f)', 'floor(g)']],
  ['pi', [], f, native('pi'), ['pi()']],
];

export const numericFunctions: readonly Entry[] = [
  ...[...onWholeNumbers, ...exact, ...doubles].map(entry),
  float('sqrt', 1, ['sqrt(f)', 'sqrt(i)', 'sqrt(2)']),
  float('cbrt', 1, ['cbrt(27.0::float8)']),
  float('exp', 1, ['exp(f)', 'exp(1)']),
  float('ln', 1, ['ln(f)', 'ln(i)']),
  float('log10', 1, ['log10(f)']),
  float('power', 2, ['power(f, 2)', 'power(f, g)', 'power(i, 2)', 'power(2, small)', 'f ^ 2', '2 ^ small']),
  { ...float('pow', 2, ['pow(f, 0.5::float8)']), build: runtime('pg_power', 'double') },
  { ...float('log', 1, ['log(f)', 'log(i)']), build: runtime('pg_log10', 'double') },
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'degrees', 'radians'].map((name) => float(name, 1, [`${name}(f)`])),
  float('atan2', 2, ['atan2(f, g)']),
];

/** Of NaN, PostgreSQL says 0. */
function signOfDouble({ args: [value] }: Call): Built {
  return { sql: callOf('if', callOf('isnan', sqlOf(value)), '0D', callOf('sign', sqlOf(value))) };
}

function digitsOf({ args: [, digits], at }: Call): number {
  const constant = digits && constantInteger(digits);
  if (constant === undefined)
    throw new Refusal('needs-constant', digits?.at ?? at, 'The number of digits has to be written out.');
  if (Math.abs(constant) > maxPrecision)
    throw new Refusal('numeric-too-wide', digits?.at ?? at, 'Spark holds 38 digits.');
  return constant;
}

function rounded({ args: [value] }: Call, digits: number): Built {
  if (!value) return { sql: primary('null') };
  if (value.open) {
    const scale = Math.max(digits, 0);
    const decimal = { precision: maxPrecision, scale, display: 'scale' } as const;
    if (digits >= 0) return { sql: settle(value, decimal), decimal };
    return { sql: callOf('round', value.sql, String(digits)), decimal: roundedDecimal(decimalFor(value), digits) };
  }
  const sql = digits === 0 ? callOf('round', value.sql) : callOf('round', value.sql, String(digits));
  const source = isInteger(value.type) ? castTo(value.sql, sparkDecimal(decimalFor(value))) : undefined;
  return {
    sql: source ? callOf('round', source, String(digits)) : sql,
    decimal: roundedDecimal(decimalFor(value), digits),
  };
}

/** Spark rounds towards nothing at all: the two directions are told apart by the sign. */
function truncated({ args: [value] }: Call, digits: number): Built {
  if (!value) return { sql: primary('null') };
  const from = decimalFor(value);
  if (digits < 0) return truncatedWhole(value, digits);
  const kept = Math.min(digits, from.scale);
  const decimal = {
    precision: Math.max(from.precision - from.scale, 0) + kept || 1,
    scale: kept,
    display: digits <= from.scale ? from.display : 'open',
  } as const;
  if (kept === from.scale) return { sql: value.sql, decimal: { ...from, display: decimal.display } };
  const [up, down] = ['ceil', 'floor'].map(
    (name) => callOf(name, value.sql, ...(digits > 0 ? [String(digits)] : [])).text,
  );
  const test = suffixed(value.sql, '< 0').text;
  return { sql: castTo(primary(`if(${test}, ${up ?? ''}, ${down ?? ''})`), sparkDecimal(decimal)), decimal };
}

/** What stands behind the place asked for is taken away: the remainder has the number's sign. */
function truncatedWhole(value: Value, digits: number): Built {
  const from = decimalFor(value);
  const decimal = { precision: Math.max(from.precision - from.scale, 1), scale: 0, display: 'scale' } as const;
  const unit = primary(`${'1'.padEnd(1 - digits, '0')}BD`);
  const source = isInteger(value.type) ? castTo(value.sql, sparkDecimal(from)) : value.sql;
  const behind = -digits < decimal.precision ? binary(source, '%', unit) : source;
  return { sql: castTo(binary(source, '-', behind), sparkDecimal(decimal)), decimal };
}

function toWhole(name: 'ceil' | 'floor', { args: [value] }: Call): Built {
  if (!value) return { sql: primary('null') };
  const { precision, scale } = decimalFor(value);
  const decimal = { precision: Math.min(precision - scale + 1, maxPrecision), scale: 0, display: 'scale' } as const;
  return { sql: castTo(callOf(name, value.sql), sparkDecimal(decimal)), decimal };
}

function remainder({ args: [left, right] }: Call): Built {
  if (!left || !right) return { sql: primary('null') };
  return { sql: binary(left.sql, '%', right.sql), decimal: remainderOf(decimalFor(left), decimalFor(right)) };
}

function wholeQuotient({ args: [left, right], context }: Call): Built {
  const decimal = { precision: maxPrecision, scale: 0, display: 'scale' } as const;
  return { sql: castTo(context.runtime('pg_div', sqlOf(left), sqlOf(right)), sparkDecimal(decimal)), decimal };
}

/** From 2^52 on every double is whole, and NaN is greater than all: Spark's bigint is only asked below. */
function wholeDouble(whole: Sql, { args: [value] }: Call): Built {
  const test = suffixed(callOf('abs', sqlOf(value)), '< 4503599627370496').text;
  return { sql: primary(`case when ${test} then ${castTo(whole, 'double').text} else ${sqlOf(value).text} end`) };
}
