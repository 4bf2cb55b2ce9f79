/** Roots, logarithms and powers of numeric: how many digits they have follows from the values (see openNumerics.ts). */
import { entriesOf, type Call, type Entry, type Row } from './entry.ts';
import { openNumeric, operandSql } from './openNumerics.ts';
import { decimalFor, type Context, type Value } from './value.ts';

const n = 'numeric';
const entry = entriesOf('numeric');
/** Where the types set no bound: an answer of more digits before its point is an error, unless it is rounded at once. */
const unboundedWhole = 18;
const roomNote = 'an answer of more than 18 whole digits has to be rounded at once: `round(..., 2)`, `::numeric(38,0)`';

const wholeDigits = (value: Value): number => decimalFor(value).precision - decimalFor(value).scale;

/** `wholeDigits` tells how many digits there can be before the point. */
const open =
  (name: string, whole: (args: readonly Value[]) => number): Entry['build'] =>
  ({ args, context }) =>
    openNumeric({ text: context.runtime(name, ...args.map(operandSql)) }, whole(args));

const base10: Entry['build'] = ({ args: [value], context }: Call) =>
  openNumeric({ text: context.runtime('pg_numeric_log', '10', value ? operandSql(value) : 'null') }, 3);

/** The logarithm of a base as near to 1 as its digits allow is as small as its last digit. */
const logarithmWhole = ([base]: readonly Value[]): number => 3 + (base ? decimalFor(base).scale : 0);

const rows: readonly Row[] = [
  [
    'sqrt',
    [n],
    n,
    open('pg_numeric_sqrt', ([value]) => (value ? Math.ceil(wholeDigits(value) / 2) : 0)),
    ['sqrt(n)', 'sqrt(abs(m))', 'sqrt(2.0)', 'round(sqrt(abs(n)), 2)', 'sqrt(abs(n) / 3)', 'sqrt(abs(m))::int'],
  ],
  [
    'ln',
    [n],
    n,
    open('pg_numeric_ln', () => 3),
    ['ln(n)', 'ln(abs(n) + 0.01)', 'ln(abs(m) + 0.000001)', 'ln(2.0)', 'round(ln(abs(n) + 1), 4)'],
  ],
  ['log', [n], n, base10, ['log(n)', 'log(abs(m) + 0.000001)', 'log(100.0)', 'log(abs(n) / 7)']],
  ['log10', [n], n, base10, ['log10(n)', 'log10(1000.0)']],
  [
    'log',
    [n, n],
    n,
    open('pg_numeric_log', logarithmWhole),
    [
      'log(n, m)',
      'log(2, abs(n) + 1)',
      'log(2.0, 64.0)',
      'log(1.000001, abs(m) + 1)',
      'log(10, i)',
      'round(log(2, k), 3)',
    ],
  ],
  [
    'exp',
    [n],
    n,
    open('pg_numeric_exp', () => unboundedWhole),
    [
      'exp(least(n, 40.00))',
      'exp(-abs(m))',
      'exp(1.0)',
      'exp(0.0)',
      'round(exp(least(m, 80.000000)), 2)',
      'exp(least(n, 12.34) / 3)',
    ],
    roomNote,
  ],
  ...['power', 'pow'].map((name): Row => [
    name,
    [n, n],
    n,
    open('pg_numeric_power', () => unboundedWhole),
    name === 'pow'
      ? ['pow(m, 2)']
      : [
          'power(least(n, 1000.00), 2)',
          'power(least(n, 100.00), small)',
          'power(least(greatest(m, -1.000000), 50.000000), 0.5)',
          'power(least(m, 30.000000), -3)',
          'power(2, 0.5)',
          'power(1.5, 20)',
          'round(power(n, 3), 2)',
          'power(0.0, i)',
          'power(abs(n) / 10000000, -1.5)',
          'power(2.0, small)',
        ],
    roomNote,
  ]),
];

export const transcendentalFunctions: readonly Entry[] = rows.map((row) => ({ ...entry(row), stricter: true }));

/** `left ^ right` */
export function numericPower(left: Value, right: Value, context: Context): Pick<Value, 'sql' | 'decimal' | 'open'> {
  return openNumeric(
    { text: context.runtime('pg_numeric_power', operandSql(left), operandSql(right)) },
    unboundedWhole,
  );
}
