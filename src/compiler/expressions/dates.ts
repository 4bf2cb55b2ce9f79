/** Dates and times; the sessions on both sides run in UTC. */
import { runInstant } from './contract.ts';
import { constantAs } from './constants.ts';
import type { Built, Call, Entry } from './entry.ts';
import { intervalField } from './intervalFields.ts';
import { Refusal, type Place } from './refusal.ts';
import { binary, callOf, castTo, primary, stringLiteral, suffixed, type Sql } from './sparkSql.ts';
import { float8, nameOf, numeric, scalar } from './types.ts';
import { constantInteger, constantText, type Value } from './value.ts';

const sqlOf = (value: Value | undefined): Sql => value?.sql ?? primary('null');
const nowhere = { offset: 0, length: 0 };

function constant(value: Value | undefined, what: string): string {
  const found = value && constantText(value);
  if (found !== undefined) return found;
  throw new Refusal('needs-constant', value?.at ?? nowhere, `${what} has to be written out.`);
}

/** Fields that Spark has as a whole number. */
const wholeFields: Readonly<Record<string, (value: Sql) => Sql>> = {
  year: (value) => callOf('year', value),
  month: (value) => callOf('month', value),
  day: (value) => callOf('day', value),
  quarter: (value) => callOf('quarter', value),
  week: (value) => callOf('weekofyear', value),
  doy: (value) => callOf('dayofyear', value),
  dow: (value) => binary(callOf('dayofweek', value), '-', primary('1')),
  isodow: (value) => binary(callOf('weekday', value), '+', primary('1')),
  decade: (value) => binary(callOf('year', value), 'div', primary('10')),
  century: (value) => binary(binary(callOf('year', value), '+', primary('99')), 'div', primary('100')),
  millennium: (value) => binary(binary(callOf('year', value), '+', primary('999')), 'div', primary('1000')),
  isoyear: (value) => callOf('extract', primary(`yearofweek from ${value.text}`)),
};

const clockFields: Readonly<Record<string, (value: Sql) => Sql>> = {
  hour: (value) => callOf('hour', value),
  minute: (value) => callOf('minute', value),
  microseconds: (value) =>
    binary(callOf('unix_micros', value), '-', callOf('unix_micros', callOf('date_trunc', "'minute'", value))),
};

/** The sessions run in UTC. */
const zoneFields: ReadonlySet<string> = new Set(['timezone', 'timezone_hour', 'timezone_minute']);

const aliases: Readonly<Record<string, string>> = {
  years: 'year',
  months: 'month',
  mon: 'month',
  days: 'day',
  hours: 'hour',
  minutes: 'minute',
  seconds: 'second',
  weeks: 'week',
  decades: 'decade',
  centuries: 'century',
  millennia: 'millennium',
};

function field(name: 'extract' | 'date_part', { args: [unit, value], at, context }: Call): Built {
  const named = constant(unit, 'The field').toLowerCase();
  const which = aliases[named] ?? named;
  if (!value) return { sql: primary('null') };
  if (nameOf(value.type) === 'interval') return intervalField(name, which, value, context);
  const moment = value.type.kind === 'unknown' ? constantAs(value, scalar('timestamptz')) : value;
  if (!['date', 'timestamp', 'timestamptz'].includes(nameOf(moment.type) ?? '')) {
    throw new Refusal('type-mismatch', at, 'Fields can be taken of dates, timestamps and intervals.');
  }
  const isDate = nameOf(moment.type) === 'date';
  const whole = wholeFields[which] ?? (isDate ? undefined : clockFields[which]);
  if (whole) return asField(name, whole(moment.sql));
  const size = { second: '1000000D', milliseconds: '1000D' }[which];
  if (name === 'date_part' && size !== undefined && !isDate) return secondsAsDouble(moment.sql, size);
  if (which === 'second' && !isDate) {
    return withType(name, callOf('extract', primary(`second from ${moment.sql.text}`)), { precision: 8, scale: 6 });
  }
  if (which === 'milliseconds' && !isDate && clockFields.microseconds) {
    const thousandths = binary(clockFields.microseconds(moment.sql), '*', primary('0.001'));
    return withType(name, castTo(thousandths, 'decimal(8,3)'), { precision: 8, scale: 3 });
  }
  if (which === 'julian' && isDate)
    return asField(name, binary(callOf('unix_date', moment.sql), '+', primary('2440588')));
  if (zoneFields.has(which) && nameOf(moment.type) === 'timestamptz') {
    return asField(name, castTo(binary(callOf('year', moment.sql), '*', primary('0')), 'int'));
  }
  if (which === 'epoch') return epoch(name, moment, isDate);
  throw new Refusal(
    'not-translatable',
    unit?.at ?? at,
    `The field ${named} of ${isDate ? 'a date' : 'a timestamp'} cannot be translated.`,
  );
}

/** What is left of a second is added by itself, in double precision. */
function secondsAsDouble(moment: Sql, unit: string): Built {
  const seconds = castTo(callOf('second', moment), 'double');
  const whole = unit === '1000D' ? binary(seconds, '*', primary('1000D')) : seconds;
  const rest = castTo(callOf('pmod', callOf('unix_micros', moment), '1000000L'), 'double');
  return { type: float8, sql: binary(whole, '+', binary(rest, '/', primary(unit))) };
}

const asField = (name: 'extract' | 'date_part', whole: Sql): Built =>
  name === 'date_part'
    ? { type: float8, sql: castTo(whole, 'double'), whole }
    : {
        type: numeric,
        sql: castTo(whole, 'decimal(10,0)'),
        whole,
        decimal: { precision: 10, scale: 0, display: 'scale' },
      };

function withType(name: 'extract' | 'date_part', sql: Sql, size: { precision: number; scale: number }): Built {
  return name === 'date_part'
    ? { type: float8, sql: castTo(sql, 'double') }
    : { type: numeric, sql, decimal: { ...size, display: 'scale' } };
}

const microsecond = primary('0.000001');

function epoch(name: 'extract' | 'date_part', value: Value, isDate: boolean): Built {
  if (!isDate)
    return withType(name, binary(callOf('unix_micros', value.sql), '*', microsecond), { precision: 27, scale: 6 });
  const seconds = binary(castTo(callOf('unix_date', value.sql), 'bigint'), '*', primary('86400L'));
  return name === 'date_part'
    ? { type: float8, sql: castTo(seconds, 'double') }
    : { type: numeric, sql: castTo(seconds, 'decimal(20,0)'), decimal: { precision: 20, scale: 0, display: 'scale' } };
}

const byClock: ReadonlySet<string> = new Set([
  'hour',
  'minute',
  'second',
  'millisecond',
  'milliseconds',
  'microseconds',
]);
const truncations = ['millennium', 'century', 'decade', 'year', 'quarter', 'month', 'week', 'day', ...byClock];

/** The first year of the period that a year lies in. */
const firstYears: Readonly<Record<string, (year: string) => string>> = {
  decade: (year) => `${year} div 10 * 10`,
  century: (year) => `(${year} + 99) div 100 * 100 - 99`,
  millennium: (year) => `(${year} + 999) div 1000 * 1000 - 999`,
};

function unitOf(unit: Value | undefined, at: Place): string {
  const named = constant(unit, 'The unit').toLowerCase();
  if (truncations.includes(named)) return named;
  throw new Refusal('not-translatable', unit?.at ?? at, `date_trunc by ${named} cannot be translated.`);
}

function truncate({ args: [unit, value], at }: Call): Built {
  return { sql: truncated(unitOf(unit, at), sqlOf(value)) };
}

function truncated(named: string, value: Sql): Sql {
  const year = firstYears[named]?.(callOf('year', value).text);
  if (year !== undefined) return castTo(callOf('make_date', year, '1', '1'), 'timestamp');
  const spark = named === 'milliseconds' ? 'millisecond' : named === 'microseconds' ? 'microsecond' : named;
  return callOf('date_trunc', stringLiteral(spark), value);
}

/** By the clock of another zone. */
function truncateInZone({ args: [unit, value, place], at, context }: Call): Built {
  const named = unitOf(unit, at);
  if (byClock.has(named))
    throw new Refusal('not-translatable', unit?.at ?? at, 'With a time zone, date_trunc goes by day and longer units.');
  const local = truncated(named, callOf('from_utc_timestamp', sqlOf(value), zone(place)));
  const utc = context.runtime('pg_zone_to_utc', callOf('unix_micros', local), zone(place));
  return { sql: callOf('timestamp_micros', utc) };
}

/** Zone names that mean the same to both: Area/City, and UTC. */
function zone(value: Value | undefined): string {
  const name = constant(value, 'The time zone');
  if (/^([A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z_]+)?|UTC)$/.test(name)) return stringLiteral(name);
  throw new Refusal(
    'not-translatable',
    value?.at ?? nowhere,
    `Write the time zone by its place, such as 'Europe/Berlin': ${name.slice(0, 40)} is read differently by the two sides.`,
  );
}

const atZone = (from: 'timestamp' | 'timestamptz', build: Entry['build'], examples: readonly string[]): Entry => ({
  name: 'timezone',
  family: 'dates',
  args: ['text', from],
  result: from === 'timestamp' ? 'timestamptz' : 'timestamp',
  build,
  examples,
  note: 'zones named by place, such as Europe/Berlin',
});

function madeDate({ args: [year, month, day] }: Call): Built {
  const made = callOf('make_date', sqlOf(year), sqlOf(month), sqlOf(day));
  if (year && (constantInteger(year) ?? 0) > 0) return { sql: made };
  // A year before 1 is BC to PostgreSQL and 0 or less to Spark.
  const test = suffixed(sqlOf(year), '<= 0').text;
  return { sql: primary(`case when ${test} then raise_error('date field value out of range') else ${made.text} end`) };
}

const extractions = (name: 'extract' | 'date_part', result: 'numeric' | 'float8'): Entry => ({
  name,
  family: 'dates',
  args: ['text', 'any'],
  result,
  build: (call) => field(name, call),
  examples: [
    'year',
    'month',
    'day',
    'quarter',
    'week',
    'doy',
    'dow',
    'isodow',
    'isoyear',
    'hour',
    'minute',
    'second',
    'epoch',
    'century',
    'decade',
    'millennium',
    'milliseconds',
    'microseconds',
  ].flatMap((unit) => {
    const write = (value: string): string =>
      name === 'extract' ? `extract(${unit} from ${value})` : `date_part('${unit}', ${value})`;
    return ['hour', 'minute', 'second', 'milliseconds', 'microseconds'].includes(unit)
      ? [write('ts')]
      : [write('ts'), write('d')];
  }),
});

export const dateFunctions: readonly Entry[] = [
  extractions('extract', 'numeric'),
  extractions('date_part', 'float8'),
  ...(['timestamp', 'timestamptz'] as const).map((type): Entry => ({
    name: 'date_trunc',
    family: 'dates',
    args: ['text', type],
    result: type,
    build: truncate,
    examples: truncations
      .map((unit) => `date_trunc('${unit}', ${type === 'timestamp' ? 'ts' : 'tz'})`)
      .concat(type === 'timestamptz' ? "date_trunc('month', d)" : []),
    note: 'a decade that begins before the year 1 is an error in Spark',
    stricter: true,
  })),
  {
    name: 'date_trunc',
    family: 'dates',
    args: ['text', 'timestamptz', 'text'],
    result: 'timestamptz',
    build: truncateInZone,
    examples: ["date_trunc('day', tz, 'Europe/Berlin')", "date_trunc('month', tz, 'America/New_York')"],
    note: 'by day and longer units',
  },
  {
    name: 'make_date',
    family: 'dates',
    args: ['int4', 'int4', 'int4'],
    result: 'date',
    build: madeDate,
    examples: [
      'make_date(2024, 2, 29)',
      'make_date(2023, small, 29)',
      'make_date(2000 + small, 1, 31)',
      'make_date(small, 2, 3)',
    ],
    note: 'years before 1 are an error in Spark',
    stricter: true,
  },
  atZone(
    'timestamptz',
    ({ args: [place, value] }) => ({ sql: callOf('from_utc_timestamp', sqlOf(value), zone(place)) }),
    [
      "tz at time zone 'Europe/Berlin'",
      "tz at time zone 'America/New_York'",
      "tz at time zone 'UTC'",
      "tz at time zone 'Australia/Lord_Howe'",
    ],
  ),
  atZone(
    'timestamp',
    // PostgreSQL takes the later of two readings of an hour that comes twice, Spark the earlier.
    ({ args: [place, value], context }) => {
      const utc = context.runtime('pg_zone_to_utc', callOf('unix_micros', sqlOf(value)), zone(place));
      return { sql: callOf('timestamp_micros', utc) };
    },
    [
      "ts at time zone 'Europe/Berlin'",
      "ts at time zone 'America/New_York'",
      "ts at time zone 'Asia/Kathmandu'",
      "ts at time zone 'Australia/Lord_Howe'",
    ],
  ),
  {
    name: 'now',
    family: 'dates',
    args: [],
    result: 'timestamptz',
    build: ({ context }) => instant(context),
    examples: ['now()', 'now() > tz', 'd < current_date', "localtimestamp - ts > interval '1 day'"],
  },
  {
    name: 'transaction_timestamp',
    family: 'dates',
    args: [],
    result: 'timestamptz',
    build: ({ context }) => instant(context),
    examples: [],
  },
];

function instant(context: Call['context']): Built {
  context.usesRunInstant = true;
  return { sql: primary(runInstant) };
}
