/** PostgreSQL's types as the compiler reasons about them; every name is the one in `pg_type`. */
export type ScalarName =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'varchar'
  | 'bpchar'
  | 'name'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'json'
  | 'jsonb'
  | 'uuid'
  | 'bytea';

export type PgType =
  | { readonly kind: 'scalar'; readonly name: Exclude<ScalarName, 'numeric' | 'varchar' | 'bpchar'> }
  | { readonly kind: 'scalar'; readonly name: 'numeric'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'scalar'; readonly name: 'varchar' | 'bpchar'; readonly length?: number }
  | { readonly kind: 'array'; readonly element: PgType }
  /** A literal whose type the context decides, such as `'2026-01-01'` or NULL. */
  | { readonly kind: 'unknown' }
  /** A type that is known by name only: enums, domains, ranges, geometry. */
  | { readonly kind: 'other'; readonly name: string };
