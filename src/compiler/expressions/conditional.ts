/** CASE, COALESCE and their kin, IN, BETWEEN and ANY: forms whose operands find a type together. */
import type { PgType } from '../../spec/pgType.ts';
import { exactly, widen } from './casts.ts';
import { constantAs } from './constants.ts';
import { commonDecimal } from './decimals.ts';
import { compare, comparands, numberType } from './operators.ts';
import { Refusal, type Place } from './refusal.ts';
import { at as atLevel, binary, callOf, castTo, joined, level, primary, suffixed, type Sql } from './sparkSql.ts';
import type { CallSyntax, Syntax } from './syntax.ts';
import { bool, commonType, formatType, isInteger, isNumber, nameOf, sameType, sparkType } from './types.ts';
import { decimalFor, isNull, type CompileValue, type Context, type Value } from './value.ts';

type Of<Kind extends Syntax['kind']> = Extract<Syntax, { kind: Kind }>;

/** The values under the type that PostgreSQL finds for all of them. */
export function unify(
  values: readonly Value[],
  what: string,
  at: Place,
): { readonly values: readonly Value[]; readonly type: PgType } {
  const type = commonType(values.map((value) => value.type));
  if (!type) {
    const types = [...new Set(values.map((value) => formatType(value.type)))].join(' and ');
    throw new Refusal('type-mismatch', at, `${what} cannot mix ${types}: cast one of them.`);
  }
  const float = nameOf(type) === 'float4';
  const unified = values.map((value) => {
    const wide = widen(value, type);
    return float && nameOf(value.type) !== 'float4' ? { ...wide, sql: castTo(wide.sql, 'float') } : wide;
  });
  return { values: unified, type };
}

/** How Spark holds the common value of these branches. */
export function unifiedDecimal(values: readonly Value[], type: PgType): Pick<Value, 'decimal'> {
  if (nameOf(type) !== 'numeric') return {};
  const kept = values.filter((value) => !isNull(value));
  const zeroes = kept.filter((value) => value.literal && 'text' in value.literal && Number(value.literal.text) === 0);
  const others = kept.filter((value) => !zeroes.includes(value));
  const decimal = commonDecimal(kept.map(decimalFor));
  // A zero that is written out with fewer digits matters to its text only, not to a division.
  const solid = others.length > 0 ? commonDecimal(others.map(decimalFor)) : decimal;
  const display =
    zeroes.length > 0 && decimal.display === 'open' && solid.display !== 'open' ? 'scaleOrZero' : decimal.display;
  return { decimal: { ...decimal, display } };
}

export function compileCase(syntax: Of<'case'>, context: Context, compile: CompileValue): Value {
  const { at } = syntax;
  const subject = syntax.subject && compile(syntax.subject, context);
  const whens = syntax.branches.map(({ when }) => {
    const value = compile(when, context);
    if (subject) return { value, test: compare('=', subject, value, { at: value.at }) };
    const condition = value.type.kind === 'unknown' ? constantAs(value, bool) : value;
    if (nameOf(condition.type) !== 'bool') {
      throw new Refusal(
        'type-mismatch',
        value.at,
        `A condition has to be boolean, and this is ${formatType(value.type)}.`,
      );
    }
    return { value, test: condition };
  });
  const results = syntax.branches.map(({ then }) => compile(then, context));
  const otherwise = syntax.otherwise && compile(syntax.otherwise, context);
  const { values, type } = unify([...results, ...(otherwise ? [otherwise] : [])], 'The branches of CASE', at);
  const branches = whens.map(({ test }, index) => `when ${test.sql.text} then ${values[index]?.sql.text ?? 'null'}`);
  const rest = otherwise ? ` else ${values.at(-1)?.sql.text ?? 'null'}` : '';
  const sql = typedWhenNull(primary(`case ${branches.join(' ')}${rest} end`), values, type);
  return {
    type,
    nullable: !otherwise || values.some((value) => value.nullable),
    sql,
    ...unifiedDecimal(values, type),
    at,
  };
}

/** Branches that are all NULL have no type in Spark. */
function typedWhenNull(sql: Sql, values: readonly Value[], type: PgType): Sql {
  return values.every(isNull) ? castTo(sql, sparkType(type)) : sql;
}

/** coalesce, greatest, least and nullif. */
export function compileConditionalCall(syntax: CallSyntax, context: Context, compile: CompileValue): Value | undefined {
  const { name, at } = syntax;
  if (!['coalesce', 'greatest', 'least', 'nullif'].includes(name)) return undefined;
  const args = syntax.args.map((argument) => compile(argument, context));
  if (name === 'nullif') return nullIf(args, at);
  const { values, type } = unify(args, name.toUpperCase(), at);
  if (
    name !== 'coalesce' &&
    ['json', 'jsonb', 'bool', 'interval'].includes(nameOf(type) ?? '') &&
    nameOf(type) !== 'bool'
  ) {
    throw new Refusal('not-translatable', at, `${name} over ${formatType(type)} cannot be translated.`);
  }
  const [only] = values;
  const sql = values.length === 1 && only ? only.sql : callOf(name, ...values.map((value) => value.sql));
  const nullable = values.every((value) => value.nullable);
  return { type, nullable, sql: typedWhenNull(sql, values, type), ...unifiedDecimal(values, type), at };
}

function nullIf([left, right]: readonly Value[], at: Place): Value {
  if (!left || !right) throw new Refusal('no-such-signature', at, 'nullif takes two values.');
  const [first, second] = comparands('=', left, right, at);
  const typed = left.type.kind === 'unknown' ? widen(left, right.type) : comparedNumber(left, right);
  const same = first.text === typed.sql.text;
  const sql = same
    ? callOf('nullif', first, second)
    : primary(
        `case when ${binary(first, '<>', second).text} or ${suffixed(second, 'is null').text} then ${typed.sql.text} end`,
      );
  const decimal = nameOf(typed.type) === 'numeric' ? { decimal: decimalFor(typed) } : {};
  return { type: typed.type, nullable: true, sql, ...decimal, at };
}

/** There is no operator integer = numeric: PostgreSQL gives the number at the type in which it compares. */
function comparedNumber(left: Value, right: Value): Value {
  if (!isNumber(left.type) || !isNumber(right.type)) return left;
  const type = numberType(left.type, right.type);
  return isInteger(type) || sameType(type, left.type) ? left : exactly(left, type);
}

export function compileIn({ item, list, negated, at }: Of<'in'>, context: Context, compile: CompileValue): Value {
  const value = compile(item, context);
  const options = list.map((option) => compile(option, context));
  const nullable = value.nullable || options.some((option) => option.nullable);
  const pairs = options.map((option) => comparands('=', value, option, at));
  const [first] = pairs;
  if (!first || pairs.some(([left]) => left.text !== first[0].text)) {
    throw new Refusal('type-mismatch', at, 'The values of IN have different types: cast them to one.');
  }
  if (value.nullable && negated && options.some(isNull)) {
    const message = '`not in` with NULL among its values is never true.';
    context.warnings.push({
      code: 'type-mismatch',
      severity: 'warning',
      message,
      offset: at.offset,
      length: at.length,
    });
  }
  const values = pairs.map(([, right]) => right.text).join(', ');
  return { type: bool, nullable, sql: suffixed(first[0], `${negated ? 'not ' : ''}in (${values})`), at };
}

export function compileBetween(syntax: Of<'between'>, context: Context, compile: CompileValue): Value {
  const { negated, symmetric, at } = syntax;
  const [value, low, high] = [syntax.item, syntax.low, syntax.high].map((part) => compile(part, context));
  if (!value || !low || !high) throw new Refusal('expression-syntax', at, '`between` needs two bounds.');
  const nullable = value.nullable || low.nullable || high.nullable;
  const range = (from: Value, to: Value): Sql => {
    const [first, lower] = comparands('>=', value, from, at);
    const [second, upper] = comparands('<=', value, to, at);
    const not = negated ? 'not ' : '';
    const bounds = `${not}between ${atLevel(lower, level.additive)} and ${atLevel(upper, level.additive)}`;
    if (first.text === second.text) return suffixed(first, bounds);
    const tests = [binary(first, negated ? '<' : '>=', lower), binary(second, negated ? '>' : '<=', upper)];
    return joined(tests, negated ? 'or' : 'and');
  };
  const sql = symmetric ? joined([range(low, high), range(high, low)], negated ? 'and' : 'or') : range(low, high);
  return { type: bool, nullable, sql, at };
}

/** `x = any(array)` and `x <> all(array)`. */
export function compileQuantified(
  { operator, all, item, array, at }: Of<'quantified'>,
  context: Context,
  compile: CompileValue,
): Value {
  const [value, list] = [compile(item, context), compile(array, context)];
  if (list.type.kind !== 'array') {
    throw new Refusal('not-translatable', list.at, '`any` and `all` need an array: write array[...] or `in (...)`.');
  }
  const element: Value = {
    type: list.type.element,
    nullable: true,
    sql: primary('element'),
    at: list.at,
    ...(list.decimal && { decimal: list.decimal }),
  };
  if (context.scope.columns.some((column) => column.name === 'element')) {
    throw new Refusal('not-translatable', at, 'A column named `element` stands in the way of `any`: rename it.');
  }
  const test = compare(operator, value, element, { at });
  const sql = callOf(all ? 'forall' : 'exists', list.sql, `element -> ${test.sql.text}`);
  return { type: bool, nullable: true, sql, at };
}
