/** LIKE, ILIKE and SIMILAR TO; regular expressions stand in regex.ts. */
import { textOf, widen } from './casts.ts';
import { javaRegexOfSimilar } from './regex.ts';
import { Refusal } from './refusal.ts';
import { suffixed, stringLiteral } from './sparkSql.ts';
import type { Syntax } from './syntax.ts';
import { bool, formatType, isText, text } from './types.ts';
import { constantText, type CompileValue, type Context, type Value } from './value.ts';
import { lowerCase, lowered } from './strings.ts';

type Like = Extract<Syntax, { kind: 'like' }>;

export function compileLike(syntax: Like, context: Context, compile: CompileValue): Value {
  const { operator, negated, at } = syntax;
  const [item, pattern] = [syntax.item, syntax.pattern].map((part) => asText(compile(part, context)));
  const escape = syntax.escape && escapeCharacter(compile(syntax.escape, context));
  if (!item || !pattern) throw new Refusal('expression-syntax', at, `${operator} needs a pattern.`);
  const not = negated ? 'not ' : '';
  const value = { type: bool, nullable: item.nullable || pattern.nullable, at };
  const constant = constantText(pattern);
  if (constant === undefined) {
    if (operator === 'like' && escape === undefined)
      return { ...value, sql: suffixed(textOf(item), `${not}like ${pattern.sql.text}`) };
    throw new Refusal(
      'needs-constant',
      pattern.at,
      `The pattern of ${operator}${escape === undefined ? '' : ' ... escape'} has to be written out.`,
    );
  }
  if (operator === 'similar to') {
    const regex = javaRegexOfSimilar(constant, escape ?? '\\', pattern.at);
    return { ...value, sql: suffixed(textOf(item), `${not}rlike ${stringLiteral(regex)}`) };
  }
  const plain = sparkPattern(constant, escape ?? '\\', pattern);
  if (operator === 'like') return { ...value, sql: suffixed(textOf(item), `${not}like ${stringLiteral(plain)}`) };
  return { ...value, sql: suffixed(lowered(textOf(item)), `${not}like ${stringLiteral(lowerCase(plain))}`) };
}

function asText(value: Value): Value {
  if (value.type.kind === 'unknown' || isText(value.type)) return widen(value, text);
  throw new Refusal(
    'type-mismatch',
    value.at,
    `A pattern matches text, and this is ${formatType(value.type)}: cast it to text.`,
  );
}

function escapeCharacter(value: Value): string {
  const character = constantText(value);
  if (character !== undefined && Array.from(character).length <= 1) return character;
  throw new Refusal('needs-constant', value.at, 'The escape has to be one character, written out.');
}

/** The same pattern with the backslash as its escape, and escapes only where Spark takes them. */
function sparkPattern(pattern: string, escape: string, value: Value): string {
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
