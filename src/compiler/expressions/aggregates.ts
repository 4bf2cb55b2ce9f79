/** Aggregates, plain or over a window, with DISTINCT, FILTER and ORDER BY. */
import type { PgType } from '../../spec/pgType.ts';
import { asBoolean, exactly, textOf } from './casts.ts';
import { maxPrecision, sparkDecimal } from './decimals.ts';
import { quotient } from './division.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary, stringLiteral, suffixed, type Sql } from './sparkSql.ts';
import type { CallSyntax, SortKey } from './syntax.ts';
import {
  arrayOf,
  bool,
  float8,
  formatType,
  int8,
  isFloat,
  isInteger,
  isText,
  nameOf,
  numeric,
  sparkType,
  text,
} from './types.ts';
import { constantText, decimalFor, type CompileValue, type Context, type Value } from './value.ts';
import { windowClause } from './windows.ts';

/** One aggregate call: its arguments, and how it is put round a Spark aggregate. */
interface Aggregation {
  readonly syntax: CallSyntax;
  readonly args: readonly Value[];
  readonly context: Context;
  readonly compile: CompileValue;
  /** `filter` and `over` written after a Spark aggregate of these arguments. */
  readonly spark: (name: string, ...args: readonly Sql[]) => Sql;
}

type Build = (aggregation: Aggregation) => Omit<Value, 'at'>;

export interface AggregateEntry {
  readonly name: string;
  readonly build: Build;
  readonly examples: readonly string[];
  /** Whether `over (...)` may follow. */
  readonly overWindow: boolean;
  readonly note?: string;
}

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
  {
    name: 'string_agg',
    build: stringAgg,
    overWindow: false,
    examples: [
      "string_agg(s, ',' order by s)",
      "string_agg(t, '' order by id desc)",
      "string_agg(distinct s, '; ' order by s)",
      "string_agg(i::text, '|' order by i) filter (where b)",
    ],
    note: 'with an order',
  },
  {
    name: 'array_agg',
    build: arrayAgg,
    overWindow: false,
    examples: [
      'array_agg(i order by id)',
      'array_agg(s order by s, id)',
      'array_agg(n order by n desc, id desc)',
      'array_agg(i order by id) filter (where b)',
    ],
    note: 'with an order',
  },
  ...['stddev', 'stddev_samp', 'stddev_pop', 'variance', 'var_samp', 'var_pop'].map((name): AggregateEntry => ({
    name,
    build: deviation,
    overWindow: false,
    examples: [`${name}(h)`],
    note: 'over double precision',
  })),
  ...['corr', 'covar_pop', 'covar_samp'].map((name): AggregateEntry => ({
    name,
    build: pairwise,
    overWindow: false,
    examples: [`${name}(h, p)`],
    note: 'over double precision',
  })),
  {
    name: 'percentile_cont',
    build: percentile,
    overWindow: false,
    examples: [
      'percentile_cont(0.5) within group (order by h)',
      'percentile_cont(0.9) within group (order by i)',
      'percentile_cont(0) within group (order by h)',
    ],
  },
  {
    name: 'percentile_disc',
    build: percentile,
    overWindow: false,
    examples: [
      'percentile_disc(0.5) within group (order by i)',
      'percentile_disc(0.25) within group (order by h)',
      'percentile_disc(1) within group (order by i2)',
    ],
    note: 'over integer and double precision',
  },
];

const byName = new Map(aggregateEntries.map((entry) => [entry.name, entry]));

/** The call's value, or nothing where it is no aggregate. */
export function compileAggregate(syntax: CallSyntax, context: Context, compile: CompileValue): Value | undefined {
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
  if (withinGroup !== name.startsWith('percentile_'))
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

const nullable = true;

function sole({ args, syntax }: Aggregation): Value {
  const [value] = args;
  if (value && args.length === 1 && syntax.order.length === 0) return value;
  throw new Refusal('no-such-signature', syntax.at, `${syntax.name} takes one argument, and no order.`);
}

function count(aggregation: Aggregation): Omit<Value, 'at'> {
  const { syntax, spark } = aggregation;
  const value = syntax.star ? undefined : sole(aggregation);
  if (syntax.distinct && value && nameOf(value.type) === 'interval') {
    throw new Refusal('not-translatable', value.at, 'To PostgreSQL 1 mon is 30 days: count extract(epoch from ...).');
  }
  const counted = value?.sql ?? primary('*');
  return { type: int8, nullable: false, sql: spark('count', counted) };
}

function numberOf(aggregation: Aggregation): Value {
  const value = sole(aggregation);
  if (isInteger(value.type) || isFloat(value.type) || nameOf(value.type) === 'numeric') return value;
  throw new Refusal(
    'no-such-signature',
    value.at,
    `There is no ${aggregation.syntax.name}(${formatType(value.type)}) that can be translated.`,
  );
}

function sum(aggregation: Aggregation): Omit<Value, 'at'> {
  const interval = intervalTotal(aggregation);
  if (interval) return interval;
  const value = numberOf(aggregation);
  if (isFloat(value.type)) return floatSum(aggregation, value);
  if (nameOf(value.type) === 'numeric' || nameOf(value.type) === 'int8') return exactSum(aggregation, value);
  return { type: int8, nullable, sql: aggregation.spark('sum', value.sql) };
}

function exactSum({ spark }: Aggregation, value: Value): Omit<Value, 'at'> {
  const decimal = decimalFor(value);
  const source = isInteger(value.type) ? castTo(value.sql, sparkDecimal(decimal)) : value.sql;
  const precision = Math.min(decimal.precision + 10, maxPrecision);
  return { type: numeric, nullable, sql: spark('sum', source), decimal: { ...decimal, precision } };
}

/** PostgreSQL reports a sum of doubles that overflows. */
function floatSum({ spark, context, syntax }: Aggregation, value: Value): Omit<Value, 'at'> {
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

/** The sum of intervals, part by part. */
function intervalTotal(aggregation: Aggregation): Omit<Value, 'at'> | undefined {
  const { spark, context, syntax } = aggregation;
  const value = sole(aggregation);
  if (nameOf(value.type) !== 'interval') return undefined;
  if (syntax.distinct) {
    throw new Refusal('not-translatable', value.at, 'To PostgreSQL 1 mon is 30 days: leave DISTINCT out.');
  }
  const parts = ['0', '1', '2'].map((part) => spark('sum', context.runtime('pg_interval_part', value.sql, part)));
  return { type: value.type, nullable, sql: context.runtime('pg_interval_text', ...parts) };
}

function average(aggregation: Aggregation): Omit<Value, 'at'> {
  const { spark, syntax, context } = aggregation;
  const interval = intervalTotal(aggregation);
  if (interval) {
    const rows = castTo(spark('count', sole(aggregation).sql), 'double');
    return { ...interval, sql: context.runtime('pg_interval_divide', interval.sql, rows) };
  }
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

const exactSumOf = (aggregation: Aggregation, value: Value): Omit<Value, 'at'> =>
  isInteger(value.type) && nameOf(value.type) !== 'int8'
    ? { type: int8, nullable, sql: aggregation.spark('sum', value.sql) }
    : exactSum(aggregation, value);

function extreme(aggregation: Aggregation): Omit<Value, 'at'> {
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

function logical(aggregation: Aggregation): Omit<Value, 'at'> {
  const value = asBoolean(sole(aggregation));
  return {
    type: bool,
    nullable,
    sql: aggregation.spark(aggregation.syntax.name === 'every' ? 'bool_and' : aggregation.syntax.name, value.sql),
  };
}

/** Spark sorts structs field by field, NULL first: a flag before each key puts its NULLs where PostgreSQL does. */
function sorted({ syntax, context, compile, spark }: Aggregation, value: Sql): Sql {
  const [first] = syntax.order;
  if (!first) {
    throw new Refusal(
      'needs-order',
      syntax.at,
      `${syntax.name} depends on the order of the rows: write ${syntax.name}(... order by ...).`,
    );
  }
  if (syntax.order.some((key) => key.direction !== first.direction || !isDefault(key))) {
    throw new Refusal(
      'not-translatable',
      syntax.at,
      'The keys of an order inside an aggregate have to run in one direction, with NULL where PostgreSQL puts it.',
    );
  }
  const keys = syntax.order.flatMap((key, index) => {
    const sql = orderable(compile(key.value, context));
    return [`${suffixed(sql, 'is null').text} as n${index}`, `${sql.text} as k${index}`];
  });
  const rows = spark('collect_list', callOf('struct', ...keys, `${value.text} as value`));
  const ascending = first.direction === 'asc' ? '' : ', false';
  return callOf('transform', `sort_array(${rows.text}${ascending})`, 'item -> item.value');
}

const isDefault = (key: SortKey): boolean => key.nulls === (key.direction === 'asc' ? 'last' : 'first');

function orderable(value: Value): Sql {
  if (value.type.kind === 'scalar' && !['json', 'jsonb', 'interval'].includes(value.type.name))
    return isText(value.type) ? textOf(value) : value.sql;
  throw new Refusal('not-translatable', value.at, `An order by ${formatType(value.type)} cannot be translated.`);
}

function stringAgg(aggregation: Aggregation): Omit<Value, 'at'> {
  const { args, syntax, context, compile } = aggregation;
  const [value, separator] = args.map((argument) =>
    argument.type.kind === 'unknown' || isText(argument.type) ? exactly(argument, text) : argument,
  );
  if (!value || !separator || !isText(value.type))
    throw new Refusal('no-such-signature', syntax.at, 'string_agg takes a text and a separator.');
  const constant = constantText(separator);
  if (constant === undefined) throw new Refusal('needs-constant', separator.at, 'The separator has to be written out.');
  const list = syntax.distinct
    ? distinctList(aggregation, value, compile, context)
    : sorted(aggregation, textOf(value));
  const all = callOf('array_join', withoutNulls(list), stringLiteral(constant));
  return {
    type: text,
    nullable,
    sql: primary(`case when ${aggregation.spark('count', value.sql).text} > 0 then ${all.text} end`),
  };
}

const withoutNulls = (list: Sql): Sql => callOf('filter', list, 'item -> item is not null');

function distinctList({ syntax, spark }: Aggregation, value: Value, compile: CompileValue, context: Context): Sql {
  const [key, other] = syntax.order;
  if (!key || other || key.direction !== 'asc' || orderable(compile(key.value, context)).text !== textOf(value).text) {
    throw new Refusal('needs-order', syntax.at, 'With DISTINCT, order by the same value, ascending.');
  }
  return callOf('sort_array', spark('collect_list', textOf(value)));
}

function arrayAgg(aggregation: Aggregation): Omit<Value, 'at'> {
  const { args, syntax, spark } = aggregation;
  const [value] = args;
  if (!value || args.length !== 1 || value.type.kind !== 'scalar' || syntax.distinct) {
    throw new Refusal('not-translatable', syntax.at, 'array_agg is translated for plain values, without DISTINCT.');
  }
  const type: PgType = arrayOf(value.type);
  const decimal = nameOf(value.type) === 'numeric' ? { decimal: decimalFor(value) } : {};
  const list = sorted(aggregation, value.sql);
  const rows = spark('count', primary('*'));
  return { type, nullable, sql: primary(`case when ${rows.text} > 0 then ${list.text} end`), ...decimal };
}

function doubles(aggregation: Aggregation): readonly Sql[] {
  const { args, syntax } = aggregation;
  for (const value of args) {
    if (nameOf(value.type) !== 'float8') {
      throw new Refusal(
        'not-translatable',
        value.at,
        `${syntax.name} over ${formatType(value.type)} has no fixed number of digits: write ${syntax.name}(x::float8).`,
      );
    }
  }
  return args.map((value) => value.sql);
}

const statistics: Readonly<Record<string, string>> = { variance: 'var_samp', stddev: 'stddev_samp' };

function deviation(aggregation: Aggregation): Omit<Value, 'at'> {
  sole(aggregation);
  const [value] = doubles(aggregation);
  const { name } = aggregation.syntax;
  return { type: float8, nullable, sql: aggregation.spark(statistics[name] ?? name, value ?? primary('null')) };
}

function pairwise(aggregation: Aggregation): Omit<Value, 'at'> {
  const [first, second] = doubles(aggregation);
  const { name, at } = aggregation.syntax;
  if (!first || !second) throw new Refusal('no-such-signature', at, `${name} takes two arguments.`);
  const both = aggregation.spark(name, first, second);
  // Without variance PostgreSQL gives NULL where Spark gives NaN.
  return { type: float8, nullable, sql: name === 'corr' ? callOf('nullif', both, "double('NaN')") : both };
}

function percentile(aggregation: Aggregation): Omit<Value, 'at'> {
  const { syntax, args, context, compile } = aggregation;
  const [fraction] = args;
  const [key, other] = syntax.order;
  const constant = fraction?.literal && 'text' in fraction.literal ? Number(fraction.literal.text) : NaN;
  if (!key || other || !(constant >= 0 && constant <= 1))
    throw new Refusal(
      'needs-constant',
      syntax.at,
      `${syntax.name} needs one fraction from 0 to 1, written out, and one key.`,
    );
  if (key.direction !== 'asc')
    throw new Refusal('not-translatable', syntax.at, `${syntax.name} is translated for an ascending order.`);
  const value = compile(key.value, context);
  const isDisc = syntax.name === 'percentile_disc';
  if (!['int2', 'int4', 'float8'].includes(nameOf(value.type) ?? ''))
    throw new Refusal(
      'not-translatable',
      value.at,
      `${syntax.name} over ${formatType(value.type)} cannot be translated: cast to double precision.`,
    );
  const filter = syntax.filter ? ` filter (where ${asBoolean(compile(syntax.filter, context)).sql.text})` : '';
  const sql = primary(`${syntax.name}(${constant}) within group (order by ${value.sql.text})${filter}`);
  if (!isDisc || nameOf(value.type) === 'float8') return { type: float8, nullable, sql };
  return { type: value.type, nullable, sql: castTo(sql, sparkType(value.type)) };
}
