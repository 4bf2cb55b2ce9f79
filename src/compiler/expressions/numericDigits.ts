/** Functions of numbers that look at their digits or divisors, that look for a place among bounds, and hyperbolic ones. */
import type { Decimal } from './contract.ts';
import { maxPrecision, sparkDecimal } from './decimals.ts';
import { entriesOf, runtime, type Built, type Call, type Entry, type Row } from './entry.ts';
import { operandSql } from './openNumerics.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary } from './sparkSql.ts';
import { decimalFor, type Value } from './value.ts';

const n = 'numeric';
const f = 'float8';
const entry = entriesOf('numeric');

const digits: readonly Row[] = [
  [
    'scale',
    [n],
    'int4',
    scaleOf,
    ['scale(n)', 'scale(m)', 'scale(n / 3)', 'scale(1.500)', 'scale(sqrt(abs(n)))', 'scale(i)'],
  ],
  [
    'min_scale',
    [n],
    'int4',
    ({ args: [value], context }) => ({ sql: castTo(context.runtime('pg_min_scale', operandOf(value)), 'int') }),
    ['min_scale(n)', 'min_scale(m)', 'min_scale(n / 4)', 'min_scale(100.0)'],
  ],
  [
    'trim_scale',
    [n],
    n,
    trimmed,
    ['trim_scale(n)', 'trim_scale(m)', 'trim_scale(n / 4)', 'scale(trim_scale(n))', '1 / trim_scale(m)'],
  ],
  [
    'gcd',
    [n, n],
    n,
    commonDivisor('pg_numeric_gcd'),
    ['gcd(n, m)', 'gcd(n, 12)', 'gcd(m, 0.5)', 'gcd(i, n)', 'gcd(0.0, n)'],
  ],
  ['lcm', [n, n], n, commonDivisor('pg_numeric_lcm'), ['lcm(n, 12)', 'lcm(n, 0.3)', 'lcm(i, 1.5)', 'lcm(0, n)']],
  [
    'factorial',
    ['int8'],
    n,
    ({ args: [value], context }) => whole(context.runtime('pg_factorial', value?.sql ?? 'null')),
    ['factorial(small)', 'factorial(i2 % 30)', 'factorial(33)', 'factorial(0)'],
    'up to 33, whose factorial has 37 digits',
  ],
];

const places: readonly Row[] = [
  [
    'width_bucket',
    [f, f, f, 'int4'],
    'int4',
    runtime('pg_float_width_bucket', 'int'),
    [
      'width_bucket(f, 0, 100, 5)',
      'width_bucket(f, 10, -10, 4)',
      'width_bucket(f, g, 100, 5)',
      'width_bucket(h, -5, 5, small)',
      'width_bucket(i, 0, 100, 7)',
      "width_bucket(f, '-1.7e308', '1.7e308', 10)",
    ],
  ],
  [
    'width_bucket',
    ['element', 'anyarray'],
    'int4',
    runtime('pg_threshold_bucket', 'int'),
    [
      'width_bucket(i, array[0, 10, 100])',
      "width_bucket(s, array['a', 'b', 'x'])",
      'width_bucket(n, array[0.5, 2.5, 99.99]::numeric(12,2)[])',
      "width_bucket(d, array[date '2000-01-01', date '2024-02-29'])",
      'width_bucket(i, ai)',
    ],
  ],
];

const single = (name: string, examples: readonly string[]): Row => [
  name,
  [f],
  f,
  runtime(`pg_${name}`, 'double'),
  examples,
];

const trigonometry: readonly Row[] = [
  ...['cot', 'tanh', 'asinh', 'atand', 'cotd'].map((name) => single(name, [`${name}(f)`])),
  ...['sinh', 'cosh', 'acosh', 'atanh', 'asind', 'acosd'].map((name) => single(name, [`${name}(h)`])),
  ...['sind', 'cosd', 'tand'].map((name) => single(name, [`${name}(f)`, `${name}(i)`])),
  ['atan2d', [f, f], f, runtime('pg_atan2d', 'double'), ['atan2d(f, g)']],
];

export const moreNumericFunctions: readonly Entry[] = [
  ...digits.map((row) => ({ ...entry(row), stricter: true })),
  ...[...places, ...trigonometry].map(entry),
];

const operandOf = (value: Value | undefined): ReturnType<typeof operandSql> =>
  value ? operandSql(value) : primary('null');

const whole = (text: ReturnType<typeof operandSql>): Built => {
  const decimal = { precision: maxPrecision, scale: 0, display: 'scale' } as const;
  return { sql: castTo(text, sparkDecimal(decimal)), decimal };
};

/** A declared scale is the same for every row that is not NULL. */
function scaleOf({ args: [value], context }: Call): Built {
  if (!value) return { sql: primary('null') };
  if (value.open) return { sql: castTo(context.runtime('pg_scale', value.open.text), 'int') };
  const { scale, display } = decimalFor(value);
  if (display !== 'scale')
    throw new Refusal(
      'numeric-open-scale',
      value.at,
      'How many digits each row has here is open: cast to numeric(p,s) first.',
    );
  return { sql: value.nullable ? callOf('nvl2', value.sql, String(scale), 'null') : primary(String(scale)) };
}

function trimmed({ args: [value], context }: Call): Built {
  if (!value) return { sql: primary('null') };
  const text = context.runtime('pg_trim_scale', operandSql(value));
  return { sql: value.sql, decimal: { ...decimalFor(value), display: 'open' }, open: { text } };
}

function commonDivisor(name: 'pg_numeric_gcd' | 'pg_numeric_lcm'): Entry['build'] {
  return ({ args, context }) => {
    const decimals = args.map(decimalFor);
    const scale = Math.max(...decimals.map((decimal) => decimal.scale));
    const display = decimals.every((decimal) => decimal.display === 'scale') ? 'scale' : 'open';
    const decimal: Decimal = { precision: maxPrecision, scale, display };
    return { sql: castTo(context.runtime(name, ...args.map(operandSql)), sparkDecimal(decimal)), decimal };
  };
}
