/** bytea: made from text, hashed, and written as text again. */
import type { Built, Call, Entry, Row } from './entry.ts';
import { entriesOf, native } from './entry.ts';
import { Refusal } from './refusal.ts';
import { callOf, type Sql } from './sparkSql.ts';
import { constantText, type Value } from './value.ts';

const sqlOf = (value: Value | undefined): Sql | string => value?.sql ?? 'null';

function encoded({ args: [bytes, format], context, at }: Call): Built {
  const name = format && constantText(format)?.toLowerCase();
  if (name === 'hex') return { sql: callOf('lower', callOf('hex', sqlOf(bytes))) };
  if (name === 'base64') return { sql: context.runtime('pg_base64', callOf('base64', sqlOf(bytes))) };
  throw new Refusal('not-translatable', format?.at ?? at, "encode is translated for 'hex' and 'base64'.");
}

function converted({ args: [text, encoding], at }: Call): Built {
  const name = encoding && constantText(encoding);
  if (name === undefined || !/^utf-?8$/i.test(name))
    throw new Refusal('not-translatable', encoding?.at ?? at, "convert_to is translated for 'UTF8'.");
  return { sql: callOf('encode', sqlOf(text), "'utf-8'") };
}

const hashed =
  (bits: number): Entry['build'] =>
  ({ args: [bytes] }) => ({ sql: callOf('unhex', callOf('sha2', sqlOf(bytes), String(bits))) });

const utf8 = "convert_to(s, 'UTF8')";

const rows: readonly Row[] = [
  ['convert_to', ['text', 'text'], 'bytea', converted, [`encode(${utf8}, 'hex')`], "'UTF8' only"],
  [
    'encode',
    ['bytea', 'text'],
    'text',
    encoded,
    [`encode(${utf8}, 'hex')`, `encode(${utf8}, 'base64')`, "encode(convert_to(repeat(s, 20), 'UTF8'), 'base64')"],
    "'hex' and 'base64' only",
  ],
  ...[224, 256, 384, 512].map((bits): Row => [
    `sha${bits}`,
    ['bytea'],
    'bytea',
    hashed(bits),
    [`encode(sha${bits}(${utf8}), 'hex')`],
  ]),
  ['md5', ['bytea'], 'text', native('md5'), [`md5(${utf8})`]],
  ['length', ['bytea'], 'int4', native('octet_length'), [`length(${utf8})`]],
  ['octet_length', ['bytea'], 'int4', native('octet_length'), [`octet_length(sha256(${utf8}))`]],
];

export const byteFunctions: readonly Entry[] = rows.map(entriesOf('text'));
