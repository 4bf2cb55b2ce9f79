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
  coalesce(sum(('x' || substr(md5(${row}), 1, 16))::bit(64)::bigint::numeric), 0)::text as fingerprint
from (
${select}
) as step`;
}

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
      return `(${value} - date '1970-01-01')::text`;
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
