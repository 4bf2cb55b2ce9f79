/** LIKE, ILIKE and SIMILAR TO; the functions over regular expressions stand in regexFunctions.ts. */
import { subjectOf, textOf, widen } from './casts.ts';
import { Refusal } from './refusal.ts';
import { similar } from './regexFunctions.ts';
import { castTo, not, suffixed, stringLiteral, textLiteral, type Sql } from './sparkSql.ts';
import type { Syntax } from './syntax.ts';
import { bool, formatType, isText, text } from './types.ts';
import { constantText, type CompileValue, type Context, type Value } from './value.ts';
import { lowerCase, lowered } from './strings.ts';

type Like = Extract<Syntax, { kind: 'like' }>;

export function compileLike(syntax: Like, context: Context, compile: CompileValue): Value {
  const { operator, negated, at } = syntax;
  const item = checked(compile(syntax.item, context));
  const pattern = asText(compile(syntax.pattern, context));
  const escape = syntax.escape && asText(compile(syntax.escape, context));
  const value = { type: bool, nullable: [item, pattern, escape].some((part) => part?.nullable), at };
  if (operator === 'similar to')
    return { ...value, sql: similar(item, pattern, { context, negated, ...(escape && { escape }) }) };
  const constants = [constantText(pattern), escape ? constantText(escape) : '\\'] as const;
  const [constant, character] = constants;
  const plain =
    constant === undefined || character === undefined ? undefined : sparkPattern(constant, character, pattern);
  if (plain === undefined) return { ...value, sql: computed(operator, { item, pattern, escape, negated, context }) };
  const word = `${negated ? 'not ' : ''}like`;
  if (operator === 'like') return { ...value, sql: suffixed(subjectOf(item), `${word} ${stringLiteral(plain)}`) };
  return { ...value, sql: suffixed(lowered(subjectOf(item)), `${word} ${stringLiteral(lowerCase(plain))}`) };
}

interface Parts {
  readonly item: Value;
  readonly pattern: Value;
  readonly escape: Value | undefined;
  readonly negated: boolean;
  readonly context: Context;
}

/** Spark's LIKE refuses patterns that PostgreSQL takes, such as one with an escaped letter. */
function computed(operator: 'like' | 'ilike', { item, pattern, escape, negated, context }: Parts): Sql {
  const by = escape ? textOf(escape) : textLiteral('\\');
  const answer = castTo(context.runtime(`pg_${operator}`, subjectOf(item), textOf(pattern), by), 'boolean');
  return negated ? not(answer) : answer;
}

const asText = (value: Value): Value => widen(checked(value), text);

function checked(value: Value): Value {
  if (value.type.kind === 'unknown' || isText(value.type)) return value;
  throw new Refusal(
    'type-mismatch',
    value.at,
    `A pattern matches text, and this is ${formatType(value.type)}: cast it to text.`,
  );
}

/** The same pattern with the backslash as its escape, and escapes only where Spark takes them. */
function sparkPattern(pattern: string, escape: string, value: Value): string {
  if (Array.from(escape).length > 1)
    throw new Refusal('bad-literal', value.at, 'The escape has to be one character, or empty.');
  return pieces(pattern, escape, value)
    .map(({ character, isLiteral }) => (isLiteral && /[%_\\]/.test(character) ? `\\${character}` : character))
    .join('');
}

interface Piece {
  readonly character: string;
  readonly isLiteral: boolean;
}

function pieces(pattern: string, escape: string, value: Value): readonly Piece[] {
  const result: Piece[] = [];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    if (character !== escape) {
      result.push({ character, isLiteral: character !== '%' && character !== '_' });
      continue;
    }
    const next = characters[++index];
    if (next === undefined) throw new Refusal('bad-literal', value.at, 'The pattern ends with its escape character.');
    result.push({ character: next, isLiteral: true });
  }
  return result;
}
