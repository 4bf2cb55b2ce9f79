/** Moments made of their parts, sorted into bins, and intervals made and put right. */
import { runInstant } from './contract.ts';
import { runtime, type Built, type Call, type Entry } from './entry.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary, stringLiteral, suffixed, type Sql } from './sparkSql.ts';
import { constantText, type Value } from './value.ts';

const sqlOf = (value: Value | undefined): Sql => value?.sql ?? primary('null');
const micros = (value: Value | undefined): Sql => callOf('unix_micros', sqlOf(value));

const age = (type: 'timestamp' | 'timestamptz', examples: readonly string[]): Entry => ({
  name: 'age',
  family: 'dates',
  args: [type, type],
  result: 'interval',
  build: ({ args: [later, earlier], context }) => ({ sql: context.runtime('pg_age', micros(later), micros(earlier)) }),
  examples,
});

/** Since today's midnight. */
const ageToday = (type: 'timestamp' | 'timestamptz', examples: readonly string[]): Entry => ({
  name: 'age',
  family: 'dates',
  args: [type],
  result: 'interval',
  build: ({ args: [value], context }) => {
    context.usesRunInstant = true;
    const midnight = castTo(castTo(primary(runInstant), 'date'), 'timestamp');
    return { sql: context.runtime('pg_age', callOf('unix_micros', midnight), micros(value)) };
  },
  examples,
});

const justify = (name: string): Entry => ({
  name,
  family: 'dates',
  args: ['interval'],
  result: 'interval',
  build: runtime(`pg_${name}`),
  examples: ['iv', 'ts - d', "small * interval '25 hours'", "interval '40 days -30:00'"].map(
    (value) => `${name}(${value})`,
  ),
});

const bin = (type: 'timestamp' | 'timestamptz', examples: readonly string[]): Entry => ({
  name: 'date_bin',
  family: 'dates',
  args: ['interval', type, type],
  result: type,
  build: ({ args: [stride, value, origin], context }) => {
    const start = context.runtime('pg_date_bin', sqlOf(stride), micros(value), micros(origin));
    return { sql: callOf('timestamp_micros', castTo(start, 'bigint')) };
  },
  examples,
});

const parts = ['int4', 'int4', 'int4', 'int4', 'int4', 'float8'] as const;

const made = (name: 'make_timestamp' | 'make_timestamptz', examples: readonly string[]): Entry => ({
  name,
  family: 'dates',
  args: parts,
  result: name === 'make_timestamp' ? 'timestamp' : 'timestamptz',
  build: runtime('pg_make_timestamp', 'timestamp'),
  examples,
  note: 'years before 1 are an error in Spark',
  stricter: true,
});

function madeInZone({ args, context, at }: Call): Built {
  const place = args[6];
  const name = place && constantText(place);
  if (name === undefined || !/^([A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z_]+)?|UTC)$/.test(name))
    throw new Refusal(
      'not-translatable',
      place?.at ?? at,
      "Write the time zone by its place, such as 'Europe/Berlin'.",
    );
  const wall = castTo(context.runtime('pg_make_timestamp', ...args.slice(0, 6).map(sqlOf)), 'timestamp');
  const utc = context.runtime('pg_zone_to_utc', callOf('unix_micros', wall), stringLiteral(name));
  return { sql: callOf('timestamp_micros', utc) };
}

/** Parts that are left out are none. */
const intervalParts = ['int4', 'int4', 'int4', 'int4', 'int4', 'int4', 'float8'] as const;

const makeInterval = (count: number): Entry => ({
  name: 'make_interval',
  family: 'dates',
  args: intervalParts.slice(0, count),
  result: 'interval',
  build: ({ args, context }) => {
    const given = intervalParts.map((_, index) => args[index]?.sql ?? primary(index === 6 ? 'double(0)' : '0'));
    return { sql: context.runtime('pg_make_interval', ...given) };
  },
  examples:
    count === 7
      ? ['make_interval(1, small, 2, small, 3, 4, 5.5)', 'make_interval(0, 0, 0, 0, 0, 0, h)']
      : count === 4
        ? ['make_interval(1, small, 2, small)']
        : [],
});

const volatile = (name: string): Entry => ({
  name,
  family: 'dates',
  args: [],
  result: 'timestamptz',
  build: ({ at }) => {
    throw new Refusal('not-translatable', at, `${name} goes on while a job runs: now() is the run's one instant.`);
  },
  examples: [],
});

export const dateMakingFunctions: readonly Entry[] = [
  age('timestamp', ['age(ts, d)', "age(ts, '2024-02-29')", "age(timestamp '2024-03-31', ts)"]),
  age('timestamptz', ['age(tz, ts)', 'age(d, e)', 'age(tz, d)']),
  ageToday('timestamp', ['age(ts)']),
  ageToday('timestamptz', ['age(d)']),
  ...['justify_hours', 'justify_days', 'justify_interval'].map(justify),
  bin('timestamp', [
    "date_bin('15 minutes', ts, '2001-01-01')",
    "date_bin('1 day 01:00', ts, d)",
    'date_bin(iv, ts, d)',
  ]),
  bin('timestamptz', ["date_bin('7 days', tz, ts)"]),
  made('make_timestamp', [
    'make_timestamp(2024, 2, 29, 23, 59, 60)',
    'make_timestamp(2000 + small, 2, 28 + small, small, 59, 12.3456789)',
    'make_timestamp(2024, 1, 1, 24, 0, h)',
  ]),
  made('make_timestamptz', ['make_timestamptz(2024, 2, 29, small, 59, h)']),
  {
    name: 'make_timestamptz',
    family: 'dates',
    args: [...parts, 'text'],
    result: 'timestamptz',
    build: madeInZone,
    examples: ["make_timestamptz(2024, 10, 27, small, 30, 0, 'Europe/Berlin')"],
    note: 'zones named by place, such as Europe/Berlin',
    stricter: true,
  },
  ...Array.from({ length: 8 }, (_, count) => makeInterval(count)),
  {
    name: 'date_trunc',
    family: 'dates',
    args: ['text', 'interval'],
    result: 'interval',
    build: ({ args: [unit, value], at, context }) => {
      const named = unit && constantText(unit)?.toLowerCase();
      if (named === undefined || !intervalUnits.includes(named))
        throw new Refusal('not-translatable', unit?.at ?? at, `An interval is cut by ${intervalUnits.join(', ')}.`);
      return { sql: context.runtime('pg_interval_trunc', stringLiteral(named), sqlOf(value)) };
    },
    examples: ['year', 'month', 'day', 'hour', 'second'].map((unit) => `date_trunc('${unit}', iv)`),
  },
  {
    name: 'isfinite',
    family: 'dates',
    args: ['interval'],
    result: 'bool',
    build: ({ args: [value] }) => ({ sql: suffixed(sqlOf(value), "not in ('infinity', '-infinity')") }),
    examples: ['isfinite(iv)'],
  },
  ...(['date', 'timestamp', 'timestamptz'] as const).map((type): Entry => ({
    name: 'isfinite',
    family: 'dates',
    args: [type],
    result: 'bool',
    // Spark has no infinite date.
    build: ({ args: [value] }) => ({ sql: callOf('nullif', suffixed(sqlOf(value), 'is not null'), 'false') }),
    examples: [`isfinite(${{ date: 'd', timestamp: 'ts', timestamptz: 'tz' }[type]})`],
  })),
  ...['clock_timestamp', 'statement_timestamp', 'timeofday'].map(volatile),
];

const intervalUnits = ['millennium', 'century', 'decade', 'year', 'quarter', 'month', 'day', 'hour', 'minute', 'second', 'milliseconds', 'microseconds']; // prettier-ignore
