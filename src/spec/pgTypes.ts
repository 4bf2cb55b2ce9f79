/** PostgreSQL's type names, between text and data. */
import type { PgType, ScalarName } from './pgType.ts';

/** Reads a type as `format_type` writes it, or by one of SQL's other names; a name it does not know becomes `other`. */
export function parsePgType(text: string): PgType {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  const array = /^(.*?)\s*(?:\[\d*\]|\barray\b)$/i.exec(trimmed);
  if (array?.[1]) return { kind: 'array', element: elementOf(parsePgType(array[1])) };
  const match = /^([^(]+?)\s*(?:\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?\))?(\s+[a-z ]+)?$/i.exec(trimmed);
  if (!match) return { kind: 'other', name: trimmed };
  const [, base = '', first, second, suffix = ''] = match;
  const name = names.get(
    `${base}${suffix}`
      .toLowerCase()
      .trim()
      .replace(/^pg_catalog\./, ''),
  );
  if (name === undefined) return { kind: 'other', name: trimmed };
  return scalarOf(name, { first: numberOf(first), second: numberOf(second), written: trimmed });
}

/** As `format_type` writes it. */
export function formatPgType(type: PgType): string {
  switch (type.kind) {
    case 'array':
      return `${formatPgType(type.element)}[]`;
    case 'unknown':
      return 'unknown';
    case 'other':
      return type.name;
    case 'scalar':
      return formatScalar(type);
  }
}

/** Two types that PostgreSQL writes the same. */
export const samePgType = (a: PgType, b: PgType): boolean => formatPgType(a) === formatPgType(b);

export const scalar = (name: Exclude<ScalarName, 'numeric' | 'varchar' | 'bpchar'>): PgType => ({
  kind: 'scalar',
  name,
});
export const numeric = (precision?: number, scale?: number): PgType => ({
  kind: 'scalar',
  name: 'numeric',
  ...(precision !== undefined && { precision, scale: scale ?? 0 }),
});

interface Modifiers {
  readonly first: number | undefined;
  readonly second: number | undefined;
  readonly written: string;
}

function scalarOf(name: ScalarName, { first, second, written }: Modifiers): PgType {
  switch (name) {
    case 'numeric':
      return numeric(first, second);
    case 'varchar':
      return { kind: 'scalar', name, ...(first !== undefined && { length: first }) };
    case 'bpchar':
      return { kind: 'scalar', name, ...(written.toLowerCase() !== 'bpchar' && { length: first ?? 1 }) };
    default:
      // A precision of a time is kept by name: nothing else in the compiler reasons about it.
      return first === undefined || first === 6 ? { kind: 'scalar', name } : { kind: 'other', name: written };
  }
}

/** PostgreSQL knows one array type for every number of dimensions. */
const elementOf = (type: PgType): PgType => (type.kind === 'array' ? type.element : type);

const numberOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);

function formatScalar(type: Extract<PgType, { kind: 'scalar' }>): string {
  switch (type.name) {
    case 'numeric':
      return type.precision === undefined ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'varchar':
      return type.length === undefined ? 'character varying' : `character varying(${type.length})`;
    case 'bpchar':
      return type.length === undefined ? 'bpchar' : `character(${type.length})`;
    default:
      return written[type.name];
  }
}

const written: Readonly<Record<Exclude<ScalarName, 'numeric' | 'varchar' | 'bpchar'>, string>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  text: 'text',
  name: 'name',
  date: 'date',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  interval: 'interval',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  bytea: 'bytea',
};

const aliases: Readonly<Record<ScalarName, readonly string[]>> = {
  bool: ['boolean'],
  int2: ['smallint', 'smallserial', 'serial2'],
  int4: ['integer', 'int', 'serial', 'serial4'],
  int8: ['bigint', 'bigserial', 'serial8'],
  float4: ['real'],
  float8: ['double precision', 'float'],
  numeric: ['decimal', 'dec'],
  text: [],
  varchar: ['character varying', 'char varying'],
  bpchar: ['character', 'char'],
  name: [],
  date: [],
  time: ['time without time zone'],
  timetz: ['time with time zone'],
  timestamp: ['timestamp without time zone'],
  timestamptz: ['timestamp with time zone'],
  interval: [],
  json: [],
  jsonb: [],
  uuid: [],
  bytea: [],
};

const names: ReadonlyMap<string, ScalarName> = new Map(
  (Object.keys(aliases) as ScalarName[]).flatMap((name) =>
    [name, ...aliases[name]].map((word) => [word, name] as const),
  ),
);

/** Words of other systems, and the PostgreSQL type that their writer most likely means. */
export const foreignTypes: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['str', 'text'],
  ['nvarchar', 'text'],
  ['varchar2', 'text'],
  ['clob', 'text'],
  ['double', 'double precision'],
  ['number', 'numeric'],
  ['long', 'bigint'],
  ['int64', 'bigint'],
  ['int32', 'integer'],
  ['int16', 'smallint'],
  ['short', 'smallint'],
  ['tinyint', 'smallint'],
  ['datetime', 'timestamp'],
  ['datetime2', 'timestamp'],
  ['timestamp_ntz', 'timestamp'],
  ['timestamp_ltz', 'timestamptz'],
  ['binary', 'bytea'],
  ['blob', 'bytea'],
  ['object', 'jsonb'],
  ['variant', 'jsonb'],
  ['struct', 'jsonb'],
  ['map', 'jsonb'],
]);
