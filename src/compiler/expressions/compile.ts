/** One PostgreSQL expression -> typed Spark SQL, or the problems that it has. Pure; no text makes it throw. */
import { asBoolean, castValue } from './casts.ts';
import { compileCall } from './calls.ts';
import { compileCase, compileIn, compileBetween, compileQuantified } from './conditional.ts';
import {
  runInstant,
  type CompiledExpression,
  type ExpressionResult,
  type Scope,
  type SqlParser,
  type Use,
} from './contract.ts';
import { compileArray, compileSubscript } from './arrays.ts';
import { constantAs } from './constants.ts';
import { distinctFrom, negated, operate } from './operators.ts';
import { parseExpression } from './parse.ts';
import { compileLike } from './patterns.ts';
import { Refusal } from './refusal.ts';
import { resolveColumn } from './columns.ts';
import { castTo, joined, primary, suffixed } from './sparkSql.ts';
import type { Syntax } from './syntax.ts';
import { byteCollations } from './textOrder.ts';
import { bool, categoryOf, formatType, isText, nameOf, scalar, sparkType, text, typeFromSyntax } from './types.ts';
import { Context, literalValue, type Value } from './value.ts';

/** Compiles an expression that stands in `use` and may name the columns of `scope`. */
export function compileExpression(source: string, scope: Scope, use: Use, parser: SqlParser): ExpressionResult {
  const context = new Context(scope, use);
  try {
    const syntax = parseExpression(source, parser);
    context.root = syntax.at;
    const value = finished(compileValue(syntax, context));
    if (use === 'order') context.collations.warn(syntax, context);
    return { expression: compiled(value, syntax, context), problems: context.warnings };
  } catch (error) {
    if (error instanceof Refusal) return { problems: [...context.warnings, error.problem] };
    throw error;
  }
}

/** A bare literal is text, as in PostgreSQL's own output columns. */
function finished(value: Value): Value {
  if (value.type.kind === 'unknown') {
    const typed = constantAs(value, text);
    return typed.literal?.kind === 'null' ? { ...typed, sql: castTo(typed.sql, 'string') } : typed;
  }
  return value;
}

function compiled(value: Value, syntax: Syntax, context: Context): CompiledExpression {
  const spark = value.sql.text;
  const collation = context.collations.of(syntax);
  const isOpen =
    nameOf(value.type) === 'numeric' || (value.type.kind === 'array' && nameOf(value.type.element) === 'numeric');
  return {
    type: value.type,
    nullable: value.nullable,
    ...(isOpen && value.decimal && { decimal: value.decimal }),
    ...(collation !== undefined && { collation }),
    sparkType: sparkType(value.type, value.decimal),
    spark,
    reads: [...context.reads],
    hasAggregate: context.hasAggregate,
    hasWindow: context.hasWindow,
    // What Spark itself could round has dropped its call.
    runtimeFunctions: [...context.runtimeFunctions].filter((name) => spark.includes(`${name}(`)).sort(),
    usesRunInstant: context.usesRunInstant,
    ...(context.makesRows && { makesRows: true as const }),
  };
}

type Handlers = {
  readonly [Kind in Syntax['kind']]: (syntax: Extract<Syntax, { kind: Kind }>, context: Context) => Value;
};

const handlers: Handlers = {
  column: resolveColumn,
  literal: ({ literal, at }) => literalValue(literal, at),
  operator: ({ name, left, right, at }, context) => {
    const first = left && compileValue(left, context);
    return operate({ name, ...(first && { left: first }), right: compileValue(right, context), at }, context);
  },
  and: compileJunction,
  or: compileJunction,
  not: ({ item, at }, context) => negated(compileBoolean(item, context), at),
  cast: ({ item, type, at }, context) => {
    const target = typeFromSyntax(type);
    if (!target)
      throw new Refusal('unknown-type', type.at, `Expressions do not know the type ${type.name}: use a \`sql\` step.`);
    // PostgreSQL rounds to so many digits, or cuts an interval down to some fields.
    if (type.modifiers.length > 0 && ['datetime', 'interval'].includes(categoryOf(target)))
      throw new Refusal('not-translatable', type.at, `${type.name} takes no precision here: use date_trunc.`);
    return { ...castValue(compileValue(item, context), target, context), at };
  },
  collate: compileCollate,
  case: (syntax, context) => compileCase(syntax, context, compileValue),
  isNull: ({ item, negated: isNot, at }, context) => {
    const value = compileValue(item, context);
    return { type: bool, nullable: false, sql: suffixed(value.sql, isNot ? 'is not null' : 'is null'), at };
  },
  isBoolean: ({ item, test, negated: isNot, at }, context) => {
    const value = compileBoolean(item, context);
    return { type: bool, nullable: false, sql: suffixed(value.sql, `is ${isNot ? 'not ' : ''}${test}`), at };
  },
  distinctFrom: ({ left, right, negated: isNot, at }, context) =>
    distinctFrom(compileValue(left, context), compileValue(right, context), isNot, at),
  in: (syntax, context) => compileIn(syntax, context, compileValue),
  between: (syntax, context) => compileBetween(syntax, context, compileValue),
  like: (syntax, context) => compileLike(syntax, context, compileValue),
  quantified: (syntax, context) => compileQuantified(syntax, context, compileValue),
  array: (syntax, context) => compileArray(syntax, context, compileValue),
  subscript: (syntax, context) => compileSubscript(syntax, context, compileValue),
  now: ({ what, at }, context) => {
    context.usesRunInstant = true;
    const instant = primary(runInstant);
    return { type: scalar(what), nullable: false, sql: what === 'date' ? castTo(instant, 'date') : instant, at };
  },
  call: (syntax, context) => compileCall(syntax, context, compileValue),
};

function compileValue(syntax: Syntax, context: Context): Value {
  const value = (handlers[syntax.kind] as (syntax: Syntax, context: Context) => Value)(syntax, context);
  context.collations.note(syntax, value, context);
  return value;
}

function compileBoolean(syntax: Syntax, context: Context): Value {
  return asBoolean(compileValue(syntax, context));
}

function compileCollate({ item, collation, at }: Extract<Syntax, { kind: 'collate' }>, context: Context): Value {
  const value = compileValue(item, context);
  const typed = value.type.kind === 'unknown' ? constantAs(value, text) : value;
  if (!isText(typed.type))
    throw new Refusal('type-mismatch', at, `A collation orders text, and this is ${formatType(typed.type)}.`);
  if (byteCollations.has(collation)) return typed;
  throw new Refusal('not-translatable', at, `Spark orders text by bytes only: write collate "C".`);
}

function compileJunction({ kind, items, at }: Extract<Syntax, { kind: 'and' | 'or' }>, context: Context): Value {
  const values = items.map((item) => compileBoolean(item, context));
  return {
    type: bool,
    nullable: values.some(({ nullable }) => nullable),
    sql: joined(
      values.map(({ sql }) => sql),
      kind,
    ),
    at,
  };
}
