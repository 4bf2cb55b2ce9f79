import type { PgType } from '../../spec/pgType.ts';
import type { Decimal, ExpressionProblem, Scope, ScopeColumn, Use } from './contract.ts';
import { decimalOf, literalDecimal } from './decimals.ts';
import type { Place } from './refusal.ts';
import { callOf, primary, textLiteral, type Sql } from './sparkSql.ts';
import type { Literal, Syntax } from './syntax.ts';
import { Collations } from './textOrder.ts';
import { bool, int4, int8, numeric, unknownType } from './types.ts';

/** A typed piece of an expression together with the Spark SQL that computes it. */
export interface Value {
  readonly type: PgType;
  readonly nullable: boolean;
  readonly sql: Sql;
  readonly at: Place;
  /** What was written, where it is a constant. */
  readonly literal?: Literal;
  /** How Spark holds it, where it is a numeric without precision. */
  readonly decimal?: Decimal;
  /** A numeric whose digits differ in number from row to row, and which nothing has rounded yet. */
  readonly open?: OpenNumeric;
  /** The same number as a Spark integer, where `sql` only wraps it in PostgreSQL's type. */
  readonly whole?: Sql;
  /** An interval's parts, where they are known; `sql` is its text, since Spark has no interval as PostgreSQL means it. */
  readonly interval?: Interval;
}

export interface OpenNumeric {
  /** PostgreSQL's answer with all its digits, as text; an error's words where there is one. */
  readonly text: Sql;
  /** Spark's own expression for the answer rounded to a scale, where both are known to end on the same digit. */
  readonly rounded?: (scale: number) => Sql | undefined;
}

/** PostgreSQL's interval: three counts, each a Spark expression or a number. */
export interface Interval {
  readonly months?: number | Sql;
  readonly days?: number | Sql;
  readonly microseconds?: bigint | Sql;
  /** The difference of two timestamps: 24 hours of it are a day. */
  readonly elapsed?: boolean;
}

export interface Operation {
  readonly name: string;
  /** Left out where the operator stands before its only operand. */
  readonly left?: Value;
  readonly right: Value;
  readonly at: Place;
}

/** The walk itself, handed to the forms that have parts. */
export type CompileValue = (syntax: Syntax, context: Context) => Value;

/** What the walk over one expression knows and collects. */
export class Context {
  readonly reads = new Set<ScopeColumn>();
  /** Those that the text does not call are left out in the end; comparisons of intervals have no context at hand. */
  readonly runtimeFunctions = new Set<string>(['pg_interval_order']);
  readonly warnings: ExpressionProblem[] = [];
  readonly collations = new Collations();
  hasAggregate = false;
  hasWindow = false;
  usesRunInstant = false;
  /** Inside an aggregate's arguments neither aggregates nor windows may stand. */
  insideAggregate = false;
  insideWindow = false;
  /** Where the whole expression stands: there alone a call may make rows. */
  root: Place | undefined;
  makesRows = false;

  constructor(
    readonly scope: Scope,
    readonly use: Use,
  ) {}

  /** A call of the runtime's SQL function of this name (python/datamorph_functions/). */
  runtime(name: string, ...args: readonly (Sql | string)[]): Sql {
    this.runtimeFunctions.add(name);
    return callOf(name, ...args);
  }
}

export const decimalFor = (value: Value): Decimal => {
  if (value.decimal) return value.decimal;
  if (value.literal?.kind === 'integer') return literalDecimal(value.literal.text);
  return decimalOf(value.type);
};

export const isNull = (value: Value): boolean => value.literal?.kind === 'null';

/** The text of a string literal, whatever type it has been given. */
export const constantText = (value: Value): string | undefined =>
  value.literal?.kind === 'string' ? value.literal.text : undefined;

/** A whole number written out. */
export function constantInteger(value: Value): number | undefined {
  if (value.literal?.kind === 'integer') return Number(value.literal.text);
  const text = value.type.kind === 'unknown' ? constantText(value) : undefined;
  return text !== undefined && /^\s*[+-]?\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}

export function literalValue(literal: Literal, at: Place): Value {
  const base = { literal, at, nullable: false } as const;
  switch (literal.kind) {
    case 'null':
      return { ...base, type: unknownType, nullable: true, sql: primary('null') };
    case 'boolean':
      return { ...base, type: bool, sql: primary(String(literal.value)) };
    case 'string':
      return { ...base, type: unknownType, sql: textLiteral(literal.text) };
    case 'integer':
      return integerLiteral(literal.text, at);
    case 'decimal':
      return numericLiteral(literal.text, at);
  }
}

function integerLiteral(text: string, at: Place): Value {
  const number = BigInt(text);
  const literal = { kind: 'integer', text: String(number) } as const;
  const value = { literal, at, nullable: false } as const;
  if (BigInt.asIntN(32, number) === number) return { ...value, type: int4, sql: primary(literal.text) };
  if (BigInt.asIntN(64, number) === number) return { ...value, type: int8, sql: primary(`${literal.text}L`) };
  return numericLiteral(literal.text, at);
}

/** A numeric written out, in plain digits: Spark would take an exponent for a double. */
export function numericLiteral(written: string, at: Place): Value {
  const text = plainNumber(written);
  return {
    type: numeric,
    nullable: false,
    sql: primary(text.includes('.') ? text : `${text}BD`),
    literal: { kind: 'decimal', text },
    decimal: literalDecimal(text),
    at,
  };
}

/** `1.5e3` as `1500`, `.5` as `0.5`. */
export function plainNumber(written: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(written) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded =
    point > digits.length ? digits.padEnd(point, '0') : digits.padStart(digits.length - Math.min(point, 0), '0');
  const at = Math.max(point, 0);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const rest = padded.slice(at);
  return `${sign === '-' ? '-' : ''}${integer}${rest && `.${rest}`}`;
}
