/** Values: arithmetic, texts put together, functions. */
import type { Cursor } from '../cursor.ts';
import type { Call, Expr, Unit } from '../intent.ts';

export function expression(cursor: Cursor): Expr | undefined {
  return cursor.first(
    () => concatenation(cursor),
    () => {
      const found = sum(cursor);
      return found && rounded(cursor, found);
    },
  );
}

export function sum(cursor: Cursor): Expr | undefined {
  return leftToRight(cursor, () => product(cursor), { '+': '+', plus: '+', '-': '-', minus: '-' });
}

function product(cursor: Cursor): Expr | undefined {
  return leftToRight(cursor, () => operand(cursor), {
    '*': '*',
    '×': '*',
    times: '*',
    'multiplied by': '*',
    '/': '/',
    'divided by': '/',
  });
}

type Operators = Readonly<Record<string, '+' | '-' | '*' | '/'>>;

function leftToRight(cursor: Cursor, inner: () => Expr | undefined, operators: Operators): Expr | undefined {
  let left = inner();
  while (left) {
    const before: Expr = left;
    const next = cursor.attempt((): Expr | undefined => {
      const word = cursor.take(...Object.keys(operators));
      const operator = word === undefined ? undefined : operators[word];
      const right = operator && inner();
      return operator && right ? { kind: 'binary', operator, left: before, right } : undefined;
    });
    if (!next) break;
    left = next;
  }
  return left;
}

export function operand(cursor: Cursor): Expr | undefined {
  return cursor.first(
    () => bracketed(cursor),
    () => literal(cursor),
    () => called(cursor),
    () => {
      const name = cursor.column();
      return name && ({ kind: 'column', name } as const);
    },
  );
}

/** `amount rounded to 2 digits`. */
function rounded(cursor: Cursor, expr: Expr): Expr {
  return cursor.attempt((): Expr | undefined => (cursor.take('rounded') ? digits(cursor, expr) : undefined)) ?? expr;
}

/** `to 2 digits`, `to whole numbers`. */
export function digits(cursor: Cursor, expr: Expr): Expr | undefined {
  if (cursor.take('to') === undefined) return { kind: 'call', name: 'round', args: [expr] };
  if (cursor.take('whole numbers', 'a whole number', 'integers', 'an integer')) {
    return { kind: 'call', name: 'round', args: [expr] };
  }
  const count = cursor.number();
  if (count === undefined || !Number.isInteger(count) || count > 10) {
    cursor.expect('a number of digits');
    return;
  }
  cursor.take('digits', 'decimals', 'decimal places', 'places', 'digit', 'decimal', 'decimal place');
  return { kind: 'call', name: 'round', args: [expr, { kind: 'number', sql: String(count) }] };
}

function bracketed(cursor: Cursor): Expr | undefined {
  if (cursor.take('(') === undefined) return undefined;
  const inner = expression(cursor);
  return inner && cursor.take(')') ? inner : undefined;
}

export function literal(cursor: Cursor): Expr | undefined {
  return cursor.first(
    (): Expr | undefined => {
      const negative = cursor.take('-') !== undefined;
      const token = cursor.peek();
      return cursor.number() === undefined || !token
        ? undefined
        : { kind: 'number', sql: `${negative ? '-' : ''}${token.value}` };
    },
    (): Expr | undefined => {
      const value = cursor.text();
      return value === undefined ? undefined : { kind: 'text', value };
    },
    (): Expr | undefined => {
      const value = cursor.date();
      return value === undefined ? undefined : { kind: 'date', value };
    },
    (): Expr | undefined => {
      const word = cursor.take('true', 'false');
      return word === undefined ? undefined : { kind: 'boolean', value: word === 'true' };
    },
  );
}

const calls: Readonly<Record<string, Call>> = {
  upper: 'upper',
  uppercase: 'upper',
  'upper case': 'upper',
  uppercased: 'upper',
  lower: 'lower',
  lowercase: 'lower',
  'lower case': 'lower',
  lowercased: 'lower',
  trim: 'trim',
  trimmed: 'trim',
  capitalized: 'initcap',
  capitalised: 'initcap',
  length: 'length',
  'length of': 'length',
  absolute: 'abs',
  'absolute value of': 'abs',
  abs: 'abs',
};

const units: Readonly<Record<string, Unit>> = {
  'year of': 'year',
  'month of': 'month',
  'day of': 'day',
  'quarter of': 'quarter',
  'week of': 'week',
};

function called(cursor: Cursor): Expr | undefined {
  cursor.skip('the');
  const unit = cursor.take(...Object.keys(units));
  if (unit !== undefined) {
    const of = operand(cursor);
    const field = units[unit];
    return of && field && { kind: 'part', unit: field, of };
  }
  if (cursor.take('round')) {
    const inner = operand(cursor);
    return inner && digits(cursor, inner);
  }
  const word = cursor.take(...Object.keys(calls));
  const name = word === undefined ? undefined : calls[word];
  if (!name) return undefined;
  const inner = operand(cursor);
  return inner && { kind: 'call', name, args: [inner] };
}

/** `first_name and last_name joined with ' '`, `concatenation of a and b`, `a || ' ' || b`. */
function concatenation(cursor: Cursor): Expr | undefined {
  const before = cursor.take('concatenation of', 'concatenate', 'concatenated', 'concat');
  if (before === undefined) return piped(cursor);
  const parts = cursor.list(() =>
    cursor.first(
      () => piped(cursor),
      () => operand(cursor),
    ),
  );
  if (!parts || parts.length < 2) {
    cursor.expect('two columns to put together');
    return;
  }
  const between = separator(cursor);
  return {
    kind: 'concat',
    parts: between === undefined ? parts : parts.flatMap((part, at) => (at === 0 ? [part] : [between, part])),
  };
}

function separator(cursor: Cursor): Expr | undefined {
  return cursor.attempt((): Expr | undefined => {
    if (cursor.take('with', 'separated by', 'using', 'joined by', 'joined with') === undefined) return undefined;
    cursor.take('a', 'an');
    const word = cursor.take('space', 'blank', 'comma', 'hyphen', 'dash');
    const value =
      word === undefined ? cursor.text() : { space: ' ', blank: ' ', comma: ', ', hyphen: '-', dash: '-' }[word];
    if (value === undefined) return undefined;
    cursor.take('between', 'in between', 'between them');
    return { kind: 'text', value };
  });
}

function piped(cursor: Cursor): Expr | undefined {
  const parts: Expr[] = [];
  do {
    const part = operand(cursor);
    if (!part) return undefined;
    parts.push(part);
  } while (cursor.take('||'));
  return parts.length > 1 ? { kind: 'concat', parts } : undefined;
}
