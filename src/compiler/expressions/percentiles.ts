/** `within group (order by ...)`: percentiles and the most frequent value. */
import { asBoolean, exactly } from './casts.ts';
import { nullable, type Aggregated, type AggregateEntry, type Aggregation } from './aggregation.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary, type Sql } from './sparkSql.ts';
import type { SortKey } from './syntax.ts';
import { float8, formatType, isNumber, nameOf, sparkType } from './types.ts';
import { decimalFor, type Value } from './value.ts';

export const percentileEntries: readonly AggregateEntry[] = [
  {
    name: 'percentile_cont',
    build: continuous,
    overWindow: false,
    examples: [
      'percentile_cont(0.5) within group (order by h)',
      'percentile_cont(0.9) within group (order by i)',
      'percentile_cont(0) within group (order by h)',
      'percentile_cont(0.5) within group (order by n)',
      'percentile_cont(0.25) within group (order by k)',
      'percentile_cont(0.3) within group (order by n desc)',
      'percentile_cont(0.75) within group (order by i2) filter (where b)',
      'percentile_cont(0.5) within group (order by n / 7)',
    ],
    note: 'the fraction written out',
  },
  {
    name: 'percentile_disc',
    build: discrete,
    overWindow: false,
    examples: [
      'percentile_disc(0.5) within group (order by i)',
      'percentile_disc(0.25) within group (order by h)',
      'percentile_disc(1) within group (order by i2)',
      'percentile_disc(0) within group (order by i)',
      'percentile_disc(0.3) within group (order by n)',
      'percentile_disc(0.5) within group (order by k)',
      'percentile_disc(0.5) within group (order by k desc)',
      'percentile_disc(0.6) within group (order by s)',
      'percentile_disc(0.4) within group (order by s desc) filter (where b)',
      'percentile_disc(0.5) within group (order by d)',
      'percentile_disc(0.9) within group (order by ts)',
      'percentile_disc(0.1) within group (order by tz desc)',
      'percentile_disc(0.5) within group (order by b)',
      'percentile_disc(0.5) within group (order by u)',
      'percentile_disc(0.7) within group (order by f)',
    ],
    note: 'the fraction written out',
  },
  {
    name: 'mode',
    build: mostFrequent,
    overWindow: false,
    examples: [
      'mode() within group (order by i)',
      'mode() within group (order by i desc)',
      'mode() within group (order by grp)',
      'mode() within group (order by n)',
      'mode() within group (order by b)',
      'mode() within group (order by d desc)',
      'mode() within group (order by i % 3)',
      'mode() within group (order by small) filter (where b)',
      'mode() within group (order by f)',
      'mode() within group (order by u)',
    ],
  },
];

function continuous(aggregation: Aggregation): Aggregated {
  const fraction = fractionOf(aggregation);
  const [key, value] = keyOf(aggregation);
  if (!isNumber(value.type))
    throw new Refusal(
      'not-translatable',
      value.at,
      `percentile_cont over ${formatType(value.type)} cannot be translated.`,
    );
  return { type: float8, nullable, sql: native(aggregation, { fraction, key, value: exactly(value, float8).sql }) };
}

/** Spark's own, which converts to double. */
const nativeTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'float8']);

function discrete(aggregation: Aggregation): Aggregated {
  const fraction = fractionOf(aggregation);
  const [key, value] = keyOf(aggregation);
  const name = nameOf(value.type) ?? '';
  if (nativeTypes.has(name) && key.direction === 'asc') {
    const sql = native(aggregation, { fraction, key, value: value.sql });
    return { type: value.type, nullable, sql: name === 'float8' ? sql : castTo(sql, sparkType(value.type)) };
  }
  const { spark } = aggregation;
  const place = `greatest(cast(ceil(${fraction}D * ${spark('count', value.sql).text}) as int), 1) - 1`;
  return { ...elementType(value), sql: callOf('get', sortedValues(aggregation, key, value), place) };
}

function native(
  { syntax, compile, context }: Aggregation,
  { fraction, key, value }: { fraction: number; key: SortKey; value: Sql },
): Sql {
  const filter = syntax.filter ? ` filter (where ${asBoolean(compile(syntax.filter, context)).sql.text})` : '';
  const direction = key.direction === 'desc' ? ' desc' : '';
  return primary(`${syntax.name}(${fraction}) within group (order by ${value.text}${direction})${filter}`);
}

/** Of those that are equally frequent the first in the order: the longest run of the sorted values. */
function mostFrequent(aggregation: Aggregation): Aggregated {
  if (aggregation.args.length > 0)
    throw new Refusal(
      'no-such-signature',
      aggregation.syntax.at,
      'mode() takes no argument: mode() within group (order by x).',
    );
  const [key, value] = keyOf(aggregation);
  const none = `cast(null as ${sparkType(value.type, value.decimal ?? decimalFor(value))})`;
  const start = `named_struct('value', ${none}, 'run', 0, 'best', ${none}, 'longest', 0)`;
  const run = 'if(state.value <=> item, state.run + 1, 1)';
  const next = `named_struct('value', item, 'run', ${run}, 'best', if(${run} > state.longest, item, state.best), 'longest', greatest(${run}, state.longest))`;
  const values = sortedValues(aggregation, key, value);
  return {
    ...elementType(value),
    sql: callOf('aggregate', values, start, `(state, item) -> ${next}`, 'state -> state.best'),
  };
}

const elementType = (value: Value): Pick<Value, 'type' | 'nullable' | 'decimal'> => ({
  type: value.type,
  nullable,
  ...(nameOf(value.type) === 'numeric' && { decimal: decimalFor(value) }),
});

const sortedValues = ({ spark }: Aggregation, key: SortKey, value: Value): Sql =>
  callOf('sort_array', spark('collect_list', value.sql), ...(key.direction === 'desc' ? ['false'] : []));

function fractionOf({ syntax, args: [fraction, other] }: Aggregation): number {
  const constant = fraction?.literal && 'text' in fraction.literal ? Number(fraction.literal.text) : NaN;
  if (constant >= 0 && constant <= 1 && !other) return constant;
  throw new Refusal('needs-constant', syntax.at, `${syntax.name} needs one fraction from 0 to 1, written out.`);
}

const sortable: ReadonlySet<string> = new Set(['bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar', 'date', 'timestamp', 'timestamptz', 'uuid']); // prettier-ignore

/** NULL does not count, so where it stands in the order does not matter. */
function keyOf({ syntax, compile, context }: Aggregation): readonly [SortKey, Value] {
  const [key, other] = syntax.order;
  if (!key || other) throw new Refusal('not-translatable', syntax.at, `${syntax.name} is translated for one key.`);
  const value = compile(key.value, context);
  if (sortable.has(nameOf(value.type) ?? '')) return [key, value];
  throw new Refusal(
    'not-translatable',
    value.at,
    `${syntax.name} over ${formatType(value.type)} cannot be translated: cast it to text.`,
  );
}
