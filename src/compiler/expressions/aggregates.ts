/** Aggregates, plain or over a window, with DISTINCT, FILTER and ORDER BY. */
import { asBoolean } from './casts.ts';
import {
  noAggregate,
  nullable,
  numberOf,
  sole,
  type Aggregated,
  type AggregateEntry,
  type Aggregation,
} from './aggregation.ts';
import { maxPrecision, sparkDecimal } from './decimals.ts';
import { quotient } from './division.ts';
import { intervalMean, intervalTotal } from './intervalAggregates.ts';
import { orderedEntries } from './orderedAggregates.ts';
import { percentileEntries } from './percentiles.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary, type Sql } from './sparkSql.ts';
import { statisticsEntries } from './statistics.ts';
import type { CallSyntax } from './syntax.ts';
import { bool, float8, formatType, int8, isFloat, isInteger, nameOf, numeric, text } from './types.ts';
import { decimalFor, type CompileValue, type Context, type Value } from './value.ts';
import { windowClause } from './windows.ts';

export const aggregateEntries: readonly AggregateEntry[] = [
  {
    name: 'count',
    build: count,
    overWindow: true,
    examples: [
      'count(*)',
      'count(i)',
      'count(s)',
      'count(distinct s)',
      'count(*) filter (where i > 0)',
      'count(distinct i) filter (where b)',
    ],
  },
  {
    name: 'sum',
    build: sum,
    overWindow: true,
    examples: [
      'sum(i2)',
      'sum(i)',
      'sum(k)',
      'sum(n)',
      'sum(m)',
      'sum(f)',
      'sum(distinct i)',
      'sum(iv)',
      'sum(ts - d)',
      'sum(n) filter (where b)',
      'sum(n * m)',
      'sum(case when b then n else 0 end)',
    ],
  },
  {
    name: 'avg',
    build: average,
    overWindow: true,
    examples: [
      'avg(i)',
      'avg(n)',
      'avg(m)',
      'avg(f)',
      'avg(distinct n)',
      'avg(iv)',
      'avg(tz - d)',
      'round(avg(n), 2)',
      'avg(n)::numeric(12,2)',
      'avg(i) filter (where b)',
    ],
  },
  {
    name: 'min',
    build: extreme,
    overWindow: true,
    examples: ['min(i)', 'min(n)', 'min(f)', 'min(s)', 'min(d)', 'min(ts)'],
  },
  {
    name: 'max',
    build: extreme,
    overWindow: true,
    examples: ['max(i)', 'max(k)', 'max(m)', 'max(f)', 'max(s)', 'max(d)', 'max(tz)', 'max(n) filter (where b)'],
  },
  { name: 'bool_and', build: logical, overWindow: true, examples: ['bool_and(b)', 'bool_and(i > 0)'] },
  { name: 'bool_or', build: logical, overWindow: true, examples: ['bool_or(b)', 'bool_or(s is null)'] },
  { name: 'every', build: logical, overWindow: false, examples: ['every(b)'] },
  ...['bit_and', 'bit_or', 'bit_xor'].map((name): AggregateEntry => ({
    name,
    build: bits,
    overWindow: true,
    examples: [`${name}(i)`, `${name}(i2)`, `${name}(k)`, `${name}(small) filter (where b)`],
  })),
  ...orderedEntries,
  ...statisticsEntries,
  ...percentileEntries,
];

const asDocument = 'make the document in a `sql` or `python` step';

const refused: Readonly<Record<string, string>> = {
  any_value: 'which row it takes is left open, so write min(x) or max(x)',
  ...Object.fromEntries(
    ['json_agg', 'jsonb_agg', 'json_object_agg', 'jsonb_object_agg', 'xmlagg', 'range_agg'].map((name) => [
      name,
      asDocument,
    ]),
  ),
};

const byName = new Map(aggregateEntries.map((entry) => [entry.name, entry]));

/** The call's value, or nothing where it is no aggregate. */
export function compileAggregate(syntax: CallSyntax, context: Context, compile: CompileValue): Value | undefined {
  const way = refused[syntax.name];
  if (way !== undefined)
    throw new Refusal('not-translatable', syntax.at, `${syntax.name} cannot be translated: ${way}.`);
  const entry = byName.get(syntax.name);
  if (!entry) return undefined;
  const { at, over } = syntax;
  allow(entry, syntax, context);
  context.insideAggregate = true;
  const args = syntax.args.map((argument) => compile(argument, context));
  const filter = syntax.filter && asBoolean(compile(syntax.filter, context));
  context.insideAggregate = false;
  const frame = over && windowClause(over, context, compile);
  const spark = (name: string, ...given: readonly Sql[]): Sql =>
    placed(name, given, { syntax, ...(filter && { filter }), ...(frame !== undefined && { frame }) });
  const inner = { syntax, args, context, compile, spark };
  context.insideAggregate = true;
  const built = entry.build(inner);
  context.insideAggregate = false;
  return { ...built, at };
}

function allow(entry: AggregateEntry, { name, at, over, distinct, withinGroup }: CallSyntax, context: Context): void {
  if (context.insideAggregate)
    throw new Refusal('aggregate-not-allowed', at, `${name} stands inside another aggregate: use two steps.`);
  if (over) {
    if (context.use !== 'window')
      throw new Refusal('window-not-allowed', at, `${name} over (...) can stand in a window step only.`);
    if (!entry.overWindow || distinct)
      throw new Refusal('not-translatable', at, `${distinct ? 'DISTINCT' : name} over a window cannot be translated.`);
    context.hasWindow = true;
    return;
  }
  if (context.use !== 'aggregate')
    throw new Refusal(
      'aggregate-not-allowed',
      at,
      `${name} needs a group: use an aggregate step, or ${name}(...) over (...) in a window step.`,
    );
  if (withinGroup !== (name.startsWith('percentile_') || name === 'mode'))
    throw new Refusal('no-such-signature', at, `${name} is not written so.`);
  context.hasAggregate = true;
}

/** Spark has no FILTER over a window: there the rows that do not count become NULL. */
function placed(
  name: string,
  args: readonly Sql[],
  { syntax, filter, frame }: { syntax: CallSyntax; filter?: Value; frame?: string },
): Sql {
  const write = (given: readonly string[]): string =>
    `${name}(${syntax.distinct ? 'distinct ' : ''}${given.join(', ')})`;
  const texts = args.map((argument) => argument.text);
  if (frame === undefined) return primary(write(texts) + (filter ? ` filter (where ${filter.sql.text})` : ''));
  const kept = filter
    ? texts.map((argument) => `case when ${filter.sql.text} then ${argument === '*' ? '1' : argument} end`)
    : texts;
  return primary(`${write(kept)} over (${frame})`);
}

function count(aggregation: Aggregation): Aggregated {
  const { syntax, spark } = aggregation;
  const value = syntax.star ? undefined : sole(aggregation);
  if (syntax.distinct && value && nameOf(value.type) === 'interval') {
    throw new Refusal('not-translatable', value.at, 'To PostgreSQL 1 mon is 30 days: count extract(epoch from ...).');
  }
  const counted = value?.sql ?? primary('*');
  return { type: int8, nullable: false, sql: spark('count', counted) };
}

function sum(aggregation: Aggregation): Aggregated {
  const interval = intervalTotal(aggregation);
  if (interval) return interval;
  const value = numberOf(aggregation);
  if (isFloat(value.type)) return floatSum(aggregation, value);
  if (nameOf(value.type) === 'numeric' || nameOf(value.type) === 'int8') return exactSum(aggregation, value);
  return { type: int8, nullable, sql: aggregation.spark('sum', value.sql) };
}

function exactSum({ spark }: Aggregation, value: Value): Aggregated {
  const decimal = decimalFor(value);
  const source = isInteger(value.type) ? castTo(value.sql, sparkDecimal(decimal)) : value.sql;
  const precision = Math.min(decimal.precision + 10, maxPrecision);
  return { type: numeric, nullable, sql: spark('sum', source), decimal: { ...decimal, precision } };
}

/** PostgreSQL reports a sum of doubles that overflows. */
function floatSum({ spark, context, syntax }: Aggregation, value: Value): Aggregated {
  if (nameOf(value.type) === 'float4') {
    throw new Refusal(
      'not-translatable',
      syntax.at,
      'sum over real depends on the order of the rows: cast to double precision or numeric(p,s).',
    );
  }
  const largest = spark('max', callOf('abs', value.sql));
  return {
    type: float8,
    nullable,
    sql: castTo(context.runtime('pg_float_total', spark('sum', value.sql), largest), 'double'),
  };
}

function average(aggregation: Aggregation): Aggregated {
  const { spark, syntax, context } = aggregation;
  const interval = intervalMean(aggregation);
  if (interval) return interval;
  const value = numberOf(aggregation);
  if (isFloat(value.type)) {
    const total = floatSum(aggregation, value);
    const mean = context.runtime(
      'pg_float_divide',
      total.sql,
      castTo(callOf('nullif', spark('count', value.sql), '0'), 'double'),
    );
    return { type: float8, nullable, sql: castTo(mean, 'double') };
  }
  const dividend = { ...exactSumOf(aggregation, value), at: syntax.at };
  const divisor: Value = {
    type: int8,
    nullable: true,
    sql: callOf('nullif', spark('count', value.sql), '0'),
    at: syntax.at,
  };
  const { precision, scale } = decimalFor(value);
  return { ...quotient({ dividend, divisor, wholeDigits: precision - scale }, context, syntax.at), nullable };
}

const exactSumOf = (aggregation: Aggregation, value: Value): Aggregated =>
  isInteger(value.type) && nameOf(value.type) !== 'int8'
    ? { type: int8, nullable, sql: aggregation.spark('sum', value.sql) }
    : exactSum(aggregation, value);

function extreme(aggregation: Aggregation): Aggregated {
  const value = sole(aggregation);
  const known = [
    'int2',
    'int4',
    'int8',
    'numeric',
    'float4',
    'float8',
    'text',
    'varchar',
    'date',
    'timestamp',
    'timestamptz',
  ];
  if (!known.includes(nameOf(value.type) ?? '')) {
    throw new Refusal(
      'not-translatable',
      value.at,
      `${aggregation.syntax.name} over ${formatType(value.type)} cannot be translated: cast it to text.`,
    );
  }
  const type = nameOf(value.type) === 'varchar' ? text : value.type;
  const decimal = nameOf(type) === 'numeric' ? { decimal: decimalFor(value) } : {};
  return { type, nullable, sql: aggregation.spark(aggregation.syntax.name, value.sql), ...decimal };
}

function logical(aggregation: Aggregation): Aggregated {
  const value = asBoolean(sole(aggregation));
  return {
    type: bool,
    nullable,
    sql: aggregation.spark(aggregation.syntax.name === 'every' ? 'bool_and' : aggregation.syntax.name, value.sql),
  };
}

function bits(aggregation: Aggregation): Aggregated {
  const value = sole(aggregation);
  if (!isInteger(value.type)) throw noAggregate(aggregation, value);
  return { type: value.type, nullable, sql: aggregation.spark(aggregation.syntax.name, value.sql) };
}
