/** What has to be true of a row. */
import type { Cursor } from '../cursor.ts';
import type { Condition, Expr, Operator, Trait } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { traitsOf } from '../traits.ts';
import { expression, literal } from './expressions.ts';
import { comparedDay, daysBetween, isDay, period } from './periods.ts';
import { shareColumn, traitAt } from './rows.ts';

/** Predicates with `and` or `or` between; both at once need brackets, for readers differ on what binds first. */
export function condition(cursor: Cursor): Condition | undefined {
  const first = predicate(cursor);
  if (!first) return undefined;
  const parts: Condition[] = [first];
  let kind: 'and' | 'or' | undefined;
  for (;;) {
    const at = cursor.at;
    const next = cursor.attempt(() => {
      const word = cursor.take('and', 'or', 'but', ', and', 'and also');
      if (word === undefined) return undefined;
      cursor.skip('with', 'where', 'whose');
      const part = predicate(cursor);
      return part && { part, word: word === 'or' ? ('or' as const) : ('and' as const) };
    });
    if (!next) break;
    if (kind !== undefined && kind !== next.word) {
      cursor.at = at;
      cursor.expect(mixed);
      return;
    }
    kind = next.word;
    parts.push(next.part);
  }
  return kind === undefined ? first : { kind, parts };
}

const mixed = 'brackets: “and” and “or” stand side by side, and readers differ on what belongs together';

const comparators: Readonly<Record<string, Operator>> = {
  '=': '=',
  equals: '=',
  'equal to': '=',
  'is equal to': '=',
  exactly: '=',
  '<>': '<>',
  '!=': '<>',
  'not equal to': '<>',
  'is not equal to': '<>',
  'does not equal': '<>',
  'different from': '<>',
  'other than': '<>',
  '>': '>',
  'greater than': '>',
  'more than': '>',
  'larger than': '>',
  'higher than': '>',
  'bigger than': '>',
  above: '>',
  over: '>',
  exceeding: '>',
  exceeds: '>',
  '>=': '>=',
  'at least': '>=',
  'greater than or equal to': '>=',
  'no less than': '>=',
  'not less than': '>=',
  '<': '<',
  'less than': '<',
  'lower than': '<',
  'smaller than': '<',
  'fewer than': '<',
  below: '<',
  under: '<',
  after: '>',
  'later than': '>',
  before: '<',
  'earlier than': '<',
  '<=': '<=',
  'at most': '<=',
  'less than or equal to': '<=',
  'no more than': '<=',
  'not more than': '<=',
};

export function comparator(cursor: Cursor): Operator | undefined {
  return cursor.attempt(() => {
    const word = cursor.take(...Object.keys(comparators));
    return word === undefined ? undefined : comparators[word];
  });
}

function predicate(cursor: Cursor): Condition | undefined {
  return cursor.first(
    () => bracketed(cursor),
    () => negation(cursor),
    () => absence(cursor),
    () => ofName(cursor),
    () => ofExpression(cursor),
    () => ofRow(cursor),
  );
}

function bracketed(cursor: Cursor): Condition | undefined {
  if (cursor.take('(') === undefined) return undefined;
  const inner = condition(cursor);
  return inner && cursor.take(')') ? inner : undefined;
}

function negation(cursor: Cursor): Condition | undefined {
  if (cursor.take('not') === undefined) return undefined;
  const part = predicate(cursor);
  return part && { kind: 'not', part };
}

/** `no email`, `a missing email`, `without an email`. */
function absence(cursor: Cursor): Condition | undefined {
  if (
    cursor.take('no', 'missing', 'a missing', 'an empty', 'an unknown', 'unknown', 'have no', 'has no') === undefined
  ) {
    return undefined;
  }
  const of = cursor.column();
  return of && !of.tables.length ? { kind: 'null', of, negated: false } : undefined;
}

function ofName(cursor: Cursor): Condition | undefined {
  const of = cursor.column();
  if (!of) return undefined;
  const answer = cursor.first(
    () => emptiness(cursor, of),
    () => membership(cursor, of),
    () => between(cursor, of),
    () => pattern(cursor, of),
    () => dated(cursor, of),
    () => coded(cursor, of),
    () => truth(cursor, of),
  );
  return answer;
}

const be = ['is', 'are', 'was', 'were', 'be', 'has been'];

function emptiness(cursor: Cursor, of: NameRef): Condition | undefined {
  const word = cursor.take(...be);
  const not = cursor.take('not') !== undefined;
  if (cursor.take('null', 'missing', 'unknown', 'not known')) return { kind: 'null', of, negated: not };
  if (word !== undefined && cursor.take('known', 'present', 'given', 'filled'))
    return { kind: 'null', of, negated: !not };
  if (cursor.take('empty', 'blank')) return { kind: 'blank', of, negated: not };
  return undefined;
}

function membership(cursor: Cursor, of: NameRef): Condition | undefined {
  cursor.take(...be);
  const negated = cursor.take('not', 'none of', 'neither') !== undefined;
  const word = cursor.take('in', 'one of', 'any of', 'either', 'among');
  if (word === undefined) return undefined;
  const bracket = cursor.take('(', ':');
  const values = alternatives(cursor);
  if (bracket === '(' && cursor.take(')') === undefined) {
    cursor.expect('a closing bracket');
    return;
  }
  return values && { kind: 'in', of: { kind: 'column', name: of }, values, negated };
}

/** Values with commas, `and` or `or` between. */
function alternatives(cursor: Cursor): readonly Expr[] | undefined {
  const found: Expr[] = [];
  for (;;) {
    const next = cursor.attempt(() => {
      if (found.length > 0 && cursor.take(',', 'or', 'and', ', or', ', and') === undefined) return undefined;
      const value = literal(cursor);
      return value?.kind === 'text' || value?.kind === 'number' ? value : undefined;
    });
    if (!next) return found.length > 0 ? found : undefined;
    found.push(next);
  }
}

function between(cursor: Cursor, of: NameRef): Condition | undefined {
  cursor.take(...be);
  const negated = cursor.take('not') !== undefined;
  if (cursor.take('between', 'from') === undefined) return undefined;
  const low = literal(cursor);
  if (!low || cursor.take('and', 'to') === undefined) return undefined;
  const high = literal(cursor);
  if (!high || low.kind !== high.kind) return undefined;
  if (low.kind === 'date' && high.kind === 'date') {
    if (negated || !isDay(low.value) || !isDay(high.value)) return undefined;
    return { kind: 'period', of, period: daysBetween(low.value, high.value), text: of.text };
  }
  return { kind: 'between', of: { kind: 'column', name: of }, low, high, negated };
}

function pattern(cursor: Cursor, of: NameRef): Condition | undefined {
  const negated = cursor.take('does not', 'do not', 'not') !== undefined;
  const word = cursor.take(...Object.keys(patterns));
  const make = word === undefined ? undefined : patterns[word];
  const text = make && cursor.text();
  if (!make) return undefined;
  if (text === undefined) {
    cursor.expect('a text in quotes');
    return;
  }
  const fold = cursor.take('ignoring case', 'in any case', 'case insensitively') !== undefined || word === 'ilike';
  return { kind: 'like', of: { kind: 'column', name: of }, pattern: make(text), fold, negated };
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
const patterns: Readonly<Record<string, (text: string) => string>> = {
  like: (text) => text,
  ilike: (text) => text,
  contains: (text) => `%${escaped(text)}%`,
  contain: (text) => `%${escaped(text)}%`,
  containing: (text) => `%${escaped(text)}%`,
  'starts with': (text) => `${escaped(text)}%`,
  'start with': (text) => `${escaped(text)}%`,
  'starting with': (text) => `${escaped(text)}%`,
  'begins with': (text) => `${escaped(text)}%`,
  'ends with': (text) => `%${escaped(text)}`,
  'end with': (text) => `%${escaped(text)}`,
  'ending with': (text) => `%${escaped(text)}`,
  'ending in': (text) => `%${escaped(text)}`,
};

function dated(cursor: Cursor, of: NameRef): Condition | undefined {
  const start = cursor.at;
  cursor.take(...be);
  const found = period(cursor);
  if (!found) return undefined;
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  return { kind: 'period', of, period: found, text };
}

/** `status is paid or shipped`, `status paid`: words of the column's comment. */
function coded(cursor: Cursor, of: NameRef): Condition | undefined {
  cursor.take(...be, '=');
  const negated = cursor.take('not', 'neither') !== undefined;
  cursor.take('either', 'in', 'a', 'an');
  const bracket = cursor.take('(');
  const columns = new Set(of.columns.map(({ column }) => column));
  const tables = of.columns.map(({ table }) => table).filter((table) => traitsOf(table).length > 0);
  const traits: Trait[] = [];
  for (;;) {
    const next = cursor.attempt(() => {
      if (traits.length > 0 && cursor.take('or', ',', 'nor', ', or') === undefined) return undefined;
      const found = traitAt(cursor, tables);
      const readings = found?.trait.readings.filter(
        ({ column, value }) => columns.has(column) && typeof value !== 'boolean',
      );
      return found && !found.negated && readings && readings.length > 0 ? { ...found.trait, readings } : undefined;
    });
    if (!next) break;
    traits.push(next);
  }
  if (bracket !== undefined && cursor.take(')') === undefined) return undefined;
  return traits.length === 0 ? undefined : { kind: 'trait', traits, of, negated };
}

/** A yes-or-no column by itself, or compared with true and false. */
function truth(cursor: Cursor, of: NameRef): Condition | undefined {
  const booleans = of.columns.filter(({ column }) => column.type === 'boolean');
  if (booleans.length === 0) return undefined;
  const told = cursor.attempt(() => {
    cursor.take(...be, '=');
    const not = cursor.take('not') !== undefined;
    const word = cursor.take('true', 'false', 'set', 'yes', 'no');
    return word === undefined ? undefined : (word === 'false' || word === 'no') === not;
  });
  const trait: Trait = {
    text: of.text,
    offset: of.offset,
    readings: booleans.map((reading) => ({ ...reading, value: true })),
  };
  if (told === false) {
    return {
      kind: 'compare',
      left: { kind: 'column', name: { ...of, columns: booleans } },
      operator: '=',
      right: { kind: 'boolean', value: false },
    };
  }
  return { kind: 'trait', traits: [trait], of: { ...of, columns: booleans }, negated: false };
}

function ofExpression(cursor: Cursor): Condition | undefined {
  const left = expression(cursor);
  if (!left) return undefined;
  const been = cursor.take(...be, 'of') !== undefined;
  const not = cursor.take('not') !== undefined;
  const compared = comparator(cursor);
  const right = been || compared ? expression(cursor) : literal(cursor);
  if (!right) {
    cursor.expect('a value: a number, a day, or a text in quotes');
    return;
  }
  if (not && compared !== undefined && compared !== '=') return undefined;
  const operator = not ? '<>' : (compared ?? '=');
  if (right.kind === 'date' && left.kind === 'column') return comparedWithDay(left, operator, right.value);
  return { kind: 'compare', left, operator, right };
}

function comparedWithDay(
  left: Extract<Expr, { kind: 'column' }>,
  operator: Operator,
  day: string,
): Condition | undefined {
  if (!isDay(day)) return undefined;
  const stretch = comparedDay(operator === '<>' ? '=' : operator, day);
  if (!stretch) return undefined;
  const found: Condition = { kind: 'period', of: left.name, period: stretch, text: left.name.text };
  return operator === '<>' ? { kind: 'not', part: found } : found;
}

/** `that are active`, `are not cancelled`. */
function ofRow(cursor: Cursor): Condition | undefined {
  cursor.take(...be, 'have been');
  const negated = cursor.take('not') !== undefined;
  cursor.take('a', 'an');
  const first = traitAt(cursor);
  if (!first) return undefined;
  const traits: Trait[] = [first.trait];
  for (;;) {
    const next = cursor.attempt(() => {
      if (cursor.take('or') === undefined) return undefined;
      const found = traitAt(cursor);
      return found && shareColumn([...traits, found.trait]) ? found.trait : undefined;
    });
    if (!next) break;
    traits.push(next);
  }
  return { kind: 'trait', traits, negated: negated !== first.negated };
}
