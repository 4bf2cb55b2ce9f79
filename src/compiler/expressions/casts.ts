/** Conversions from type to type: asked for (`::`) or implied. */
import type { PgType } from '../../spec/pgType.ts';
import { constantAs } from './constants.ts';
import type { Decimal } from './contract.ts';
import { decimalOf, maxPrecision, sparkDecimal } from './decimals.ts';
import { scaled, settle } from './openNumerics.ts';
import { Refusal } from './refusal.ts';
import { binary, callOf, castTo, textLiteral, type Sql } from './sparkSql.ts';
import {
  bool,
  categoryOf,
  formatType,
  isFloat,
  isInteger,
  isNumber,
  isText,
  nameOf,
  sameType,
  sparkType,
  text,
} from './types.ts';
import { decimalFor, type Context, type Value } from './value.ts';

/** `value::type` */
export function castValue(value: Value, type: PgType, context: Context): Value {
  checkDeclared(value, type);
  if (value.type.kind === 'unknown') return limited(constantAs(value, type), type);
  const plain = { type, nullable: value.nullable, at: value.at };
  if (nameOf(type) === 'numeric') return toNumeric(value, type, context);
  if (isText(type)) return { ...plain, sql: limitedText(toText(value), type) };
  if (sameType(value.type, type)) return { ...value, type };
  const convert = conversions[`${sourceName(value.type)} ${targetName(type)}`];
  if (convert) return { ...plain, sql: convert(value, context, type) };
  throw new Refusal('not-translatable', value.at, refusalFor(value.type, type));
}

/** The value under a type that it converts to implicitly; Spark's own widening is relied on for numbers and dates. */
export function widen(value: Value, type: PgType): Value {
  if (value.type.kind === 'unknown') return constantAs(value, type);
  if (sameType(value.type, type)) return value;
  if (isText(value.type) && isText(type)) return { ...value, type, sql: textOf(value) };
  if (isNumber(type) && nameOf(type) === 'numeric') return { ...value, type, decimal: decimalFor(value) };
  return { ...value, type };
}

/** The value as Spark's own type for `type`, where the place does not convert by itself. */
export function exactly(value: Value, type: PgType): Value {
  const wide = widen(value, type);
  if (value.type.kind === 'unknown' || sameType(value.type, type) || isText(type)) return wide;
  const decimal = nameOf(type) === 'numeric' ? decimalFor(value) : undefined;
  return { ...wide, sql: castTo(value.sql, sparkType(type, decimal)) };
}

/** A text value's characters: a character(n) loses its padding, as in PostgreSQL. */
export const textOf = (value: Value): Sql =>
  nameOf(value.type) === 'bpchar' && value.literal === undefined ? callOf('rtrim', value.sql) : value.sql;

/** The characters that LIKE and `~` look into: there a character(n) keeps its padding. */
export const subjectOf = (value: Value): Sql =>
  value.type.kind === 'unknown' ? constantAs(value, text).sql : value.sql;

/** A condition; a literal such as 'yes' becomes one. */
export function asBoolean(value: Value): Value {
  if (value.type.kind === 'unknown') return constantAs(value, bool);
  if (nameOf(value.type) === 'bool') return value;
  throw new Refusal('type-mismatch', value.at, `A condition has to be boolean, and this is ${formatType(value.type)}.`);
}

function checkDeclared(value: Value, type: PgType): void {
  if (nameOf(type) === 'bpchar') {
    throw new Refusal(
      'not-translatable',
      value.at,
      'Padding to character(n) cannot be translated: cast to text or varchar(n).',
    );
  }
  if (type.kind !== 'scalar' || type.name !== 'numeric' || type.precision === undefined) return;
  const scale = type.scale ?? 0;
  if (type.precision > maxPrecision || scale < 0 || scale > type.precision) {
    throw new Refusal(
      'numeric-too-wide',
      value.at,
      `Spark has no ${formatType(type)}: at most 38 digits, and a scale from 0 to the precision.`,
    );
  }
}

function limited(value: Value, type: PgType): Value {
  if (type.kind !== 'scalar') return value;
  if (type.name === 'varchar') return { ...value, sql: limitedText(value.sql, type) };
  if (value.literal?.kind === 'null') {
    const decimal = decimalOf(type);
    return { ...value, ...(type.name === 'numeric' && { decimal }), sql: castTo(value.sql, sparkType(type, decimal)) };
  }
  if (type.name !== 'numeric' || type.precision === undefined) return value;
  return declared(value, type, castTo(value.sql, sparkType(type)));
}

const limitedText = (sql: Sql, type: PgType): Sql =>
  type.kind === 'scalar' && type.name === 'varchar' && type.length !== undefined
    ? callOf('left', sql, String(type.length))
    : sql;

function declared(value: Value, type: PgType, sql: Sql): Value {
  return { type, nullable: value.nullable, at: value.at, decimal: decimalOf(type), sql };
}

function toNumeric(value: Value, type: PgType, context: Context): Value {
  const hasScale = type.kind === 'scalar' && type.name === 'numeric' && type.precision !== undefined;
  if (!hasScale) return toOpenNumeric(value, type);
  const target: Decimal = decimalOf(type);
  const spark = sparkDecimal(target);
  if (nameOf(value.type) === 'numeric') return declared(value, type, settle(value, target));
  if (isInteger(value.type)) return declared(value, type, castTo(value.sql, spark));
  if (nameOf(value.type) === 'float8')
    return declared(value, type, castTo(context.runtime('pg_float_digits', value.sql), spark));
  if (isText(value.type)) return declared(value, type, castTo(context.runtime('pg_number', textOf(value)), spark));
  throw new Refusal('not-translatable', value.at, refusalFor(value.type, type));
}

function toOpenNumeric(value: Value, type: PgType): Value {
  if (nameOf(value.type) === 'numeric') return { ...value, type };
  if (isInteger(value.type)) {
    const decimal = decimalFor(value);
    return {
      type,
      nullable: value.nullable,
      at: value.at,
      decimal,
      sql: castTo(value.sql, sparkDecimal(decimal)),
      whole: value.sql,
    };
  }
  const why = `How many digits ${formatType(value.type)} gives is open: cast to numeric(p,s), such as numeric(20,6).`;
  throw new Refusal('numeric-open-scale', value.at, why);
}

/** PostgreSQL's output text of a value. */
function toText(value: Value): Sql {
  if (isText(value.type)) return textOf(value);
  const name = nameOf(value.type);
  if (name === 'numeric' && (value.open || decimalFor(value).display !== 'scale')) {
    throw new Refusal(
      'numeric-open-scale',
      value.at,
      'How many digits the text has is open here: cast to numeric(p,s) first.',
    );
  }
  if (name === 'timestamptz') return binary(castTo(value.sql, 'string'), '||', textLiteral('+00'));
  if (name === 'uuid' || name === 'json' || name === 'jsonb' || name === 'interval') return value.sql;
  if (isFloat(value.type) || name === undefined || name === 'bytea' || name === 'time' || name === 'timetz') {
    throw new Refusal('not-translatable', value.at, refusalFor(value.type, text));
  }
  return castTo(scaled(value), 'string');
}

type Conversion = (value: Value, context: Context, type: PgType) => Sql;

const plainCast: Conversion = (value, _context, type) => castTo(value.whole ?? value.sql, sparkType(type));
const unchanged: Conversion = (value) => value.sql;
const parsed =
  (name: string): Conversion =>
  (value, context, type) =>
    castTo(context.runtime(name, textOf(value)), sparkType(type));

/** PostgreSQL rounds half away from zero where Spark cuts off. */
const roundedNumeric: Conversion = (value, _context, type) => {
  if (value.whole) return sparkType(type) === 'int' ? value.whole : castTo(value.whole, sparkType(type));
  if (value.open)
    return castTo(settle(value, { precision: maxPrecision, scale: 0, display: 'scale' }), sparkType(type));
  const whole = decimalFor(value).scale === 0 ? value.sql : callOf('round', value.sql);
  return castTo(whole, sparkType(type));
};

/** PostgreSQL rounds a double half to even. */
const roundedFloat: Conversion = (value, context, type) =>
  sparkType(type) === 'bigint'
    ? castTo(context.runtime('pg_float_to_bigint', value.sql), 'bigint')
    : castTo(callOf('rint', value.sql), sparkType(type));

const sourceName = (type: PgType): string => (isText(type) ? 'text' : (nameOf(type) ?? type.kind));
const targetName = (type: PgType): string => nameOf(type) ?? type.kind;

const integers = ['int2', 'int4', 'int8'];
const conversions: Readonly<Record<string, Conversion>> = {
  ...Object.fromEntries(integers.flatMap((from) => integers.map((to) => [`${from} ${to}`, plainCast]))),
  ...Object.fromEntries(integers.flatMap((from) => ['float4', 'float8'].map((to) => [`${from} ${to}`, plainCast]))),
  ...Object.fromEntries(integers.map((to) => [`numeric ${to}`, roundedNumeric])),
  ...Object.fromEntries(integers.map((to) => [`float8 ${to}`, roundedFloat])),
  ...Object.fromEntries(integers.map((to) => [`float4 ${to}`, roundedFloat])),
  ...Object.fromEntries(integers.map((to) => [`text ${to}`, parsed('pg_integer')])),
  'numeric float8': plainCast,
  'float4 float8': plainCast,
  'bool int4': plainCast,
  'int4 bool': plainCast,
  'text bool': parsed('pg_boolean'),
  'text float8': parsed('pg_float'),
  'text date': parsed('pg_date'),
  'text timestamp': parsed('pg_timestamp'),
  'text timestamptz': parsed('pg_timestamptz'),
  'text interval': (value, context) => context.runtime('pg_interval', textOf(value)),
  'text json': (value, context) => context.runtime('pg_json', textOf(value)),
  'text jsonb': (value, context) => context.runtime('pg_jsonb', textOf(value)),
  'json jsonb': (value, context) => context.runtime('pg_jsonb', value.sql),
  'jsonb json': unchanged,
  'date timestamp': plainCast,
  'date timestamptz': plainCast,
  'timestamp date': plainCast,
  'timestamptz date': plainCast,
  'timestamp timestamptz': unchanged,
  'timestamptz timestamp': unchanged,
};

function refusalFor(from: PgType, to: PgType): string {
  const way =
    isFloat(from) && categoryOf(to) === 'string' ? 'cast it to numeric(p,s) first' : 'use a `sql` or `python` step';
  return `A cast from ${formatType(from)} to ${formatType(to)} cannot be translated exactly: ${way}.`;
}
