/** The count and the fingerprint of a step's rows, told by PostgreSQL; python/datamorph/fingerprints.py says what it is. */
import type { PgType } from '../../spec/pgType.ts';
import { identifier } from './identifier.ts';

export interface FingerprintColumn {
  readonly name: string;
  readonly type: PgType;
}

/** A statement that gives `rows` and `fingerprint`, both as text, of what `select` gives; columns in the given order. */
export function fingerprintSql(select: string, columns: readonly FingerprintColumn[]): string {
  const values = columns.map(({ name, type }) => tagged(canonical(`step.${identifier(name)}`, type)));
  const row = ["''", ...values].join('\n    || ');
  return `select count(*)::text as rows,
  coalesce(sum(${hashOf(row)}), 0)::text as fingerprint
from (
${select}
) as step`;
}

/** A row's values as one text: equal where the values are, on whichever server it is told. */
export const rowText = (values: readonly CanonicalValue[], exactly = false): string =>
  ["''", ...values.map((value) => tagged(canonicalText(value, exactly)))].join(' || ');

export interface CanonicalValue {
  /** As SQL. */
  readonly value: string;
  readonly type: PgType;
}

/** One value's text; `exactly` keeps every place of a numeric, where both sides are PostgreSQL. */
export const canonicalText = ({ value, type }: CanonicalValue, exactly = false): string =>
  exactly && type.kind === 'scalar' && type.name === 'numeric' ? `trim_scale(${value})::text` : canonical(value, type);

/** What a row's text comes to in the sums of fingerprints. */
export const hashOf = (text: string): string => `('x' || substr(md5(${text}), 1, 16))::bit(64)::bigint::numeric`;

const tagged = (text: string): string => `coalesce(length(${text}) || ':' || ${text}, 'N')`;

const places = 9;

function canonical(value: string, type: PgType): string {
  if (type.kind === 'array') {
    const element = tagged(canonical('element', type.element));
    return `(select case when ${value} is not null then coalesce(string_agg(${element}, '' order by place), '') end from unnest(${value}) with ordinality as elements (element, place))`;
  }
  if (type.kind !== 'scalar') return `${value}::text`;
  switch (type.name) {
    case 'numeric':
      return `trim_scale(round(${value}, ${places}))::text`;
    case 'float4':
      return floatText(value, 5);
    case 'float8':
      return floatText(value, 11);
    case 'date':
      return `case when isfinite(${value}) then (${value} - date '1970-01-01')::text else ${value}::text end`;
    case 'timestamp':
    case 'timestamptz':
      return `round(extract(epoch from ${value}) * 1000000)::text`;
    case 'bytea':
      return `encode(${value}, 'hex')`;
    case 'bool':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'time':
    case 'timetz':
    case 'interval':
    case 'json':
    case 'jsonb':
    case 'uuid':
      return `${value}::text`;
  }
}

/** The shortest text that means this number, rounded in decimal: what Java's formatter does. */
const floatText = (value: string, digits: number): string =>
  `case when ${value}::text in ('NaN', 'Infinity', '-Infinity') then ${value}::text ` +
  `else ltrim(to_char(${value}::float8::text::numeric, '9.${'9'.repeat(digits)}EEEE')) end`;
