/** PostgreSQL's types: names, families, implicit casts, and the Spark type that holds each. */
import type { PgType, ScalarName } from '../../spec/pgType.ts';
import type { Decimal } from './contract.ts';
import { decimalOf, sparkDecimal } from './decimals.ts';
import type { TypeSyntax } from './syntax.ts';

/** The scalar types that functions speak of; `text` takes varchar and bpchar in. */
export type TypeName = ScalarName;

export const scalar = (name: ScalarName): PgType => ({ kind: 'scalar', name });
export const arrayOf = (element: PgType): PgType => ({ kind: 'array', element });
export const unknownType: PgType = { kind: 'unknown' };

export const bool = scalar('bool');
export const int4 = scalar('int4');
export const int8 = scalar('int8');
export const float8 = scalar('float8');
export const numeric = scalar('numeric');
export const text = scalar('text');

/** The scalar's name, or nothing for arrays and the like. */
export const nameOf = (type: PgType): ScalarName | undefined => (type.kind === 'scalar' ? type.name : undefined);

const displayNames: Readonly<Partial<Record<ScalarName, string>>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  varchar: 'character varying',
  bpchar: 'character',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

/** As `format_type` writes it. */
export function formatType(type: PgType): string {
  switch (type.kind) {
    case 'unknown':
      return 'unknown';
    case 'other':
      return type.name;
    case 'array':
      return `${formatType(type.element)}[]`;
    case 'scalar': {
      const name = displayNames[type.name] ?? type.name;
      if (type.name === 'numeric' && type.precision !== undefined)
        return `${name}(${type.precision},${type.scale ?? 0})`;
      if ((type.name === 'varchar' || type.name === 'bpchar') && type.length !== undefined)
        return `${name}(${type.length})`;
      return name;
    }
  }
}

const aliases: Readonly<Record<string, ScalarName>> = { character: 'bpchar', decimal: 'numeric', float: 'float8' };
const known = new Set<string>([
  ...[
    'bool',
    'int2',
    'int4',
    'int8',
    'float4',
    'float8',
    'numeric',
    'text',
    'varchar',
    'bpchar',
    'name',
    'date',
    'time',
  ],
  ...['timetz', 'timestamp', 'timestamptz', 'interval', 'json', 'jsonb', 'uuid', 'bytea'],
]);

/** The type that a cast names; nothing where expressions do not know it. */
export function typeFromSyntax(syntax: TypeSyntax): PgType | undefined {
  const name = aliases[syntax.name] ?? syntax.name;
  if (!known.has(name)) return undefined;
  const element = withModifiers(name as ScalarName, syntax.modifiers);
  return syntax.isArray ? arrayOf(element) : element;
}

function withModifiers(name: ScalarName, [first, second]: readonly number[]): PgType {
  if (name === 'numeric') {
    return first === undefined ? numeric : { kind: 'scalar', name, precision: first, scale: second ?? 0 };
  }
  if (name === 'varchar' || name === 'bpchar') {
    return first === undefined ? { kind: 'scalar', name } : { kind: 'scalar', name, length: first };
  }
  return scalar(name);
}

export type Category = 'boolean' | 'number' | 'string' | 'datetime' | 'interval' | 'array' | 'unknown' | 'user';

const categories: Readonly<Record<ScalarName, Category>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  numeric: 'number',
  float4: 'number',
  float8: 'number',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  name: 'string',
  date: 'datetime',
  time: 'datetime',
  timetz: 'datetime',
  timestamp: 'datetime',
  timestamptz: 'datetime',
  interval: 'interval',
  json: 'user',
  jsonb: 'user',
  uuid: 'user',
  bytea: 'user',
};

export function categoryOf(type: PgType): Category {
  if (type.kind === 'scalar') return categories[type.name];
  return type.kind === 'other' ? 'user' : type.kind;
}

export const isNumber = (type: PgType): boolean => categoryOf(type) === 'number';
export const isText = (type: PgType): boolean => categoryOf(type) === 'string';
export const isInteger = (type: PgType): boolean => ['int2', 'int4', 'int8'].includes(nameOf(type) ?? '');
export const isFloat = (type: PgType): boolean => ['float4', 'float8'].includes(nameOf(type) ?? '');

/** From narrow to wide: a number converts implicitly to any that stands further right. */
const ladder: readonly ScalarName[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
const datetimes: readonly ScalarName[] = ['date', 'timestamp', 'timestamptz'];

/** Whether PostgreSQL converts the one to the other without being asked. */
export function convertsImplicitly(from: PgType, to: PgType): boolean {
  if (from.kind === 'unknown' || sameType(from, to)) return true;
  const [source, target] = [nameOf(from), nameOf(to)];
  if (!source || !target) return false;
  if (isNumber(from) && isNumber(to)) return ladder.indexOf(source) <= ladder.indexOf(target);
  if (isText(from) && isText(to)) return target !== 'name';
  const [earlier, later] = [datetimes.indexOf(source), datetimes.indexOf(target)];
  return earlier >= 0 && later >= 0 && earlier <= later;
}

/** Equal but for length, precision and scale. */
export function sameType(left: PgType, right: PgType): boolean {
  if (left.kind === 'scalar' && right.kind === 'scalar') return left.name === right.name;
  if (left.kind === 'array' && right.kind === 'array') return sameType(left.element, right.element);
  if (left.kind === 'other' && right.kind === 'other') return left.name === right.name;
  return left.kind === 'unknown' && right.kind === 'unknown';
}

/** The type that PostgreSQL gives to CASE, COALESCE, arrays and the like over these; nothing where they do not go together. */
export function commonType(types: readonly PgType[]): PgType | undefined {
  const typed = types.filter((type) => type.kind !== 'unknown');
  const [first, ...others] = typed;
  if (!first) return text;
  let common = first;
  for (const type of others) {
    if (categoryOf(type) !== categoryOf(common)) return undefined;
    if (sameType(type, common)) continue;
    const wider = convertsImplicitly(common, type) && !convertsImplicitly(type, common) && !isPreferred(common);
    if (wider) common = type;
    else if (!convertsImplicitly(type, common)) return undefined;
  }
  return typed.every((type) => sameDeclaration(type, common)) ? common : withoutModifiers(common);
}

export const isPreferred = (type: PgType): boolean =>
  ['bool', 'float8', 'text', 'timestamptz', 'interval'].includes(nameOf(type) ?? '');

const sameDeclaration = (left: PgType, right: PgType): boolean => formatType(left) === formatType(right);

export const withoutModifiers = (type: PgType): PgType => (type.kind === 'scalar' ? scalar(type.name) : type);

/** The Spark type that holds a value of this type in a data frame. */
export function sparkType(type: PgType, decimal?: Decimal): string {
  switch (type.kind) {
    case 'array':
      return `array<${sparkType(type.element, decimal)}>`;
    case 'scalar':
      return type.name === 'numeric' ? sparkDecimal(decimal ?? decimalOf(type)) : scalarSparkTypes[type.name];
    case 'unknown':
    case 'other':
      return 'string';
  }
}

const scalarSparkTypes: Readonly<Record<Exclude<ScalarName, 'numeric'>, string>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'int',
  int8: 'bigint',
  float4: 'float',
  float8: 'double',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  name: 'string',
  date: 'date',
  // Both are instants to Spark; under a session in UTC a timestamp without zone is its wall clock.
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  time: 'string',
  timetz: 'string',
  interval: 'string',
  json: 'string',
  jsonb: 'string',
  uuid: 'string',
  bytea: 'binary',
};
