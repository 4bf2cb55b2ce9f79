/** Text functions. Characters are code points in both; case mapping is the simple one of Unicode, as PostgreSQL's. */
import type { Built, Call, Entry, Row } from './entry.ts';
import { entriesOf, native, runtime } from './entry.ts';
import { byteFunctions } from './bytes.ts';
import { formatFunction } from './format.ts';
import { printed } from './output.ts';
import { regexFunctions } from './regexFunctions.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, castTo, primary, suffixed, textLiteral, type Sql } from './sparkSql.ts';
import { arrayOf, int4, nameOf, text } from './types.ts';
import { castValue } from './casts.ts';
import { constantInteger, isNull, type Value } from './value.ts';

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
  ['chr', [i], t, character, ['chr(65)', 'chr(233)', 'chr(128512)', 'chr(i + 65)', 'chr(small)']],
  [
    'overlay',
    [t, t, i],
    t,
    overlay,
    ["overlay(s placing 'XY' from 2)", 'overlay(s placing t from small)', "overlay(s placing '' from 1)"],
  ],
  [
    'overlay',
    [t, t, i, i],
    t,
    overlay,
    [
      "overlay(s placing 'XY' from 2 for 1)",
      "overlay(s placing 'XY' from 3 for 0)",
      "overlay(s placing 'XY' from 3 for -1)",
      'overlay(s placing t from 2 for small)',
    ],
  ],
  ['to_hex', [i], t, hexadecimal, ['to_hex(i)', 'to_hex(small)']],
  ['to_hex', ['int8'], t, hexadecimal, ['to_hex(k)']],
  ['to_bin', [i], t, binaryDigits, ['to_bin(i)']],
  ['to_bin', ['int8'], t, binaryDigits, ['to_bin(k)']],
  ['quote_ident', [t], t, runtime('pg_quote_ident'), ['quote_ident(s)', 'quote_ident(t)', "quote_ident('select')"]],
  [
    'quote_literal',
    ['any'],
    t,
    quoted,
    ['quote_literal(s)', 'quote_literal(t)', 'quote_literal(i)', 'quote_literal(b)', "quote_literal('it''s')"],
  ],
  [
    'quote_nullable',
    ['any'],
    t,
    (call) => ({ sql: callOf('coalesce', quoted(call).sql, "'NULL'"), nullable: false }),
    ['quote_nullable(s)', 'quote_nullable(d)', 'quote_nullable(null)'],
  ],
  [
    'string_to_array',
    [t, t],
    t,
    parted,
    ["string_to_array(s, ',')", "string_to_array(s, '')", 'string_to_array(s, null)', 'string_to_array(s, t)'],
  ],
  [
    'string_to_array',
    [t, t, t],
    t,
    parted,
    ["string_to_array(s, ',', 'b')", "string_to_array(s, null, 'b')", 'string_to_array(s, t, v)'],
  ],
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

function character({ args: [code], context, at }: Call): Built {
  const point = code && constantInteger(code);
  // Spark's own chr ends at 255.
  if (point === undefined) return { sql: context.runtime('pg_chr', sqlOf(code)) };
  if (point < 1 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
    throw new Refusal('bad-literal', at, `There is no character ${point}.`);
  return { sql: textLiteral(String.fromCodePoint(point)) };
}

function overlay({ args: [value, replacement, start, length], context }: Call): Built {
  const count = length?.sql ?? callOf('length', sqlOf(replacement));
  return { sql: context.runtime('pg_overlay', sqlOf(value), sqlOf(replacement), sqlOf(start), count) };
}

/** Of a negative number PostgreSQL writes as many bits as its type has, Spark always 64. */
function bitsOf(number: Value | undefined): Sql {
  if (nameOf(number?.type ?? int4) === 'int8') return sqlOf(number);
  return primary(`${castTo(sqlOf(number), 'bigint').text} & 4294967295L`);
}

function hexadecimal({ args: [number] }: Call): Built {
  return { sql: callOf('lower', callOf('hex', bitsOf(number))) };
}

function binaryDigits({ args: [number] }: Call): Built {
  return { sql: callOf('bin', bitsOf(number)) };
}

function quoted({ args: [value], context }: Call): Built {
  return { sql: context.runtime('pg_quote_literal', value ? castValue(value, text, context).sql : sqlOf(value)) };
}

function parted({ args: [value, delimiter, nullText], context }: Call): Built {
  const sql = context.runtime('pg_string_to_array', sqlOf(value), textOrNull(delimiter), textOrNull(nullText));
  return { sql, type: arrayOf(text), nullable: value?.nullable ?? true };
}

const textOrNull = (value: Value | undefined): Sql =>
  value && !isNull(value) ? value.sql : castTo(primary('null'), 'string');

/** concat and concat_ws leave NULL out, in both. */
function concatenation(name: 'concat' | 'concat_ws'): Entry {
  return {
    name,
    family: 'text',
    args: name === 'concat' ? ['any'] : ['text'],
    rest: 'any',
    result: 'text',
    build: ({ args, context }) => {
      const parts = args.map((argument) => printed(argument, name, context));
      const separated = name === 'concat' ? [primary("''"), ...parts] : parts;
      return { sql: callOf('concat_ws', ...separated), nullable: name === 'concat_ws' && args[0]?.nullable === true };
    },
    examples:
      name === 'concat'
        ? ['concat(s, t)', "concat(s, '-', i)", 'concat(s, n, d)', 'concat(b, s, i > 0)']
        : ["concat_ws(',', s, t, v)", "concat_ws('-', b, not b)", 'concat_ws(t, s, i)', "concat_ws('', s)"],
  };
}

export const stringFunctions: readonly Entry[] = [
  ...plain.map(entry),
  concatenation('concat'),
  concatenation('concat_ws'),
  ...byteFunctions,
  formatFunction,
  ...regexFunctions,
];
