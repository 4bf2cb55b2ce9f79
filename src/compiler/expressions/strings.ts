/** Text functions. Characters are code points in both; case mapping is the simple one of Unicode, as PostgreSQL's. */
import type { Built, Call, Entry, Row } from './entry.ts';
import { entriesOf, native, runtime } from './entry.ts';
import { javaRegex } from './regex.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, primary, stringLiteral, suffixed, textLiteral, type Sql } from './sparkSql.ts';
import { isText, nameOf, text } from './types.ts';
import { castValue } from './casts.ts';
import { constantInteger, constantText, type Value } from './value.ts';

/** Java would give a capital sigma at a word's end its final form, and a dotted capital I two characters. */
export const lowered = (value: Sql): Sql => callOf('lower', callOf('translate', value, "'Σİ'", "'σi'"));

export const lowerCase = (value: string): string => value.replaceAll('Σ', 'σ').replaceAll('İ', 'i').toLowerCase();

const entry = entriesOf('text');

const t = 'text';
const i = 'int4';

const plain: readonly Row[] = [
  ['upper', [t], t, runtime('pg_upper'), ['upper(s)', 'upper(v)', "upper('straße')"]],
  ['lower', [t], t, ({ args: [value] }) => ({ sql: lowered(sqlOf(value)) }), ['lower(s)', 'lower(t)', "lower('ΑΣ İ')"]],
  ['initcap', [t], t, runtime('pg_initcap'), ['initcap(s)', "initcap('the quick-brown o''neil x2y')"]],
  ['length', [t], i, native('length'), ['length(s)', 'length(c)', 'length(v)']],
  ['char_length', [t], i, native('length'), ['char_length(s)']],
  ['character_length', [t], i, native('length'), ['character_length(t)']],
  ['octet_length', [t], i, native('octet_length'), ['octet_length(s)']],
  ['bit_length', [t], i, native('bit_length'), ['bit_length(s)']],
  ['reverse', [t], t, native('reverse'), ['reverse(s)', 'reverse(t)']],
  ['md5', [t], t, native('md5'), ['md5(s)', 'md5(t)']],
  ['ascii', [t], i, native('ascii'), ['ascii(s)', 'ascii(t)']],
  ['repeat', [t, i], t, native('repeat'), ['repeat(s, 2)', 'repeat(t, small)', "repeat('é', 3)"]],
  [
    'replace',
    [t, t, t],
    t,
    native('replace'),
    ["replace(s, 'a', 'xy')", 'replace(s, t, v)', "replace(s, '', 'x')", "replace(t, 'b', '')"],
  ],
  [
    'translate',
    [t, t, t],
    t,
    native('translate'),
    ["translate(s, 'abc', 'xy')", "translate(t, 'éß', 'es')", "translate(s, 'aa', 'xy')", 'translate(s, t, v)'],
  ],
  ['strpos', [t, t], i, native('instr'), ["strpos(s, 'b')", 'strpos(s, t)', "strpos(s, '')"]],
  [
    'position',
    [t, t],
    i,
    ({ args: [whole, part] }) => ({ sql: callOf('instr', sqlOf(whole), sqlOf(part)) }),
    ["position('b' in s)", 'position(t in s)'],
  ],
  ['starts_with', [t, t], 'bool', native('startswith'), ["starts_with(s, 'a')", 'starts_with(s, t)']],
  [
    'split_part',
    [t, t, i],
    t,
    splitPart,
    [
      "split_part(s, ' ', 1)",
      "split_part(s, ',', 2)",
      "split_part(s, ',', -1)",
      "split_part(s, '', 1)",
      "split_part(t, 'b', 3)",
    ],
  ],
  [
    'substring',
    [t, i],
    t,
    substring,
    ['substring(s, 2)', 'substring(s from 0)', 'substring(t, -1)', 'substring(s, small)'],
  ],
  [
    'substring',
    [t, i, i],
    t,
    substring,
    [
      'substring(s, 2, 3)',
      'substring(s from 1 for 0)',
      'substring(t, 0, 2)',
      'substring(s, -2, 5)',
      'substring(s, small, 2)',
      'substring(s, 2, small)',
    ],
  ],
  ['left', [t, i], t, ({ args }) => side('left', args), ['left(s, 2)', 'left(s, 0)', 'left(s, -1)', 'left(t, small)']],
  [
    'right',
    [t, i],
    t,
    ({ args }) => side('right', args),
    ['right(s, 2)', 'right(s, 0)', 'right(s, -1)', 'right(t, small)'],
  ],
  ['lpad', [t, i], t, native('lpad'), ['lpad(s, 5)', 'lpad(s, small)']],
  ['lpad', [t, i, t], t, native('lpad'), ["lpad(s, 6, 'xy')", "lpad(s, 2, '')", 'lpad(s, small, t)']],
  ['rpad', [t, i], t, native('rpad'), ['rpad(s, 5)', 'rpad(s, small)']],
  ['rpad', [t, i, t], t, native('rpad'), ["rpad(s, 6, 'é')", "rpad(s, 2, '')", 'rpad(s, small, t)']],
  ['btrim', [t], t, native('trim'), ['trim(s)', 'btrim(t)', 'trim(v)']],
  ['ltrim', [t], t, native('ltrim'), ['ltrim(s)', 'trim(leading from t)']],
  ['rtrim', [t], t, native('rtrim'), ['rtrim(s)', 'trim(trailing from t)']],
  ['btrim', [t, t], t, trimmed('both'), ["btrim(s, 'a ')", "trim(both 'x' from t)", "btrim(s, '')", 'btrim(s, t)']],
  ['ltrim', [t, t], t, trimmed('leading'), ["ltrim(s, 'ab')", 'ltrim(s, t)']],
  ['rtrim', [t, t], t, trimmed('trailing'), ["rtrim(s, 'c ')", 'rtrim(s, t)']],
  ['chr', [i], t, character, ['chr(65)', 'chr(233)', 'chr(128512)'], 'a number that is written out'],
  [
    'regexp_replace',
    [t, t, t],
    t,
    replaceFirst,
    ["regexp_replace(s, '[0-9]+', '#')", "regexp_replace(s, '^a', '')", "regexp_replace(t, '(.)b', '\\1x')"],
    'patterns in which PostgreSQL and Java cover the same text',
  ],
  [
    'regexp_replace',
    [t, t, t, t],
    t,
    replaceFlags,
    [
      "regexp_replace(s, '[^a-z]', '', 'g')",
      "regexp_replace(t, '\\s+', ' ', 'g')",
      "regexp_replace(s, '([a-z])', '<\\1>', 'g')",
    ],
    "flag 'g' only",
  ],
  [
    'regexp_like',
    [t, t],
    'bool',
    ({ args: [value, pattern] }) => ({ sql: matches(sqlOf(value), pattern) }),
    ["regexp_like(s, '^[a-z]+$')", "regexp_like(t, '(a|b)c*')"],
  ],
  ['regexp_substr', [t, t], t, extract, ["regexp_substr(s, '[0-9]+')", "regexp_substr(t, 'b.*')"]],
  ['substring', [t, t], t, extract, ["substring(s from '[a-z]+')", "substring(s from 'a(.)')"]],
  ['regexp_count', [t, t], i, counted, ["regexp_count(s, '[a-z]')", "regexp_count(t, '\\d')"]],
];

const sqlOf = (value: Value | undefined): Sql => value?.sql ?? primary('null');

function splitPart({ args: [value, delimiter, field], at }: Call): Built {
  if (field && constantInteger(field) === 0)
    throw new Refusal('bad-literal', at, 'split_part counts from 1, or from -1 backwards.');
  return { sql: callOf('split_part', sqlOf(value), sqlOf(delimiter), sqlOf(field)) };
}

function substring(call: Call): Built {
  const { args, context } = call;
  const [value, start, length] = args;
  const [from, count] = [start, length].map((argument) => argument && constantInteger(argument));
  const isPlain = from !== undefined && from >= 1 && (!length || (count !== undefined && count >= 0));
  if (isPlain) return native('substring')(call);
  const sql = context.runtime('pg_substring', ...args.map((argument) => argument.sql));
  if (!value || !length || (count !== undefined && count >= 0)) return { sql };
  const message = textLiteral('negative substring length not allowed');
  const test = suffixed(length.sql, '< 0').text;
  return { sql: primary(`case when ${test} then raise_error(${message.text}) else ${sql.text} end`) };
}

/** A negative count leaves that many characters out at the other end. */
function side(name: 'left' | 'right', [value, count]: readonly Value[]): Built {
  const constant = count && constantInteger(count);
  if (constant !== undefined && constant >= 0) return { sql: callOf(name, sqlOf(value), String(constant)) };
  const length = callOf('length', sqlOf(value));
  const rest =
    constant === undefined ? binary(length, '+', sqlOf(count)) : binary(length, '-', primary(String(-constant)));
  const kept = callOf('greatest', rest, '0');
  if (constant !== undefined) return { sql: callOf(name, sqlOf(value), kept) };
  const test = suffixed(sqlOf(count), '< 0').text;
  return { sql: callOf(name, sqlOf(value), `if(${test}, ${kept.text}, ${sqlOf(count).text})`) };
}

function trimmed(where: string): Entry['build'] {
  return ({ args: [value, characters] }) => ({
    sql: primary(`trim(${where} ${sqlOf(characters).text} from ${sqlOf(value).text})`),
  });
}

function character({ args: [code], at }: Call): Built {
  const point = code && constantInteger(code);
  if (point === undefined) throw new Refusal('needs-constant', at, "Spark's chr ends at 255: write the number out.");
  if (point < 1 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
    throw new Refusal('bad-literal', at, `There is no character ${point}.`);
  return { sql: textLiteral(String.fromCodePoint(point)) };
}

function constantPattern(pattern: Value | undefined): string {
  const constant = pattern && constantText(pattern);
  if (constant !== undefined) return constant;
  throw new Refusal(
    'needs-constant',
    pattern?.at ?? { offset: 0, length: 0 },
    'A regular expression has to be written out.',
  );
}

/** Whether the pattern is found in the text. */
export function matches(value: Sql, pattern: Value | undefined, negated = false): Sql {
  const constant = constantPattern(pattern);
  const { java } = javaRegex(constant, 'match', pattern?.at ?? { offset: 0, length: 0 });
  return suffixed(value, `${negated ? 'not ' : ''}rlike ${stringLiteral(java)}`);
}

function replaceFirst({ args: [value, pattern, replacement], at }: Call): Built {
  const regex = javaRegex(constantPattern(pattern), 'extent', at);
  if (regex.groups > 1)
    throw new Refusal('not-translatable', at, 'More than one group cannot be replaced exactly: use two calls.');
  const body = regex.java.slice('(?s)'.length);
  // Spark replaces every match, so the rest of the text is made part of the first one.
  const anchored = body.startsWith('\\A') ? `(?s)${body}` : `(?s)\\A(.*?)${body}`;
  if (body.startsWith('\\A'))
    return { sql: callOf('regexp_replace', sqlOf(value), stringLiteral(anchored), javaReplacement(replacement, 0)) };
  return { sql: callOf('regexp_replace', sqlOf(value), stringLiteral(anchored), javaReplacement(replacement, 1)) };
}

function replaceFlags({ args: [value, pattern, replacement, flags], at }: Call): Built {
  if (!flags || constantText(flags) !== 'g')
    throw new Refusal('not-translatable', flags?.at ?? at, "Only the flag 'g' can be translated.");
  const { java } = javaRegex(constantPattern(pattern), 'extent', at);
  return { sql: callOf('regexp_replace', sqlOf(value), stringLiteral(java), javaReplacement(replacement, 0)) };
}

/** `\1` and `\&` in Java's `$1` and `$0`; `before` groups stand in front of the pattern's own. */
function javaReplacement(replacement: Value | undefined, before: number): string {
  const constant = replacement && constantText(replacement);
  if (constant === undefined)
    throw new Refusal(
      'needs-constant',
      replacement?.at ?? { offset: 0, length: 0 },
      'The replacement has to be written out.',
    );
  if (before > 0 && constant.includes('\\&'))
    throw new Refusal(
      'not-translatable',
      replacement?.at ?? { offset: 0, length: 0 },
      "`\\&` is translated with the flag 'g' only.",
    );
  const java = constant.replace(/\\([0-9&\\])|[$\\]/g, (whole, code: string | undefined) => {
    if (code === undefined || code === '\\') return whole === '$' ? '\\$' : '\\\\';
    return `\${g${code === '&' || code === '0' ? 0 : Number(code) + before}}`;
  });
  const groups = java.replace(/\$\{g(\d+)\}/g, '$$$1');
  return stringLiteral((before > 0 ? '$1' : '') + groups);
}

function extract({ args: [value, pattern], at }: Call): Built {
  const { java, groups } = javaRegex(constantPattern(pattern), 'extent', at);
  if (groups > 1)
    throw new Refusal(
      'not-translatable',
      at,
      'More than one group cannot be translated: keep the first as (...), the others as (?:...).',
    );
  const source = sqlOf(value);
  const found = callOf('regexp_extract', source, stringLiteral(java), String(groups));
  // Spark gives '' where PostgreSQL gives NULL.
  return {
    sql: primary(`case when ${suffixed(source, `rlike ${stringLiteral(java)}`).text} then ${found.text} end`),
    nullable: true,
  };
}

function counted({ args: [value, pattern], at }: Call): Built {
  const { java } = javaRegex(constantPattern(pattern), 'extent', at);
  return { sql: callOf('regexp_count', sqlOf(value), stringLiteral(java)) };
}

/** concat and concat_ws leave NULL out, in both. */
function concatenation(name: 'concat' | 'concat_ws'): Entry {
  return {
    name,
    family: 'text',
    args: name === 'concat' ? ['any'] : ['text'],
    rest: 'any',
    result: 'text',
    build: ({ args, context }) => {
      const parts = args.map((argument) => {
        if (nameOf(argument.type) === 'bool')
          throw new Refusal('not-translatable', argument.at, `${name} writes a boolean as t or f: cast it to text.`);
        if (nameOf(argument.type) === 'bpchar')
          throw new Refusal(
            'not-translatable',
            argument.at,
            `${name} keeps the padding of character(n): cast it to text.`,
          );
        return isText(argument.type) ? argument.sql : castValue(argument, text, context).sql;
      });
      const separated = name === 'concat' ? [primary("''"), ...parts] : parts;
      return { sql: callOf('concat_ws', ...separated), nullable: name === 'concat_ws' && args[0]?.nullable === true };
    },
    examples:
      name === 'concat'
        ? ['concat(s, t)', "concat(s, '-', i)", 'concat(s, n, d)']
        : ["concat_ws(',', s, t, v)", 'concat_ws(t, s, i)', "concat_ws('', s)"],
  };
}

export const stringFunctions: readonly Entry[] = [
  ...plain.map(entry),
  concatenation('concat'),
  concatenation('concat_ws'),
];
