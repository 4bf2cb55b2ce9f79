/** to_char, to_date and to_timestamp, by PostgreSQL's templates. */
import type { Built, Call, Entry } from './entry.ts';
import { Refusal } from './refusal.ts';
import { callOf, castTo, primary, stringLiteral, textLiteral, type Sql } from './sparkSql.ts';
import { constantText, type Value } from './value.ts';

const sqlOf = (value: Value | undefined): Sql => value?.sql ?? primary('null');

/** Patterns that Spark's datetime patterns say exactly. */
const native: readonly (readonly [string, string])[] = [
  ['FMMonth', 'MMMM'], ['FMDay', 'EEEE'], ['HH24', 'HH'], ['HH12', 'hh'], ['YYYY', 'yyyy'], ['Mon', 'MMM'], ['Dy', 'EEE'],
  ['DDD', 'DDD'], ['YY', 'yy'], ['MM', 'MM'], ['DD', 'dd'], ['HH', 'hh'], ['MI', 'mm'], ['SS', 'ss'], ['MS', 'SSS'], ['US', 'SSSSSS'],
  ['AM', 'a'], ['PM', 'a'], ['Q', 'q'],
]; // prettier-ignore

/** The template as Spark's pattern; nothing where the runtime has to write it. */
function sparkPattern(template: string): string | undefined {
  let rest = template;
  let pattern = '';
  while (rest !== '') {
    const known = native.find(([name]) => rest.startsWith(name));
    const quoted = /^"([^"\\']*)"/.exec(rest);
    if (rest.startsWith('SSSS')) return undefined;
    if (known) pattern += known[1];
    else if (quoted) pattern += quoted[1] === '' ? '' : `'${quoted[1] ?? ''}'`;
    else if (/^[-/.:, _]/.test(rest)) pattern += rest.charAt(0) === '_' ? "'_'" : rest.charAt(0);
    else return undefined;
    rest = rest.slice(known?.[0].length ?? quoted?.[0].length ?? 1);
  }
  return stringLiteral(pattern);
}

function templateOf(value: Value | undefined, at: Call['at']): string {
  const template = value && constantText(value);
  if (template === undefined) throw new Refusal('needs-constant', value?.at ?? at, 'The format has to be written out.');
  // What stands in quotes is no pattern.
  if (/TM|tm/.test(template.replace(/"[^"]*"?/g, '""')))
    throw new Refusal('not-translatable', value?.at ?? at, 'TM goes by the language of the server: leave it out.');
  return template;
}

/** Spark's own patterns where they say the same, PostgreSQL's rules in Python otherwise. */
function format(withZone: boolean, { args: [value, template], at, context }: Call): Built {
  const written = templateOf(template, at);
  const pattern = written === '' ? undefined : sparkPattern(written);
  if (pattern !== undefined) return { sql: callOf('date_format', sqlOf(value), pattern) };
  const micros = callOf('unix_micros', sqlOf(value));
  return { sql: context.runtime('pg_to_char_time', micros, textLiteral(written), String(withZone)) };
}

const formatted = (from: 'timestamp' | 'timestamptz', examples: readonly string[]): Entry => ({
  name: 'to_char',
  family: 'dates',
  args: [from, 'text'],
  result: 'text',
  build: (call) => format(from === 'timestamptz', call),
  examples,
  note: 'all patterns but TM',
});

function read(name: string, type: string, { args: [value, template], at, context }: Call): Built {
  const written = templateOf(template, at);
  if (/TZ(?![HM])|tz(?![hm])|OF|of/.test(written.replace(/"[^"]*"?/g, '""')))
    throw new Refusal('not-translatable', template?.at ?? at, 'Zones can be read by TZH and TZM only.');
  return { sql: castTo(context.runtime(name, sqlOf(value), textLiteral(written)), type), nullable: true };
}

const years = 'no TM, TZ and OF in the format; years before 1 and after 9999 are an error in Spark';

function fromEpoch({ args: [seconds], context }: Call): Built {
  return { sql: castTo(context.runtime('pg_epoch_to_timestamp', sqlOf(seconds)), 'timestamp') };
}

export const dateTemplateFunctions: readonly Entry[] = [
  formatted('timestamp', [
    "to_char(ts, 'YYYY-MM-DD HH24:MI:SS.US')",
    "to_char(ts, 'YY/Mon/DD HH12 AM')",
    "to_char(d, 'FMDay, FMMonth DD Q')",
    "to_char(ts, 'Dy DDD MS')",
    "to_char(ts, 'DAY, DDth MONTH YYYY|Month|month|Day|day')",
    "to_char(ts, 'MON mon DY dy RM rm FMRM a.m. P.M. am AD b.c.')",
    "to_char(ts, 'SSSS SSSSS FF1 FF3 ff6 HHth FMHH24:FMMI')",
    "to_char(ts, 'IYYY-IW-ID IDDD D W WW CC J Y,YYY YYY Y')",
    `to_char(ts, 'FMDDth "of" FMMonth, FMYYYY "\\"" TZH TZM OF TZ')`,
    "to_char(ts, 'Yyyy FMCC YYYYth Qth DDSP fmMonth')",
  ]),
  formatted('timestamptz', [`to_char(tz, 'YYYY"T"HH24MI')`, "to_char(tz, 'TZ tz OF TZH:TZM')", "to_char(d, 'DAY TZ')"]),
  {
    name: 'to_date',
    family: 'dates',
    args: ['text', 'text'],
    result: 'date',
    build: (call) => read('pg_to_date', 'date', call),
    examples: [
      "to_date(w, 'YYYY-MM-DD')",
      "to_date(w, 'YYYYMMDD')",
      "to_date(w, 'YY MM')",
      "to_date(w, 'FXYYYY-MM-DD')",
      "to_date(to_char(d, 'DD Mon YYYY'), 'DD Mon YYYY')",
      "to_date(to_char(d, 'FMMonth FMDDth, YYYY'), 'Month DDth, YYYY')",
      "to_date(to_char(d, 'IYYY-IW-ID'), 'IYYY-IW-ID')",
      "to_date(to_char(d, 'YYYY.DDD'), 'YYYY.DDD')",
      "to_date(to_char(d, 'J'), 'FMJ')",
      "to_date(s, 'YYYY')",
    ],
    note: years,
    stricter: true,
  },
  {
    name: 'to_timestamp',
    family: 'dates',
    args: ['text', 'text'],
    result: 'timestamptz',
    build: (call) => read('pg_to_timestamp', 'timestamp', call),
    examples: [
      "to_timestamp(w, 'YYYY-MM-DD HH24:MI:SS')",
      "to_timestamp(w, 'YYYY-MM-DD HH24:MI:SS.USTZH:TZM')",
      "to_timestamp(w, 'YYYY')",
      "to_timestamp(to_char(ts, 'DD/MM/YYYY HH12:MI:SS.MS PM'), 'DD/MM/YYYY HH12:MI:SS.MS PM')",
      "to_timestamp(to_char(ts, 'YYYYMMDD SSSS'), 'YYYYMMDD SSSS')",
    ],
    note: years,
    stricter: true,
  },
  {
    name: 'to_timestamp',
    family: 'dates',
    args: ['float8'],
    result: 'timestamptz',
    build: fromEpoch,
    examples: ['to_timestamp(h)', 'to_timestamp(f)', 'to_timestamp(i)', 'to_timestamp(extract(epoch from tz))'],
    note: 'infinities and years before 1 or after 9999 are an error in Spark',
    stricter: true,
  },
];
