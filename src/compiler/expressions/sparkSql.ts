/** Spark SQL text, put together with as few parentheses as its grammar needs; the only place that escapes anything. */

/** How tightly the outermost operator of a fragment binds in Spark's grammar. */
export const level = {
  or: 1,
  and: 2,
  not: 3,
  predicate: 4,
  additive: 5,
  multiplicative: 6,
  unary: 7,
  primary: 8,
} as const;

export type Level = (typeof level)[keyof typeof level];

export interface Sql {
  readonly text: string;
  readonly level: Level;
}

export const primary = (text: string): Sql => ({ text, level: level.primary });

export const callOf = (name: string, ...args: readonly (Sql | string)[]): Sql =>
  primary(`${name}(${args.map((argument) => (typeof argument === 'string' ? argument : argument.text)).join(', ')})`);

export const castTo = (value: Sql, type: string): Sql => primary(`cast(${value.text} as ${type})`);

/** The fragment's text, in parentheses where it binds less tightly than its place needs. */
export const at = (value: Sql, least: Level): string => (value.level < least ? `(${value.text})` : value.text);

const binaryLevels: Readonly<Record<string, Level>> = {
  '+': level.additive,
  '-': level.additive,
  '||': level.additive,
  '*': level.multiplicative,
  '/': level.multiplicative,
  '%': level.multiplicative,
  div: level.multiplicative,
};

/** An operator between two values; comparisons do not chain, arithmetic associates to the left. */
export function binary(left: Sql, operator: string, right: Sql): Sql {
  const own = binaryLevels[operator] ?? level.predicate;
  const leftLeast = own === level.predicate ? level.additive : own;
  return { text: `${at(left, leftLeast)} ${operator} ${at(right, (own + 1) as Level)}`, level: own };
}

/** A test written after its value: `is null`, `in (...)`. */
export const suffixed = (value: Sql, suffix: string): Sql => ({
  text: `${at(value, level.additive)} ${suffix}`,
  level: level.predicate,
});

export const not = (value: Sql): Sql => ({ text: `not ${at(value, level.predicate)}`, level: level.not });

export function negative(value: Sql): Sql {
  const operand = at(value, level.unary);
  // Two minus signs would begin a comment.
  return { text: operand.startsWith('-') ? `-(${operand})` : `-${operand}`, level: level.unary };
}

export const joined = (items: readonly Sql[], word: 'and' | 'or'): Sql => {
  const own = level[word];
  return { text: items.map((item) => at(item, (own + 1) as Level)).join(` ${word} `), level: own };
};

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  // Spark replaces ${...} before it parses, even inside a literal.
  $: '\\u0024',
};

/** A Spark string literal: backslashes count in it, and `${...}` and the run's instant must not be found in it. */
export function stringLiteral(text: string): string {
  const escaped = text

    .replace(/[\\'\n\r\t]|\$(?=\{)|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
      return escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    })
    .replaceAll(':run_instant', '\\u003arun_instant');
  return `'${escaped}'`;
}

export const textLiteral = (text: string): Sql => primary(stringLiteral(text));

/** A name, in backticks only where Spark would read it as something else. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) && !reserved.has(name.toLowerCase())
    ? name
    : `\`${name.replaceAll('`', '``')}\``;
}

/** Words that mean something to Spark where a column name may stand, and those that SQL reserves. */
const reserved = new Set(
  `all alter analyze and anti any array as asc at authorization between both by case cast check collate column constraint
  create cross cube current_catalog current_database current_date current_schema current_time current_timestamp
  current_user date desc describe distinct div drop else end escape except exists explode extract false fetch filter for
  foreign from full function grant group grouping having ilike in inner insert intersect interval into is join lateral
  leading left like limit localtime localtimestamp map minus natural not now null offset on only or order outer over
  overlaps partition percentile_cont percentile_disc position primary range references regexp revoke right rlike row rows
  select semi session_user set some struct substr substring sum table then time timestamp timestamp_ltz timestamp_ntz to
  trailing trim true truncate union unique unknown unpivot update user using values when where window with within`.split(
    /\s+/,
  ),
);
