/** Variance, deviation, correlation and regression: in numeric exact, in double precision as near as sums of doubles are. */
import { exactly } from './casts.ts';
import { maxPrecision, productOf, sparkDecimal } from './decimals.ts';
import { nullable, numberOf, type Aggregated, type AggregateEntry, type Aggregation } from './aggregation.ts';
import { openNumeric } from './openNumerics.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, castTo, stringLiteral, type Sql } from './sparkSql.ts';
import { float8, formatType, int8, isFloat, isNumber, numeric } from './types.ts';
import { decimalFor, type Value } from './value.ts';

const sparkNames: Readonly<Record<string, string>> = { variance: 'var_samp', stddev: 'stddev_samp' };

const deviations = ['stddev', 'stddev_samp', 'stddev_pop', 'variance', 'var_samp', 'var_pop'];
const furtherExamples: Readonly<Record<string, readonly string[]>> = {
  stddev: ['round(stddev(n), 2)', 'stddev(distinct small)', 'stddev(i)', 'stddev(k / 1000000)'],
  var_samp: ['var_samp(n) filter (where b)', 'var_samp(i2)', 'var_samp(distinct n) filter (where b)'],
  var_pop: ['var_pop(i)', 'var_pop(m) filter (where abs(m) < 1000000)', 'var_pop(distinct i2)'],
};
const pairs = ['corr', 'covar_pop', 'covar_samp'];
const regressions = ['regr_count', 'regr_avgx', 'regr_avgy', 'regr_sxx', 'regr_syy', 'regr_sxy', 'regr_r2', 'regr_slope', 'regr_intercept']; // prettier-ignore

export const statisticsEntries: readonly AggregateEntry[] = [
  ...deviations.map((name): AggregateEntry => ({
    name,
    build: deviation,
    overWindow: true,
    stricter: true,
    examples: [`${name}(h)`, `${name}(n)`, ...(furtherExamples[name] ?? [])],
    note: 'in numeric an error where the squares have more than 38 digits',
  })),
  ...pairs.map((name): AggregateEntry => ({
    name,
    build: pairwise,
    overWindow: false,
    examples: [`${name}(h, p)`, `${name}(i, n)`, `${name}(m, h) filter (where b)`],
  })),
  ...regressions.map((name): AggregateEntry => ({
    name,
    build: pairwise,
    overWindow: false,
    examples: [`${name}(h, n)`],
  })),
];

function deviation(aggregation: Aggregation): Aggregated {
  const value = numberOf(aggregation);
  const name = sparkNames[aggregation.syntax.name] ?? aggregation.syntax.name;
  if (!isFloat(value.type)) return exactDeviation(aggregation, value, name);
  return { type: float8, nullable, sql: aggregation.spark(name, exactly(value, float8).sql) };
}

function exactDeviation({ spark, syntax, context }: Aggregation, value: Value, name: string): Aggregated {
  const decimal = decimalFor(value);
  if (decimal.display === 'open')
    throw new Refusal(
      'numeric-open-scale',
      value.at,
      `The digits of ${syntax.name} depend on how many digits each row has here: cast to numeric(p,s) first.`,
    );
  const square = productOf(decimal, decimal);
  if (square.scale > maxPrecision)
    throw new Refusal(
      'numeric-too-wide',
      value.at,
      `The square has ${square.scale} digits after the point, and Spark holds 38 in all: cast to numeric(p,s) first.`,
    );
  const whole = decimal.precision - decimal.scale;
  const wholeDigits = name.startsWith('var') ? 2 * whole : whole;
  const source = castTo(value.sql, sparkDecimal(decimal));
  // Of so few rows it is NULL; without any, the sum is.
  const count = callOf('nullif', spark('count', value.sql), name.endsWith('samp') ? '1' : '0');
  const parts = syntax.distinct
    ? [callOf('nullif', count, '0'), spark('collect_list', source)]
    : [count, spark('sum', source), spark('sum', binary(source, '*', source))];
  const text = context.runtime(syntax.distinct ? 'pg_deviation_of' : 'pg_deviation', ...parts, stringLiteral(name));
  return { type: numeric, nullable, ...openNumeric({ text }, wholeDigits) };
}

function pairwise(aggregation: Aggregation): Aggregated {
  const { name, at, order, distinct } = aggregation.syntax;
  const [first, second, other] = aggregation.args;
  if (!first || !second || other || order.length > 0)
    throw new Refusal('no-such-signature', at, `${name} takes two arguments.`);
  if (distinct) throw new Refusal('not-translatable', at, `${name} with DISTINCT cannot be translated.`);
  const spark = (of: string): Sql => aggregation.spark(of, double(first), double(second));
  if (name === 'corr') return { type: float8, nullable, sql: correlation(spark) };
  const both = spark(name);
  if (name === 'regr_count') return { type: int8, nullable: false, sql: both };
  return { type: float8, nullable, sql: both };
}

/** Without variance it is NULL; Spark's own corr divides by zero there. */
function correlation(spark: (name: string) => Sql): Sql {
  const [first, second] = ['regr_sxx', 'regr_syy'].map((name) => callOf('nullif', spark(name), '0D')) as [Sql, Sql];
  return binary(spark('regr_sxy'), '/', callOf('sqrt', binary(first, '*', second)));
}

/** PostgreSQL converts every number to double precision here. */
function double(value: Value): Sql {
  if (value.type.kind === 'unknown' || isNumber(value.type)) return exactly(value, float8).sql;
  throw new Refusal('type-mismatch', value.at, `This has to be a number, and it is ${formatType(value.type)}.`);
}
