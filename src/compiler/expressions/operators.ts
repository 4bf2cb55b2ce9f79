/** Arithmetic, comparison and concatenation by PostgreSQL's rules for which operator a pair of types has. */
import type { PgType } from '../../spec/pgType.ts';
import { castValue, exactly, textOf, widen } from './casts.ts';
import { bitOperation, complement } from './bits.ts';
import { constantAs } from './constants.ts';
import { decimalOf, maxPrecision, productOf, remainderOf, sumOf } from './decimals.ts';
import { dateArithmetic } from './dateArithmetic.ts';
import { divide } from './division.ts';
import { isInterval, negativeInterval, orderOf } from './intervalArithmetic.ts';
import { jsonOperator } from './json.ts';
import { Refusal, type Place } from './refusal.ts';
import { matches } from './regexFunctions.ts';
import { numericPower } from './transcendental.ts';
import { binary, callOf, castTo, negative, not, type Sql } from './sparkSql.ts';
import {
  bool,
  categoryOf,
  convertsImplicitly,
  float8,
  formatType,
  isFloat,
  isInteger,
  isNumber,
  isText,
  nameOf,
  numeric,
  sameType,
  sparkType,
  text,
  withoutModifiers,
} from './types.ts';
import { decimalFor, type Context, type Operation, type Value } from './value.ts';

export const comparisons: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);

export function operate(operation: Operation, context: Context): Value {
  const { name, left, right, at } = operation;
  if (!left && name === '-' && isInterval(right)) return negativeInterval(right, at, context);
  if (!left) return prefixed(name, right, { context, at });
  const special = jsonOperator(operation, context) ?? dateArithmetic(operation, context);
  if (special) return special;
  if (comparisons.has(name)) return compare(name, left, right, { at });
  if (name === '^') return power(left, right, { context, at });
  const bits = bitOperation(operation);
  if (bits) return bits;
  if (regexOperators.has(name)) return matchesRegex({ name, left, right, at }, context);
  if (name === '^@') return startsWith(left, right, at);
  if (name === '||') return concatenate(left, right, { context, at });
  if (arithmetic.has(name)) return calculate(name, left, right, { context, at });
  throw noOperator(name, left.type, right.type, at);
}

const regexOperators: ReadonlySet<string> = new Set(['~', '!~', '~*', '!~*']);

function matchesRegex({ name, left, right, at }: Pair, context: Context): Value {
  if ([left.type, right.type].some((type) => !isText(type) && type.kind !== 'unknown'))
    throw noOperator(name, left.type, right.type, at);
  const how = { negated: name.startsWith('!'), ignoresCase: name.endsWith('*') };
  return { type: bool, nullable: left.nullable || right.nullable, sql: matches(left, right, context, how), at };
}

function startsWith(left: Value, right: Value, at: Place): Value {
  if ([left.type, right.type].some((type) => !isText(type) && type.kind !== 'unknown'))
    throw noOperator('^@', left.type, right.type, at);
  const [whole, start] = [left, right].map((value) => textOf(widen(value, text))) as [Sql, Sql];
  return { type: bool, nullable: left.nullable || right.nullable, sql: callOf('startswith', whole, start), at };
}

function power(left: Value, right: Value, { context, at }: { context: Context; at: Place }): Value {
  const [first, second] = numbers('^', left, right, at);
  const nullable = left.nullable || right.nullable;
  if (nameOf(numberType(first.type, second.type)) === 'numeric') {
    const [base, exponent] = [exactly(first, numeric), exactly(second, numeric)];
    return { type: numeric, nullable, ...numericPower(base, exponent, context), at };
  }
  const args = [first, second].map((value) => exactly(value, float8).sql);
  return { type: float8, nullable, sql: castTo(context.runtime('pg_power', ...args), 'double'), at };
}

const roots: Readonly<Record<string, string>> = { '|/': 'pg_sqrt', '||/': 'pg_cbrt' };

function prefixed(name: string, value: Value, { context, at }: { context: Context; at: Place }): Value {
  const operand = value.type.kind === 'unknown' ? constantAs(value, float8) : value;
  const { nullable, sql } = operand;
  const root = roots[name];
  if (root !== undefined && isNumber(operand.type))
    return { type: float8, nullable, sql: castTo(context.runtime(root, exactly(operand, float8).sql), 'double'), at };
  if (name === '~' && isInteger(operand.type)) return { type: operand.type, nullable, sql: complement(sql), at };
  if (name === '@' && isNumber(operand.type)) {
    const decimal = nameOf(operand.type) === 'numeric' ? { decimal: decimalFor(operand) } : {};
    return { type: withoutModifiers(operand.type), nullable, sql: callOf('abs', sql), ...decimal, at };
  }
  if (name === '+' && isNumber(operand.type)) return { ...operand, at };
  if (name === '-' && isNumber(operand.type)) {
    return { type: withoutModifiers(operand.type), nullable, decimal: decimalFor(operand), sql: negative(sql), at };
  }
  throw new Refusal('no-such-signature', at, `There is no operator ${name} ${formatType(value.type)}.`);
}

export function noOperator(name: string, left: PgType, right: PgType, at: Place): Refusal {
  const mixed = isText(left) !== isText(right);
  const way = mixed ? ': cast one side, such as x::text or x::numeric(12,2)' : '';
  return new Refusal(
    'type-mismatch',
    at,
    `There is no operator ${formatType(left)} ${name} ${formatType(right)} that can be translated${way}.`,
  );
}

/** Both sides at the type in which PostgreSQL compares them. */
export function compare(name: string, left: Value, right: Value, { at }: { at: Place }): Value {
  const [first, second] = comparands(name, left, right, at);
  const operator = name === '!=' ? '<>' : name;
  return { type: bool, nullable: left.nullable || right.nullable, sql: binary(first, operator, second), at };
}

export function comparands(name: string, left: Value, right: Value, at: Place): readonly [Sql, Sql] {
  if (isInterval(left) && isInterval(right)) return [orderOf(left), orderOf(right)];
  if (isInterval(left) && right.type.kind === 'unknown')
    return comparands(name, left, constantAs(right, left.type), at);
  if (isInterval(right) && left.type.kind === 'unknown')
    return comparands(name, constantAs(left, right.type), right, at);
  const type = comparisonType(left.type, right.type);
  if (!type || !isComparable(type, name)) throw noOperator(name, left.type, right.type, at);
  const [first, second] = [widen(left, type), widen(right, type)];
  // A number that is whole on both sides needs no decimal round it.
  const wholes = [left.whole ?? integerSql(first), right.whole ?? integerSql(second)] as const;
  if ((left.whole || right.whole) && wholes[0] && wholes[1]) return [wholes[0], wholes[1]];
  if (isText(type)) return [textOf(first), textOf(second)];
  return [first.sql, second.sql];
}

const integerSql = (value: Value): Sql | undefined => {
  if (value.literal?.kind === 'integer') return value.sql;
  return isInteger(value.type) ? value.sql : undefined;
};

function comparisonType(left: PgType, right: PgType): PgType | undefined {
  if (left.kind === 'unknown' && right.kind === 'unknown') return text;
  if (left.kind === 'unknown') return right;
  if (right.kind === 'unknown') return left;
  if (isNumber(left) && isNumber(right)) return numberType(left, right);
  if (isText(left) && isText(right)) return nameOf(left) === 'bpchar' && nameOf(right) === 'bpchar' ? left : text;
  if (sameType(left, right)) return left;
  if (convertsImplicitly(left, right)) return right;
  return convertsImplicitly(right, left) ? left : undefined;
}

const incomparable: ReadonlySet<string> = new Set(['json', 'time', 'timetz', 'interval', 'name', 'jsonb']);

function isComparable(type: PgType, operator: string): boolean {
  if (type.kind === 'scalar') return !incomparable.has(type.name);
  // PostgreSQL takes NULL elements for equal, Spark does not decide.
  return type.kind === 'other' && (operator === '=' || operator === '<>');
}

/** The type in which PostgreSQL computes with two numbers. */
export function numberType(left: PgType, right: PgType): PgType {
  if (sameType(left, right)) return withoutModifiers(left);
  if (isFloat(left) || isFloat(right)) return float8;
  if (nameOf(left) === 'numeric' || nameOf(right) === 'numeric') return numeric;
  return convertsImplicitly(left, right) ? right : left;
}

function calculate(name: string, left: Value, right: Value, { context, at }: { context: Context; at: Place }): Value {
  const [first, second] = numbers(name, left, right, at);
  const type = numberType(first.type, second.type);
  const pair = { name, left: first, right: second, at };
  if (isFloat(type)) return floating(pair, type, context);
  if (nameOf(type) === 'numeric') return exact(pair, context);
  return integer(pair, type, context);
}

function numbers(name: string, left: Value, right: Value, at: Place): readonly [Value, Value] {
  const first = left.type.kind === 'unknown' && isNumber(right.type) ? constantAs(left, right.type) : left;
  const second = right.type.kind === 'unknown' && isNumber(left.type) ? constantAs(right, left.type) : right;
  if (!isNumber(first.type) || !isNumber(second.type)) throw noOperator(name, left.type, right.type, at);
  return [first, second];
}

interface Pair {
  readonly name: string;
  readonly left: Value;
  readonly right: Value;
  readonly at: Place;
}

function integer({ name, left, right, at }: Pair, type: PgType, context: Context): Value {
  const nullable = left.nullable || right.nullable;
  if (name !== '/') return { type, nullable, sql: binary(left.sql, name, right.sql), at };
  if (left.literal?.kind !== 'integer' || right.literal?.kind !== 'integer') {
    const message = 'Both sides are integers: PostgreSQL cuts the fraction off.';
    context.warnings.push({
      code: 'integer-division',
      severity: 'warning',
      message,
      offset: at.offset,
      length: at.length,
      // A cast binds tighter than any operator, so it can stand before the one that divides, whatever it divides.
      fix: { title: 'Divide as numeric', replacement: '::numeric /' },
    });
  }
  const quotient = binary(left.sql, 'div', right.sql);
  return { type, nullable, sql: nameOf(type) === 'int8' ? quotient : castTo(quotient, sparkType(type)), at };
}

function exact(pair: Pair, context: Context): Value {
  const { name, left, right, at } = pair;
  if (name === '/') return divide(left, right, context, at);
  const [first, second] = [decimalFor(left), decimalFor(right)];
  const decimal =
    name === '*' ? productOf(first, second) : name === '%' ? remainderOf(first, second) : sumOf(first, second);
  if (decimal.scale > maxPrecision) {
    const message = `The product has ${decimal.scale} digits after the point, and Spark holds 38 in all: cast one side to numeric(p,s) first.`;
    throw new Refusal('numeric-too-wide', at, message);
  }
  const sql = binary(asDecimal(left, right), name, asDecimal(right, left));
  return { type: numeric, nullable: left.nullable || right.nullable, sql, decimal, at };
}

/** Spark takes a whole number for a decimal beside another decimal only. */
function asDecimal(value: Value, other: Value): Sql {
  return isInteger(value.type) && isInteger(other.type)
    ? castTo(value.sql, sparkType(numeric, decimalOf(value.type)))
    : value.sql;
}

const floatFunctions: Readonly<Record<string, string>> = {
  '+': 'pg_float_add',
  '-': 'pg_float_subtract',
  '*': 'pg_float_multiply',
  '/': 'pg_float_divide',
};

/** Spark lets doubles overflow to Infinity and underflow to 0; in PostgreSQL both are errors, so the runtime computes. */
function floating({ name, left, right, at }: Pair, type: PgType, context: Context): Value {
  const runtime = floatFunctions[name];
  if (!runtime) throw noOperator(name, left.type, right.type, at);
  if (nameOf(type) === 'float4') {
    throw new Refusal(
      'not-translatable',
      at,
      'Arithmetic in real cannot be translated: cast to double precision or numeric(p,s).',
    );
  }
  const args = [left, right].map((value) => exactly(value, float8).sql);
  return {
    type,
    nullable: left.nullable || right.nullable,
    sql: castTo(context.runtime(runtime, ...args), 'double'),
    at,
  };
}

function concatenate(left: Value, right: Value, { context, at }: { context: Context; at: Place }): Value {
  if (categoryOf(left.type) === 'array' || categoryOf(right.type) === 'array')
    return concatenateArrays(left, right, at);
  if (![left.type, right.type].some((type) => isText(type) || type.kind === 'unknown')) {
    throw noOperator('||', left.type, right.type, at);
  }
  const parts = [left, right].map((value) => (isText(value.type) ? textOf(value) : concatenable(value, context)));
  const [first, second] = parts as [Sql, Sql];
  return { type: text, nullable: left.nullable || right.nullable, sql: binary(first, '||', second), at };
}

const concatenable = (value: Value, context: Context): Sql => castValue(value, text, context).sql;

function concatenateArrays(left: Value, right: Value, at: Place): Value {
  if (!sameType(left.type, right.type) || left.type.kind !== 'array') throw noOperator('||', left.type, right.type, at);
  const empty = left.nullable || right.nullable;
  if (empty)
    throw new Refusal(
      'not-translatable',
      at,
      'PostgreSQL takes a NULL array for an empty one here: wrap it in coalesce(x, ...).',
    );
  return { type: left.type, nullable: false, sql: callOf('concat', left.sql, right.sql), at };
}

/** `is [not] distinct from`, by Spark's own words. */
export function distinctFrom(left: Value, right: Value, negated: boolean, at: Place): Value {
  const [first, second] = comparands('=', left, right, at);
  return { type: bool, nullable: false, sql: binary(first, `is ${negated ? 'not ' : ''}distinct from`, second), at };
}

export const negated = (value: Value, at: Place): Value => ({
  type: bool,
  nullable: value.nullable,
  sql: not(value.sql),
  at,
});
