/** The functions over regular expressions: Spark's own where Java's engine agrees, the runtime's for all others. */
import { subjectOf, textOf, widen } from './casts.ts';
import { entriesOf, type Built, type Call, type Entry, type Row } from './entry.ts';
import { requireRows } from './json.ts';
import { javaRegex, type Regex } from './regex.ts';
import { readRegex } from './regexSyntax.ts';
import { Refusal, type Place } from './refusal.ts';
import { similarRegex } from './similar.ts';
import { callOf, castTo, not, primary, stringLiteral, suffixed, textLiteral, type Sql } from './sparkSql.ts';
import { arrayOf, text } from './types.ts';
import { constantInteger, constantText, type Context, type Value } from './value.ts';

/** A pattern, and what is known of it where it is written out. */
interface Pattern {
  readonly sql: Sql;
  readonly constant?: string;
  readonly groups?: number;
}

interface Flags {
  /** Without `g`. */
  readonly letters: string;
  readonly isGlobal: boolean;
}

const noFlags: Flags = { letters: '', isGlobal: false };

/** The flags are part of how the pattern is read, so they have to be written out. */
function flagsOf(value: Value | undefined, takesGlobal = false): Flags {
  if (!value) return noFlags;
  const constant = constantText(value);
  if (constant === undefined)
    throw new Refusal('needs-constant', value.at, 'The flags of a regular expression have to be written out.');
  for (const letter of constant) {
    if (letter === 'b' || letter === 'e')
      throw new Refusal('not-translatable', value.at, `The flag '${letter}' (an older syntax) cannot be translated.`);
    if (!'gcimnpqstwx'.includes(letter) || (letter === 'g' && !takesGlobal))
      throw new Refusal('bad-literal', value.at, `PostgreSQL has no flag '${letter}' here.`);
  }
  return { letters: constant.replaceAll('g', ''), isGlobal: constant.includes('g') };
}

function patternOf(value: Value, { letters }: Flags): Pattern {
  const constant = constantText(value);
  if (constant === undefined) return { sql: value.sql };
  const { error, groups } = readRegex(constant, letters);
  if (error === undefined) return { sql: textLiteral(constant), constant, groups };
  if (error.startsWith('the option'))
    throw new Refusal('not-translatable', value.at, 'The options b and e (older syntaxes) cannot be translated.');
  throw new Refusal('bad-literal', value.at, `PostgreSQL cannot read this regular expression: ${error}.`);
}

/** Java's expression, where the flags change nothing and Java covers the same text. */
const javaOf = (pattern: Pattern, flags: Flags, purpose: 'match' | 'extent'): Regex | undefined =>
  pattern.constant !== undefined && /^[cst]*$/.test(flags.letters) ? javaRegex(pattern.constant, purpose) : undefined;

const letters = (flags: Flags): Sql => textLiteral(flags.letters);

export interface Matching {
  readonly negated?: boolean;
  readonly ignoresCase?: boolean;
}

/** `value ~ pattern` and its kin. */
export function matches(value: Value, pattern: Value, context: Context, how: Matching = {}): Sql {
  const flags = { letters: how.ignoresCase ? 'i' : '', isGlobal: false };
  return found(subjectOf(value), patternOf(widen(pattern, text), flags), flags, { context, ...how });
}

function found(
  value: Sql,
  pattern: Pattern,
  flags: Flags,
  { context, negated }: { readonly context: Context; readonly negated?: boolean },
): Sql {
  const java = javaOf(pattern, flags, 'match');
  if (java) return suffixed(value, `${negated ? 'not ' : ''}rlike ${stringLiteral(java.java)}`);
  const answer = castTo(context.runtime('pg_regexp_like', value, pattern.sql, letters(flags)), 'boolean');
  return negated ? not(answer) : answer;
}

/** `value similar to pattern escape e`; without ESCAPE the backslash is it. */
export function similar(
  value: Value,
  pattern: Value,
  { context, escape, negated }: { readonly context: Context; readonly escape?: Value; readonly negated: boolean },
): Sql {
  return found(subjectOf(value), similarPattern(pattern, escape, context), noFlags, { context, negated });
}

function similarPattern(pattern: Value, escape: Value | undefined, context: Context): Pattern {
  const character = escape ? constantText(escape) : '\\';
  const constant = constantText(pattern);
  if (constant === undefined || character === undefined) {
    const by = escape ? textOf(escape) : textLiteral('\\');
    return { sql: context.runtime('pg_similar_pattern', textOf(pattern), by) };
  }
  const translated = similarRegex(constant, character);
  if ('error' in translated) throw new Refusal('bad-literal', (escape ?? pattern).at, translated.error);
  return patternOf({ ...pattern, ...literalText(translated.regex) }, noFlags);
}

const literalText = (constant: string): Pick<Value, 'literal' | 'sql'> => ({
  literal: { kind: 'string', text: constant },
  sql: textLiteral(constant),
});

const nowhere: Place = { offset: 0, length: 0 };
const required = (value: Value | undefined): Value => {
  if (value) return value;
  throw new Refusal('no-such-signature', nowhere, 'An argument is missing.');
};

const like = ({ args: [value, pattern, flags], context }: Call): Built => {
  const chosen = flagsOf(flags);
  return { sql: found(required(value).sql, patternOf(required(pattern), chosen), chosen, { context }) };
};

/** With text as its fourth argument: flags. */
function replace({ args, context }: Call): Built {
  const [value, pattern, replacement, letterArgument] = args.map(required) as [Value, Value, Value, Value | undefined];
  const flags = flagsOf(letterArgument, true);
  const read = patternOf(pattern, flags);
  const native = nativeReplace(value.sql, read, replacement, flags);
  if (native) return { sql: native };
  const number = flags.isGlobal ? '0' : '1';
  return {
    sql: context.runtime('pg_regexp_replace', value.sql, read.sql, replacement.sql, '1', number, letters(flags)),
  };
}

/** With a number as its fourth argument: where to start, then which match, then flags. */
function replaceFrom({ args, context, at }: Call): Built {
  const [value, pattern, replacement, start, number, letterArgument] = args;
  const flags = flagsOf(letterArgument, true);
  checkLeast(start, 1, 'start', at);
  checkLeast(number, 0, 'n', at);
  const read = patternOf(required(pattern), flags);
  const which = number?.sql ?? '1';
  const texts = [required(value).sql, read.sql, required(replacement).sql];
  return { sql: context.runtime('pg_regexp_replace', ...texts, start?.sql ?? '1', which, letters(flags)) };
}

function checkLeast(value: Value | undefined, least: number, name: string, at: Place): void {
  const constant = value && constantInteger(value);
  if (constant !== undefined && constant < least)
    throw new Refusal('bad-literal', value?.at ?? at, `The parameter ${name} begins at ${least}.`);
}

function nativeReplace(value: Sql, pattern: Pattern, replacement: Value, flags: Flags): Sql | undefined {
  const regex = javaOf(pattern, flags, 'extent');
  const constant = constantText(replacement);
  if (!regex || constant === undefined) return undefined;
  const isAnchored = regex.java.startsWith('(?s)\\A');
  if (flags.isGlobal || isAnchored) {
    const java = javaReplacement(constant, regex.groups, 0);
    return java === undefined ? undefined : callOf('regexp_replace', value, stringLiteral(regex.java), java);
  }
  // Spark replaces every match, so the rest of the text is made part of the first one.
  const first = `(?s)\\A(.*?)${regex.java.slice('(?s)'.length)}`;
  const java = regex.groups > 1 || constant.includes('\\&') ? undefined : javaReplacement(constant, regex.groups, 1);
  return java === undefined ? undefined : callOf('regexp_replace', value, stringLiteral(first), java);
}

/** `\1` and `\&` in Java's `$1` and `$0`; `before` groups stand in front of the pattern's own. */
function javaReplacement(replacement: string, groups: number, before: number): string | undefined {
  const used = [...replacement.matchAll(/\\(?:\\|([1-9]))/g)].map(([, digit]) => Number(digit ?? 0));
  // With ten groups a digit behind a group's number could be taken for part of it.
  if (groups > 8 || used.some((group) => group > groups)) return undefined;
  const java = replacement.replace(/\\([1-9&\\])|[$\\]/g, (whole, code: string | undefined) => {
    if (code === undefined || code === '\\') return whole === '$' ? '\\$' : '\\\\';
    return `\${g${code === '&' ? 0 : Number(code) + before}}`;
  });
  return stringLiteral((before > 0 ? '$1' : '') + java.replace(/\$\{g(\d+)\}/g, '$$$1'));
}

/** What the first group covers, or all of the match. */
function substringOf(value: Sql, pattern: Pattern, context: Context): Built {
  const regex = javaOf(pattern, noFlags, 'extent');
  if (!regex || regex.groups > 1)
    return { sql: context.runtime('pg_regexp_substring', value, pattern.sql), nullable: true };
  return nativeExtract(value, regex, regex.groups);
}

function nativeExtract(value: Sql, { java }: Regex, group: number): Built {
  const extracted = callOf('regexp_extract', value, stringLiteral(java), String(group));
  const test = suffixed(value, `rlike ${stringLiteral(java)}`).text;
  // Spark gives '' where PostgreSQL gives NULL.
  return { sql: primary(`case when ${test} then ${extracted.text} end`), nullable: true };
}

const substring = ({ args: [value, pattern], context }: Call): Built =>
  substringOf(required(value).sql, patternOf(required(pattern), noFlags), context);

/** `substring(value similar pattern escape e)`: the part between the two escaped double quotes. */
const substringSimilar = ({ args: [value, pattern, escape], context }: Call): Built =>
  substringOf(required(value).sql, similarPattern(required(pattern), escape, context), context);

function substr({ args, context, at }: Call): Built {
  const [value, pattern, start, number, letterArgument, group] = args;
  const flags = flagsOf(letterArgument);
  checkLeast(start, 1, 'start', at);
  checkLeast(number, 1, 'n', at);
  checkLeast(group, 0, 'subexpr', at);
  const read = patternOf(required(pattern), flags);
  const regex = args.length === 2 ? javaOf(read, flags, 'extent') : undefined;
  if (regex) return nativeExtract(required(value).sql, regex, 0);
  const which = [start?.sql ?? '1', number?.sql ?? '1', letters(flags), group?.sql ?? '0'];
  return { sql: context.runtime('pg_regexp_substr', required(value).sql, read.sql, ...which), nullable: true };
}

function count({ args: [value, pattern, start, letterArgument], context, at }: Call): Built {
  const flags = flagsOf(letterArgument);
  checkLeast(start, 1, 'start', at);
  const read = patternOf(required(pattern), flags);
  const regex = start ? undefined : javaOf(read, flags, 'extent');
  if (regex) return { sql: callOf('regexp_count', required(value).sql, stringLiteral(regex.java)) };
  const from = start?.sql ?? '1';
  const answer = context.runtime('pg_regexp_count', required(value).sql, read.sql, from, letters(flags));
  return { sql: castTo(answer, 'int') };
}

function position({ args, context, at }: Call): Built {
  const [value, pattern, start, number, endOption, letterArgument, group] = args;
  const flags = flagsOf(letterArgument);
  checkLeast(start, 1, 'start', at);
  checkLeast(number, 1, 'n', at);
  checkLeast(group, 0, 'subexpr', at);
  const read = patternOf(required(pattern), flags);
  const which = [start?.sql ?? '1', number?.sql ?? '1', endOption?.sql ?? '0', letters(flags), group?.sql ?? '0'];
  return { sql: castTo(context.runtime('pg_regexp_instr', required(value).sql, read.sql, ...which), 'int') };
}

const textArray =
  (name: string, nullable: boolean): Entry['build'] =>
  ({ args: [value, pattern, letterArgument], context }) => {
    const flags = flagsOf(letterArgument);
    const sql = context.runtime(name, required(value).sql, patternOf(required(pattern), flags).sql, letters(flags));
    return { sql, type: arrayOf(text), ...(nullable && { nullable }) };
  };

/** The parts as rows. */
const splitToRows: Entry['build'] = (call) => {
  requireRows('regexp_split_to_table', call.context, call.at);
  return textArray('pg_regexp_split', true)(call);
};

const t = 'text';
const i = 'int4';
const written = 'the flags have to be written out; not b and e';

const rows: readonly Row[] = [
  [
    'regexp_replace',
    [t, t, t],
    t,
    replace,
    [
      "regexp_replace(s, '[0-9]+', '#')",
      "regexp_replace(s, '^a', '')",
      "regexp_replace(t, '(.)b', '\\1x')",
      "regexp_replace(s, '(a|b)+', '<\\1>')",
      "regexp_replace(s, '(.)(.)', '\\2\\1')",
      "regexp_replace(s, 'b*?c', '[\\&]')",
      "regexp_replace(s, '', '\\0\\\\-\\')",
      'regexp_replace(s, t, v)',
    ],
  ],
  [
    'regexp_replace',
    [t, t, t, t],
    t,
    replace,
    [
      "regexp_replace(s, '[^a-z]', '', 'g')",
      "regexp_replace(t, '\\s+', ' ', 'g')",
      "regexp_replace(s, '([a-z])', '<\\1>', 'g')",
      "regexp_replace(s, 'B|É', '\\&\\&', 'gi')",
      "regexp_replace(s, '^.', '_', 'gn')",
      "regexp_replace(s, '', '-', 'g')",
      "regexp_replace(s, '(?<=a).(?!c)', '\\1*', 'g')",
      "regexp_replace(s, '(.)\\1', '<\\1>', 'g')",
    ],
    written,
  ],
  [
    'regexp_replace',
    [t, t, t, i],
    t,
    replaceFrom,
    ["regexp_replace(s, 'b', 'X', 3)", "regexp_replace(s, '.', 'X', small)"],
  ],
  [
    'regexp_replace',
    [t, t, t, i, i],
    t,
    replaceFrom,
    [
      "regexp_replace(s, '[a-z]', 'X', 1, 2)",
      "regexp_replace(s, '.', 'X', 2, 0)",
      "regexp_replace(s, '.', 'X', 1, small)",
    ],
  ],
  [
    'regexp_replace',
    [t, t, t, i, i, t],
    t,
    replaceFrom,
    ["regexp_replace(s, 'B', 'X', 1, 1, 'i')", "regexp_replace(s, 'B', 'X', 1, 0, 'gi')"],
    written,
  ],
  [
    'regexp_like',
    [t, t],
    'bool',
    like,
    ["regexp_like(s, '^[a-z]+$')", "regexp_like(t, '(a|b)c*')", "regexp_like(s, '\\yb')", 'regexp_like(s, t)'],
  ],
  ['regexp_like', [t, t, t], 'bool', like, ["regexp_like(s, '^A', 'i')", "regexp_like(s, 'new$', 'm')", "regexp_like(s, 'a . c', 'x')", "regexp_like(s, '.', 'q')"], written], // prettier-ignore
  ['regexp_substr', [t, t], t, substr, ["regexp_substr(s, '[0-9]+')", "regexp_substr(t, 'b.*')", "regexp_substr(s, 'a|abc')", "regexp_substr(s, '(a)(b)')"]], // prettier-ignore
  ['regexp_substr', [t, t, i], t, substr, ["regexp_substr(s, '[a-z]', 3)", "regexp_substr(s, '.', small)"]],
  ['regexp_substr', [t, t, i, i], t, substr, ["regexp_substr(s, '[a-z]', 1, 2)", "regexp_substr(s, '.', 1, small)"]],
  ['regexp_substr', [t, t, i, i, t], t, substr, ["regexp_substr(s, '[A-Z]', 1, 2, 'i')"], written],
  ['regexp_substr', [t, t, i, i, t, i], t, substr, ["regexp_substr(s, '(.)(.)?', 1, 1, '', 2)", "regexp_substr(s, '(.)', 1, 1, 'i', small)", "regexp_substr(s, 'b', 1, 1, '', 1)"], written], // prettier-ignore
  ['substring', [t, t], t, substring, ["substring(s from '[a-z]+')", "substring(s from 'a(.)')", "substring(s from '(b)?(c)')", "substring(s from 'a(?:b|.*)')", 'substring(s from t)']], // prettier-ignore
  ['substring', [t, t, t], t, substringSimilar, ["substring(s similar 'a#\"%#\"c' escape '#')", "substring(s from '%#\"b_#\"%' for '#')", "substring(s similar '[a-c]+' escape '')", "substring(s similar t escape '#')"]], // prettier-ignore
  ['regexp_count', [t, t], i, count, ["regexp_count(s, '[a-z]')", "regexp_count(t, '\\d')", "regexp_count(s, 'a|b|')", 'regexp_count(s, t)']], // prettier-ignore
  ['regexp_count', [t, t, i], i, count, ["regexp_count(s, '[a-z]', 2)", "regexp_count(s, 'b', small)"]],
  ['regexp_count', [t, t, i, t], i, count, ["regexp_count(s, '[A-Z]', 1, 'i')"], written],
  ['regexp_instr', [t, t], i, position, ["regexp_instr(s, '[a-z]')", "regexp_instr(s, 'c|bc')"]],
  ['regexp_instr', [t, t, i], i, position, ["regexp_instr(s, 'a', 2)"]],
  ['regexp_instr', [t, t, i, i], i, position, ["regexp_instr(s, '[a-z]', 1, 2)", "regexp_instr(s, '.', 1, small)"]],
  ['regexp_instr', [t, t, i, i, i], i, position, ["regexp_instr(s, '[a-z]+', 1, 1, 1)", "regexp_instr(s, 'b', 1, 1, small)"]], // prettier-ignore
  ['regexp_instr', [t, t, i, i, i, t], i, position, ["regexp_instr(s, 'B', 1, 1, 0, 'i')"], written],
  ['regexp_instr', [t, t, i, i, i, t, i], i, position, ["regexp_instr(s, '(a)(b)?', 1, 1, 0, 'i', 2)"], written],
  ['regexp_match', [t, t], t, textArray('pg_regexp_match', true), ["regexp_match(s, 'b.')", "regexp_match(s, '(a)(b)?')", 'regexp_match(s, t)']], // prettier-ignore
  ['regexp_match', [t, t, t], t, textArray('pg_regexp_match', true), ["regexp_match(s, '(A)|(B)', 'i')", "(regexp_match(s, '(.)(.)$', 'n'))[2]"], written], // prettier-ignore
  ['regexp_split_to_array', [t, t], t, textArray('pg_regexp_split', false), ["regexp_split_to_array(s, ',')", "regexp_split_to_array(s, '\\s*')", 'regexp_split_to_array(s, t)']], // prettier-ignore
  ['regexp_split_to_array', [t, t, t], t, textArray('pg_regexp_split', false), ["regexp_split_to_array(s, 'B', 'i')"], written], // prettier-ignore
  ['regexp_split_to_table', [t, t], t, splitToRows, [], 'as the expression of an `explode` step'],
  ['regexp_split_to_table', [t, t, t], t, splitToRows, [], 'as the expression of an `explode` step'],
];

export const regexFunctions: readonly Entry[] = rows.map(entriesOf('text'));
