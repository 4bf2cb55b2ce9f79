/** Expressions that show operators, conditions and casts: what the conformance suite and docs/expressions.md take from them. */
import type { Family } from './entry.ts';

export interface ExampleGroup {
  readonly family: Family;
  readonly name: string;
  readonly examples: readonly string[];
  /** Where Spark reports an error and PostgreSQL reads the text all the same. */
  readonly stricter?: string;
}

const numbers = ['i2', 'i', 'k', 'n', 'm', 'f'];
const pairs = numbers.flatMap((left) => numbers.map((right) => [left, right] as const));
const sameKind = ['i2', 'i', 'k', 'n', 'm', 'f', 's', 'c', 'd', 'ts', 'tz', 'b', 'u'];
const other: Readonly<Record<string, string>> = { i: 'j', s: 't', d: 'e', f: 'h', c: "'ab'", b: '(i > 0)', n: 'm', u: "'7d444840-9dc0-11d1-b245-5ffdce74fad2'" }; // prettier-ignore

/** A product or quotient of the widest columns runs into Spark's 38 digits, which is an error there and shown once. */
const fits = (operator: string, left: string, right: string): boolean =>
  !'*/'.includes(operator) || !['k*m', 'm*k', 'm*m', 'k/m'].includes(`${left}${operator}${right}`);

const arithmetic = (operator: string): readonly string[] => [
  ...pairs
    .filter(([left, right]) => fits(operator, left, right))
    .map(([left, right]) => `${left} ${operator} ${right}`),
  `i ${operator} j`,
  `n ${operator} 3`,
  `i ${operator} 2.5`,
  `h ${operator} p`,
];

const comparison = (operator: string): readonly string[] => [
  ...sameKind.map((column) => `${column} ${operator} ${other[column] ?? column}`),
  `i ${operator} n`,
  `k ${operator} f`,
  `n ${operator} f`,
  `v ${operator} s`,
  `d ${operator} ts`,
  `d ${operator} '2024-02-29'`,
  `ts ${operator} '2024-03-31 02:30:00'`,
];

const operators: readonly ExampleGroup[] = [
  {
    family: 'operators',
    name: 'numeric of more than 38 digits',
    examples: ['m * m'],
    stricter: 'an error in Spark: cast to fewer digits',
  },
  ...['+', '-', '*', '/'].map((name): ExampleGroup => ({
    family: 'operators',
    name,
    examples: arithmetic(name),
  })),
  { family: 'operators', name: '%', examples: arithmetic('%').filter((text) => !/\b[fhp]\b/.test(text)) },
  ...['=', '<>', '<', '<=', '>', '>='].map((name): ExampleGroup => ({
    family: 'operators',
    name,
    examples: comparison(name),
  })),
  {
    family: 'operators',
    name: '-x, +x',
    examples: ['-i2', '-i', '-k', '-n', '-f', '- -i', '+n', '-(i + j)', 'i - -j'],
  },
  { family: 'operators', name: 'mixed arithmetic', examples: ['i + j * small', '(i + j) * small', 'i - (j - small)', '(n + m) * 2 - i', 'n * 100.0 / m', 'n / 3 * 3', '(n / 3 + n)::numeric(20,4)', 'n / m / 3', 'i / j / small', 'i % 7 / 2', '100 * n / nullif(m, 0)', 'n + 0.005', 'n * 1.1', '1.50 / i', 'n / 0'] }, // prettier-ignore
  { family: 'operators', name: '^', examples: ['f ^ 2', 'small ^ 2', '2.0::float8 ^ small', 'h ^ 0.5::float8'] },
  {
    family: 'operators',
    name: '^ in numeric',
    examples: ['n ^ 2', '2 ^ 0.5', 'abs(n) ^ -0.5', 'round(1.05 ^ small, 4)', '(n / 3) ^ 2'],
    stricter: 'an error in Spark where the answer has more than 18 whole digits: round it at once',
  },
  { family: 'operators', name: '& | #', examples: ['i & j', 'i2 & 255::int2', 'i | k', 'i # i2', 'i & 6 | 1', '(i | 8) & small', 'i + 1 & 3', 'i & j = 0', 'k # 5'] }, // prettier-ignore
  { family: 'operators', name: '<< >>', examples: ['i << small', 'i >> small', 'i2 << small', 'i2 >> 3', 'k << 40', 'k >> 7', 'i << 31', 'i2 << 15', 'i >> 33', '1 << small'] }, // prettier-ignore
  { family: 'operators', name: '~x, @ x', examples: ['~i', '~i2', '~k', '~(i & 7)', '- ~ i', '@ n', '@ f', '@ (i - j)'] }, // prettier-ignore
  { family: 'operators', name: '|/ x, ||/ x', examples: ['|/ f', '|/ i', '|/ n', '||/ 27.0::float8', '||/ i'] },
  { family: 'operators', name: '||', examples: ["s || t", "s || '-' || t", 's || i', "'n: ' || n", "s || d", "b || s", "c || 'x'", "s || null", "s || ts"] }, // prettier-ignore
  { family: 'operators', name: 'and, or, not', examples: ['b and i > 0', 'b or i > 0', 'not b', 'not (b and n > 0) or s is null', 'b and null', 'b or null', 'b = (i > 0)', 'not b is null'] }, // prettier-ignore
  {
    family: 'operators',
    name: 'is [not] null',
    examples: ['i is null', 's is not null', '(n + i) is null', "(s = '') is null"],
  },
  { family: 'operators', name: 'is [not] true, false, unknown', examples: ['b is true', 'b is not true', 'b is false', 'b is not false', 'b is unknown', '(i > 0) is not unknown'] }, // prettier-ignore
  { family: 'operators', name: 'is [not] distinct from', examples: ['i is distinct from j', 's is not distinct from t', 'f is distinct from h', 'n is not distinct from m', 'd is distinct from null'] }, // prettier-ignore
  { family: 'operators', name: '[not] in', examples: ['i in (1, 2, 3)', 'i not in (1, 2)', 'i in (1, null)', 'i not in (1, null)', "s in ('abc', '')", "s not in (t, 'x')", 'n in (0, 1.5, 12.50)', "d in ('2024-02-29', '2023-01-01')", 'k in (0, 9223372036854775807)'] }, // prettier-ignore
  { family: 'operators', name: '[not] between', examples: ['i between 0 and 10', 'i not between j and 10', 'n between -1.5 and 1000', "s between 'a' and 'b'", "d between '2024-01-01' and '2024-12-31'", 'i between symmetric 10 and 0', 'i not between symmetric j and small', 'f between h and p'] }, // prettier-ignore
  { family: 'operators', name: '[not] like', examples: ["s like 'a%'", "s like '%b%'", "s like '_bc'", "s not like '%e'", "s like '100\\%'", "s like 'a!_b' escape '!'", "s like ''", "s like t", "s like t escape 'b'", "s like 'a#%' escape '#'", "s like v escape t", "s not like '%' || t", "s like null", "t like '%\\\\%'", "s like '%\n%'", "c like 'ab%'", "c like 'ab'", "c like 'ab   '", 's like c', "s not like c escape '#'", "s like '😀%'"] }, // prettier-ignore
  {
    family: 'operators',
    name: '[not] ilike',
    examples: [
      "s ilike 'A%'",
      "s ilike 'É%'",
      "s not ilike '%STRASSE%'",
      "t ilike '%σ'",
      's ilike t',
      "s not ilike '%' || t || '%'",
      "s ilike 'A#_B' escape '#'",
    ],
  },
  { family: 'operators', name: '[not] similar to', examples: ["s similar to '(a|b)%'", "s similar to 'a_c'", "s not similar to '%(x|,)%'", "t similar to '%b+%'", "s similar to '[a-c]+'", "s similar to '%[^[:alpha:]]%'", "s similar to 'a#_b' escape '#'", "s similar to t", "s not similar to t escape ''", "s similar to '(a|b|c){3,}'", "c similar to 'ab'", "c similar to '(a|b)+ *'"] }, // prettier-ignore
  { family: 'operators', name: '~, !~', examples: ["s ~ 'b'", "s ~ '^[a-z]+$'", "s !~ '[0-9]'", "t ~ '^(a|b)*c?$'", "s ~ '\\s'", "s ~ '^\\w+$'", "s ~ '^.b'", "t ~ '[[:digit:]]{2,}'", "s ~ '[^a-z ]'", "s ~ '\\.'", "t ~ ''", "s ~ '(.)\\1'", "s ~ '(?i)^É'", "s ~ 'a(?=b)'", "s !~ '\\yx\\y'", "s ~ t", "s ~ '***=.'", "c ~ 'b$'", "c ~ 'b *$'", "c !~ '(b|c)+$'", 's ~ c'] }, // prettier-ignore
  { family: 'operators', name: '^@', examples: ["s ^@ 'a'", 's ^@ t', "c ^@ 'ab'"] },
  { family: 'operators', name: '~*, !~*', examples: ["s ~* '^A'", "s !~* 'É'", "s ~* 'STRASSE|ß'", "s ~* '[a-b]C'", "s ~* t", "t ~* '^ΣΑ'", "s ~* '[[:upper:]]'"] }, // prettier-ignore
  { family: 'arrays', name: 'array[...], x[i]', examples: ['array[i, j]', "array[s, t, 'x']", 'array[n, 1]', 'ai[1]', 'ai[small]', 'at[2]', 'ai[0]', '(array[1, 2, 3])[small]'] }, // prettier-ignore
  { family: 'arrays', name: '= any, <> all', examples: ['i = any(ai)', 'i <> all(ai)', "s = any(at)", "s = any(array['abc', ''])", 'small > any(ai)', 'small < all(ai)'] }, // prettier-ignore
  { family: 'dates', name: 'date and time arithmetic', examples: ['d + 1', 'd - 30', 'd + small', 'small + d', 'd - e', "d - '2024-01-01'", "d + interval '1 month'", "d - interval '1 year 2 mons 3 days'", "ts + interval '1 month'", "ts - interval '1 month'", "ts + interval '90 minutes'", "tz + interval '1 day 12:30:00'", "ts + small * interval '1 day'", "ts + small * interval '1 month'", "ts - small * interval '1 hour'", "ts - ts > interval '-1 day'", 'extract(epoch from ts - d)', "extract(epoch from ts - '2024-01-01')", 'extract(day from ts - d)', "(ts - d) > interval '1 day'", "interval '2 days' < ts - d", "tz - ts = interval '0 days'", "ts + '1 day'::interval", "date '2024-02-29' + 365", "timestamp '2024-02-29 12:00:00' + interval '1 year'"] }, // prettier-ignore
  { family: 'dates', name: 'intervals', examples: ['iv', 'iv + jv', 'iv - jv', '-iv', 'iv * 2', 'iv * h', '1.5 * iv', 'small * iv', 'iv / 3', 'iv / h', 'n * iv', 'iv = jv', 'iv < jv', 'iv <> jv', "iv >= '30 days'", "'1 mon' = iv", "iv > interval '1 day'", "iv in ('1 mon', '1 day')", 'iv between jv and interval \'1 year\'', 'iv is distinct from jv', 'iv::text', "ts - d", "ts - '2024-01-01'", "(tz - ts) * 2", "(ts - d) / 2", "interval '1 day' + interval '1 month'", "interval '-1 year 2 days 03:04:05.06'", "small * interval '1 day 02:03'", "coalesce(iv, '1 day')", "case when b then iv else ts - d end", "nullif(iv, '30 days')", "'x ' || (ts - d)", 'extract(epoch from iv)', 'extract(second from iv)', 'extract(milliseconds from iv)', 'extract(day from iv)', 'extract(month from iv)', 'extract(year from iv)', 'extract(hour from iv - jv)', "date_part('epoch', iv)", "date_part('minute', iv)", "extract(day from small * interval '1 hour')", "extract(hour from ts - d)"] }, // prettier-ignore
  { family: 'dates', name: 'text::interval', examples: ["w::interval", "'1 day 2 hours'::text::interval", "(i || ' minutes')::interval"], stricter: 'counts with units, a clock, `ago`' }, // prettier-ignore
  { family: 'dates', name: 'timestamps moved by intervals', examples: ['ts + iv', 'ts - iv', 'tz + iv', 'd + iv', 'd - iv', 'iv + ts', 'd + (ts - d)'], stricter: 'years before 1 and after 9999 are an error in Spark' }, // prettier-ignore
  { family: 'dates', name: 'current_date, localtimestamp', examples: ['current_date', 'current_timestamp', 'localtimestamp', "current_date - interval '1 month' > ts", 'd < current_date'] }, // prettier-ignore
  { family: 'json', name: '->, ->>, #>, #>>', examples: ["jb -> 'a'", "jb ->> 'a'", "jb ->> 'b'", "jb -> 'c' ->> 'd'", 'jb -> 0', 'jb ->> 1', 'jb ->> -1', "jb #> '{c,d}'", "jb #>> '{c,d}'", "jb #>> '{a,0}'", "(jb ->> 'n')::numeric(20,4)", "jb ->> s", "js -> 'a'", "js ->> 'b'", "js -> 'c' -> 'd' -> 1", 'js -> 0', 'js ->> 3', 'js ->> -2', "js #> '{c,d}'", "js #>> '{c, d, 1}'", "js #>> '{}'", "js ->> t", "jb #> '{}'"] }, // prettier-ignore
  { family: 'json', name: '=, <>, @>, <@, ?, ?|, ?&, ||', examples: ["jb = '{}'", 'jb <> js::jsonb', "jb = '1.1'", "jb @> '{\"a\": 1.0}'", "jb @> '[10, null]'", "jb @> '\"two\"'", "jb @> js::jsonb", "'{\"b\": true, \"a\": null, \"x\": 1}' <@ jb", "js::jsonb <@ jb", "jb <@ '[1.10, \"text\"]'", "jb ? 'a'", "jb ? 'two'", 'jb ? s', "jb ?| array['b', 'text']", "jb ?& array['a', 'b']", 'jb ?| at', 'jb ?& at', 'jb || js::jsonb', "jb || '{\"a\": 2}'", "'[1]' || jb"] }, // prettier-ignore
];

const conditional: readonly ExampleGroup[] = [
  { family: 'conditional', name: 'case', examples: ["case when b then 'yes' when i > 0 then 'no' else s end", 'case i when 1 then n when 2 then 0 else m end', 'case when i > 0 then 100 / i end', 'case when n <> 0 then m / n end', 'case when h > 0 then ln(h) end', 'case when b then i else k end', "case when b then i else 1.5 end", 'case when b then null else i end', 'case when b then d else ts end', "case s when 'abc' then 1 when '' then 2 end", 'case when b then f else n end', "case when false then s::int else 0 end"] }, // prettier-ignore
  { family: 'conditional', name: 'coalesce', examples: ['coalesce(i, 0)', 'coalesce(n, 0)', 'coalesce(n, m, 1.5)', "coalesce(s, 'none')", "coalesce(d, '2024-01-01')", 'coalesce(i, k)', 'coalesce(n, i)', 'coalesce(i, f)', 'coalesce(d, ts)', "coalesce(v, s)", 'coalesce(null, i)', 'coalesce(n, 0) / 7', 'coalesce(i2, 1)', 'coalesce(n, 0.005)'] }, // prettier-ignore
  { family: 'conditional', name: 'nullif', examples: ['nullif(i, 0)', 'nullif(n, 0)', "nullif(s, '')", 'nullif(i, j)', 'nullif(n, m)', 'nullif(i, n)', "nullif(c, 'ab')", "nullif(d, '2024-02-29')", 'n / nullif(i, 0)', 'nullif(f, 0)'] }, // prettier-ignore
  { family: 'conditional', name: 'greatest, least', examples: ['greatest(i, j, 0)', 'least(n, m)', "greatest(s, t)", 'least(d, e)', 'greatest(f, h)', 'least(i, k, n)', 'greatest(ts, d)', 'least(null, i)', 'greatest(n, 0)'] }, // prettier-ignore
];

const castTargets: Readonly<Record<string, readonly string[]>> = {
  i2: ['int', 'bigint', 'numeric', 'numeric(8,2)', 'float8', 'text'],
  i: ['smallint', 'bigint', 'numeric', 'numeric(12,3)', 'numeric(5,0)', 'float8', 'real', 'text', 'boolean'],
  k: ['smallint', 'int', 'numeric', 'numeric(10,2)', 'float8', 'text'],
  n: ['smallint', 'int', 'bigint', 'numeric', 'numeric(12,1)', 'numeric(4,1)', 'numeric(20,6)', 'float8', 'text'],
  m: ['int', 'bigint', 'numeric(10,2)', 'numeric(20,0)', 'float8', 'text'],
  f: ['smallint', 'int', 'bigint'],
  h: ['int', 'bigint', 'numeric(10,3)'],
  b: ['int', 'text'],
  d: ['timestamp', 'timestamptz', 'text'],
  ts: ['date', 'timestamptz', 'text'],
  tz: ['date', 'timestamp', 'text'],
  v: ['text', 'varchar(2)'],
  c: ['text', 'varchar(3)'],
  u: ['text'],
  jb: ['text'],
};

const texts: readonly (readonly [string, string | undefined])[] = [
  ['smallint', undefined],
  ['int', undefined],
  ['bigint', undefined],
  ['numeric(12,2)', "'NaN' is an error in Spark"],
  ['float8', 'no hexadecimal'],
  ['boolean', undefined],
  ['date', 'only 2026-01-31 and 20260131'],
  ['timestamp', 'only 2026-01-31 23:59:59 and parts of it'],
  ['timestamptz', 'only 2026-01-31 23:59:59+00 and parts of it'],
];

const casts: readonly ExampleGroup[] = [
  ...Object.entries(castTargets).map(([column, targets]): ExampleGroup => ({
    family: 'casts',
    name: `from ${column}`,
    examples: targets.map((target) => `${column}::${target}`),
  })),
  ...texts.map(([type, stricter]): ExampleGroup => ({
    family: 'casts',
    name: `text::${type}`,
    examples: stricter === undefined ? [`w::${type}`, `s::${type}`] : [`w::${type}`],
    ...(stricter !== undefined && { stricter }),
  })),
  {
    family: 'casts',
    name: 'double precision::numeric(p,s)',
    examples: ['f::numeric(20,6)', 'f::numeric(12,2)'],
    stricter: "'NaN' is an error in Spark",
  },
  { family: 'casts', name: 'text::varchar(n), jsonb', examples: ['s::varchar(3)', 't::varchar(1)', 'js::jsonb'] },
  { family: 'casts', name: 'of quotients', examples: ['(n / 7)::numeric(12,2)', '(n / m)::numeric(20,4)', '(i / 3.0)::int', '(m / 7)::bigint', '(k / 7.0)::numeric(30,10)', '(n / 3)::float8'] }, // prettier-ignore
  { family: 'casts', name: 'literals', examples: ["'12'::int", "'1e3'::numeric", "'0.1'::float8", "'yes'::boolean", "'2024-02-29'::date", "'2024-02-29 12:34:56.789'::timestamp", "'2024-02-29 12:34:56+02'::timestamptz", 'null::int', 'null::numeric(5,2)', '1.5e3', '0.000001', '12345678901234567890', '-5', "'it''s'", "E'tab\\tnew\\nline'", "'back\\slash'", "'${x} $y'", "':run_instant'", 'null', 'true', "'😀'"] }, // prettier-ignore
];

export const exampleGroups: readonly ExampleGroup[] = [...operators, ...conditional, ...casts];
