/** Whether Spark's value is PostgreSQL's. */
import type { CompiledExpression } from '../../../src/compiler/expressions/contract.ts';
import type { PgType } from '../../../src/spec/pgType.ts';
import type { SparkOutcome, SparkValue } from '../../support/spark.ts';
import type { Answer } from './postgresSide.ts';

export type Verdict = 'equal' | 'error in both' | 'stricter' | 'different';

export interface Leniency {
  readonly stricter: boolean;
  /** Relative, for aggregates over floats, whose sums depend on the order of the rows. */
  readonly tolerance: number;
}

export function verdict(
  postgres: Answer,
  spark: SparkOutcome,
  expression: CompiledExpression,
  leniency: Leniency,
): Verdict {
  if ('error' in postgres) return 'error' in spark ? 'error in both' : 'different';
  if ('skipped' in spark) return 'different';
  if ('error' in spark) return leniency.stricter ? 'stricter' : 'different';
  return sameValue(postgres.text, spark.value, expression, leniency.tolerance) ? 'equal' : 'different';
}

function sameValue(
  postgres: string | null,
  spark: SparkValue,
  { type, decimal }: CompiledExpression,
  tolerance: number,
): boolean {
  if (postgres === null || spark === null) return postgres === spark;
  if (type.kind === 'array') {
    if (!Array.isArray(spark)) return false;
    const values = elements(postgres);
    return (
      values.length === spark.length &&
      values.every((value, index) => sameScalar(value, spark[index] as string | null, type.element, tolerance))
    );
  }
  if (typeof spark !== 'string') return false;
  // Of a quotient that nothing has rounded, Spark keeps as many digits as its type has, 20 at the least.
  const digits = postgres.split('.')[1]?.length ?? 0;
  if (decimal?.display === 'open' && digits > decimal.scale) return sameDigits(postgres, spark, decimal.scale);
  return sameScalar(postgres, spark, type, tolerance);
}

/** JSON's numbers kept as they are written, and its booleans as text too. */
const elements = (json: string): readonly (string | null)[] =>
  JSON.parse(json.replace(/(?<=^\[|, )(-?[\d.]+|true|false)(?=,|\]$)/g, '"$1"')) as (string | null)[];

function sameScalar(postgres: string | null, spark: string | null, type: PgType, tolerance: number): boolean {
  if (postgres === null || spark === null) return postgres === spark;
  const name = type.kind === 'scalar' ? type.name : 'text';
  switch (name) {
    case 'float4':
      return sameFloat(Math.fround(float(postgres)), float(spark), tolerance);
    case 'float8':
      return sameFloat(float(postgres), float(spark), tolerance);
    case 'numeric':
      return plain(postgres) === plain(spark);
    case 'timestamptz':
      return postgres.replace(/\+00$/, '') === spark;
    case 'bpchar':
      return postgres.trimEnd() === spark.trimEnd();
    default:
      return postgres === spark;
  }
}

function sameDigits(left: string, right: string, scale: number): boolean {
  const units = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    return BigInt(whole + fraction.padEnd(40, '0').slice(0, 40));
  };
  const sign = left.startsWith('-') === right.startsWith('-') || units(right) === 0n;
  const difference = units(left) - units(right);
  return sign && (difference < 0n ? -difference : difference) * 2n <= 10n ** BigInt(40 - scale);
}

const float = (text: string): number => Number(text.replace(/^(-?)inf(inity)?$/i, '$1Infinity'));

function sameFloat(left: number, right: number, tolerance: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
}

const plain = (number: string): string => {
  const text = number.includes('.') ? number.replace(/\.?0+$/, '') : number;
  return text === '-0' ? '0' : text;
};
