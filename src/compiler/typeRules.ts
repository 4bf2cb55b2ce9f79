/** PostgreSQL's rules about which types go together. */
import type { PgType, ScalarName } from '../spec/pgType.ts';
import { formatPgType, samePgType } from '../spec/pgTypes.ts';

/** The categories of `pg_type.typcategory`, as far as they decide anything here. */
type Category = 'number' | 'text' | 'datetime' | 'interval' | 'boolean' | 'other';

const categories: Readonly<Record<ScalarName, Category>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  date: 'datetime',
  time: 'datetime',
  timetz: 'datetime',
  timestamp: 'datetime',
  timestamptz: 'datetime',
  interval: 'interval',
  json: 'other',
  jsonb: 'other',
  uuid: 'other',
  bytea: 'other',
};

/** From each type to those that it becomes without being asked; each list is complete, no step is to be repeated. */
const implicitCasts: Readonly<Partial<Record<ScalarName, readonly ScalarName[]>>> = {
  int2: ['int4', 'int8', 'numeric', 'float4', 'float8'],
  int4: ['int8', 'numeric', 'float4', 'float8'],
  int8: ['numeric', 'float4', 'float8'],
  numeric: ['float4', 'float8'],
  float4: ['float8'],
  text: ['varchar', 'bpchar', 'name'],
  varchar: ['text', 'bpchar', 'name'],
  bpchar: ['text', 'varchar', 'name'],
  name: ['text'],
  date: ['timestamp', 'timestamptz'],
  timestamp: ['timestamptz'],
  time: ['timetz'],
};

/** What INSERT converts although it may lose something. */
const assignmentCasts: Readonly<Partial<Record<ScalarName, readonly ScalarName[]>>> = {
  int4: ['int2'],
  int8: ['int4', 'int2'],
  numeric: ['int2', 'int4', 'int8'],
  float4: ['int2', 'int4', 'int8', 'numeric'],
  float8: ['int2', 'int4', 'int8', 'numeric', 'float4'],
  timestamp: ['date', 'time'],
  timestamptz: ['timestamp', 'date', 'time', 'timetz'],
  timetz: ['time'],
  interval: ['time'],
  time: ['interval'],
  json: ['jsonb'],
  jsonb: ['json'],
  name: ['varchar', 'bpchar'],
};

const preferred = new Set<ScalarName>(['bool', 'float8', 'text', 'timestamptz', 'interval']);

export const text: PgType = { kind: 'scalar', name: 'text' };

/** What an output column of this type is: a bare literal becomes text. */
export const settled = (type: PgType): PgType => (type.kind === 'unknown' ? text : type);

/** The type that PostgreSQL gives a UNION, CASE or COALESCE of the two; nothing where it refuses. */
export function commonType(a: PgType, b: PgType): PgType | undefined {
  if (samePgType(a, b)) return a;
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown') return a;
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element && { kind: 'array', element };
  }
  if (a.kind !== 'scalar' || b.kind !== 'scalar') return undefined;
  if (a.name === b.name) return withoutModifier(a);
  if (categories[a.name] !== categories[b.name]) return undefined;
  const [forth, back] = [castsImplicitly(a.name, b.name), castsImplicitly(b.name, a.name)];
  if (!preferred.has(a.name) && forth && !back) return withoutModifier(b);
  return back ? withoutModifier(a) : forth ? withoutModifier(b) : undefined;
}

/** Whether `a = b` is an operator. */
export function comparable(a: PgType, b: PgType): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true;
  if (!hasEquality(a) || !hasEquality(b)) return false;
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    const category = categories[a.name];
    if (category === 'number' || category === 'text') return categories[b.name] === category;
  }
  return commonType(a, b) !== undefined;
}

const withoutEquality = new Set(['xml', 'point', 'box', 'polygon', 'path', 'line', 'circle', 'lseg']);

export function hasEquality(type: PgType): boolean {
  switch (type.kind) {
    case 'array':
      return hasEquality(type.element);
    case 'other':
      return !withoutEquality.has(type.name);
    case 'scalar':
      // Spark holds an interval as text, and to PostgreSQL 1 mon is 30 days.
      return type.name !== 'json' && type.name !== 'interval';
    case 'unknown':
      return true;
  }
}

export type Assignment = 'same' | 'safe' | 'lossy' | 'refused';

/** What becomes of a value on its way into a column of another type. */
export function assignment(from: PgType, to: PgType): Assignment {
  if (from.kind === 'unknown' || samePgType(from, to)) return 'same';
  if (from.kind === 'array' && to.kind === 'array') return assignment(from.element, to.element);
  if (to.kind === 'other' && from.kind === 'other') return from.name === to.name ? 'same' : 'refused';
  if (from.kind !== 'scalar') return to.kind === 'scalar' && categories[to.name] === 'text' ? fitsText(to) : 'refused';
  // Such types have no operators here: a text is the only way to make a value of them.
  const madeOfText = to.kind === 'other' || (to.kind === 'scalar' && ['uuid', 'json', 'jsonb'].includes(to.name));
  if (madeOfText && categories[from.name] === 'text') return 'lossy';
  if (to.kind !== 'scalar') return 'refused';
  // Every type has a text form, and PostgreSQL writes it into text columns by itself.
  if (categories[to.name] === 'text' && categories[from.name] !== 'text') return fitsText(to);
  if (from.name === to.name || castsImplicitly(from.name, to.name)) return fits(from, to) ? 'safe' : 'lossy';
  return assignmentCasts[from.name]?.includes(to.name) ? assigned(from.name, to.name) : 'refused';
}

const assigned = (from: ScalarName, to: ScalarName): Assignment =>
  to === 'jsonb' || to === 'json' || (from === 'time' && to === 'interval') ? 'safe' : 'lossy';

export const isOrdered = (type: PgType): boolean =>
  type.kind === 'scalar' && ['number', 'datetime'].includes(categories[type.name]);

export const isNumber = (type: PgType): boolean => type.kind === 'scalar' && categories[type.name] === 'number';
export const isText = (type: PgType): boolean => type.kind === 'scalar' && categories[type.name] === 'text';
export const isInteger = (type: PgType): boolean =>
  type.kind === 'scalar' && (type.name === 'int2' || type.name === 'int4' || type.name === 'int8');
export const isTimestamp = (type: PgType): boolean =>
  type.kind === 'scalar' && (type.name === 'timestamp' || type.name === 'timestamptz');
export const isBoolean = (type: PgType): boolean => type.kind === 'scalar' && type.name === 'bool';

export const words = (type: PgType): string => formatPgType(type);

type Scalar = Extract<PgType, { kind: 'scalar' }>;

const castsImplicitly = (from: ScalarName, to: ScalarName): boolean => implicitCasts[from]?.includes(to) ?? false;

const withoutModifier = (type: Scalar): PgType => ({ kind: 'scalar', name: type.name });

const integerDigits: Readonly<Partial<Record<ScalarName, number>>> = { int2: 5, int4: 10, int8: 19 };

/** Whether every value of `from` has its place in `to`, digits and letters counted. */
function fits(from: Scalar, to: Scalar): boolean {
  if (to.name === 'numeric' && to.precision !== undefined) {
    const scale = to.scale ?? 0;
    const whole = to.precision - scale;
    const digits = integerDigits[from.name];
    if (digits !== undefined) return digits <= whole;
    if (from.name !== 'numeric' || from.precision === undefined) return false;
    return (from.scale ?? 0) <= scale && from.precision - (from.scale ?? 0) <= whole;
  }
  if ((to.name === 'varchar' || to.name === 'bpchar') && to.length !== undefined) {
    return (from.name === 'varchar' || from.name === 'bpchar') && from.length !== undefined && from.length <= to.length;
  }
  if (to.name === 'name') return from.name === 'name';
  if (to.name === 'float4') return from.name === 'float4' || from.name === 'int2';
  if (to.name === 'float8') return from.name !== 'int8' && from.name !== 'numeric';
  return true;
}

const fitsText = (to: Scalar): Assignment =>
  (to.name === 'varchar' || to.name === 'bpchar') && to.length !== undefined ? 'lossy' : 'safe';
