/** format(): the text between its specifiers and the arguments, put together. */
import type { Built, Call, Entry } from './entry.ts';
import { printed } from './output.ts';
import { Refusal, type Place } from './refusal.ts';
import { callOf, primary, textLiteral, type Sql } from './sparkSql.ts';
import { constantText, isNull, type Context, type Value } from './value.ts';

type Conversion = 's' | 'I' | 'L';

interface Specifier {
  readonly conversion: Conversion;
  /** From 1; left out for the argument behind the last one used. */
  readonly position?: number;
  /** Negative: blanks behind. */
  readonly width: number;
}

type Piece = string | Specifier;

export const formatFunction: Entry = {
  name: 'format',
  family: 'text',
  args: ['text'],
  rest: 'any',
  result: 'text',
  build: format,
  examples: [
    "format('%s-%s', s, i)",
    "format('%2$s %1$s %s %%', s, t)",
    "format('%I = %L', coalesce(s, ''), t)",
    "format('%I', s)",
    "format('[%5s|%-5s]', s, t)",
    "format('%s %s', b, d)",
    "format('%L, %L', n, b)",
    "format('nothing')",
    "format('%1$-3s|', small)",
  ],
  note: 'the format has to be written out; no `*` for a width',
};

function format({ args: [pattern, ...args], context, at }: Call): Built {
  const constant = pattern && constantText(pattern);
  if (constant === undefined)
    throw new Refusal('needs-constant', pattern?.at ?? at, 'The format has to be written out.');
  let last = 0;
  const parts = piecesOf(constant, pattern?.at ?? at).map((piece): Sql => {
    if (typeof piece === 'string') return textLiteral(piece);
    last = piece.position ?? last + 1;
    const value = args[last - 1];
    if (!value) throw new Refusal('bad-literal', at, `The format needs ${last} arguments behind it.`);
    return padded(converted(piece.conversion, value, context), piece.width);
  });
  const sql = parts.length > 1 ? callOf('concat', ...parts) : (parts[0] ?? textLiteral(''));
  return { sql, nullable: false };
}

function converted(conversion: Conversion, value: Value, context: Context): Sql {
  if (isNull(value) && conversion !== 'I') return textLiteral(conversion === 's' ? '' : 'NULL');
  const text = printed(value, 'format', context);
  const orElse = (sql: Sql, otherwise: string): Sql => (value.nullable ? callOf('coalesce', sql, otherwise) : sql);
  if (conversion === 's') return orElse(text, "''");
  if (conversion === 'L') return orElse(context.runtime('pg_quote_literal', text), "'NULL'");
  const quoted = context.runtime('pg_quote_ident', text);
  if (!value.nullable) return quoted;
  const failure = callOf('raise_error', textLiteral('null values cannot be formatted as an SQL identifier'));
  return primary(`case when ${value.sql.text} is null then ${failure.text} else ${quoted.text} end`);
}

/** Spark's padding would cut a longer text. */
function padded(text: Sql, width: number): Sql {
  if (width === 0) return text;
  const length = callOf('greatest', callOf('length', text), String(Math.abs(width)));
  return callOf(width < 0 ? 'rpad' : 'lpad', text, length);
}

const specifier = /%(?:(%)|(?:(\d+)\$)?(-*)(\d*)(\*?)([^]?))/gu;

function piecesOf(pattern: string, at: Place): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  let text = '';
  for (const match of pattern.matchAll(specifier)) {
    text += pattern.slice(end, match.index);
    end = match.index + match[0].length;
    const [, percent, position, minus = '', digits = '', star, conversion = ''] = match;
    if (percent !== undefined) {
      text += '%';
      continue;
    }
    if (star) throw new Refusal('not-translatable', at, 'A width from an argument (`*`) cannot be translated.');
    if (!isConversion(conversion)) {
      const what = conversion === '' ? 'ends within a specifier' : `has the specifier %${conversion}`;
      throw new Refusal('bad-literal', at, `The format ${what}: there are %s, %I, %L and %%.`);
    }
    if (position !== undefined && Number(position) === 0)
      throw new Refusal('bad-literal', at, 'The arguments of a format are counted from 1.');
    if (text !== '') pieces.push(text);
    text = '';
    const width = Number(digits) * (minus === '' ? 1 : -1);
    pieces.push({ conversion, width, ...(position !== undefined && { position: Number(position) }) });
  }
  text += pattern.slice(end);
  return text === '' ? pieces : [...pieces, text];
}

const isConversion = (letter: string): letter is Conversion => letter === 's' || letter === 'I' || letter === 'L';
