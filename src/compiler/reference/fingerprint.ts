/**
 * Count and fingerprint of a step's rows as PostgreSQL sees them, to be compared with what a traced run reports. The text
 * of each type is written down in python/datamorph/fingerprints.py; both sides must agree to the letter.
 */
import type { PgType } from '../../spec/pgType.ts';
import type { Column, ResolvedSpec } from '../resolved.ts';
import { identifier } from './identifier.ts';
import type { Reference } from './reference.ts';
import { indent, list } from './select.ts';

export interface TracedStep {
  readonly step: string;
  /** The columns of the step in the script, in its order: those that nothing reads are not there. */
  readonly columns: readonly string[];
}

export interface TracedSpec {
  readonly resolved: ResolvedSpec;
  readonly reference: Reference;
}

/** A statement that gives one row, `count` and `fingerprint`; nothing where the step or a column of it has no SQL. */
export function fingerprintSql({ resolved, reference }: TracedSpec, traced: TracedStep): string | undefined {
  const rows = reference.steps.get(traced.step);
  const known = resolved.steps.find(({ step }) => step.name === traced.step)?.columns ?? [];
  const columns = traced.columns.map((name) => known.find((column) => column.name === name));
  if (rows === undefined || !columns.every((column) => column !== undefined)) return undefined;
  return [
    'select count(*) as count, coalesce(sum(traced.number), 0) as fingerprint',
    'from (',
    ...indent(list('select', [`${rowNumber(columns)} as number`])),
    '  from (',
    rows,
    '  ) as step_rows',
    ') as traced',
  ].join('\n');
}

/** The first 60 bits of the row text's MD5. An array, because a function takes 100 arguments at most. */
function rowNumber(columns: readonly Column[]): string {
  const texts = columns.map(({ name, type }) => marked(identifier(name), type));
  const row = `array_to_string(cast(array[${texts.join(', ')}] as text[]), E'\\x1f')`;
  return `cast(cast('x' || left(md5(convert_to(${row}, 'UTF8')), 15) as bit(60)) as bigint)`;
}

const marked = (value: string, type: PgType): string => `coalesce('=' || ${canonical(value, type)}, '-')`;

function canonical(value: string, type: PgType): string {
  if (type.kind === 'array') return arrayText(value, type.element);
  return type.kind === 'scalar' ? scalarText(value, type.name) : asText(value);
}

function scalarText(value: string, name: Extract<PgType, { kind: 'scalar' }>['name']): string {
  switch (name) {
    case 'numeric':
      return asText(`trim_scale(round(${value}, 6))`);
    case 'float4':
    case 'float8':
      return `case when ${value} in ('NaN', 'Infinity', '-Infinity') then ${asText(value)} when ${value} is not null then 'number' end`;
    case 'date':
      return finite(value, `${value} - date '1970-01-01'`);
    case 'timestamp':
    case 'timestamptz':
      return finite(value, `cast(extract(epoch from ${value}) * 1000000 as bigint)`);
    case 'bytea':
      return `encode(${value}, 'hex')`;
    default:
      return asText(value);
  }
}

const asText = (value: string): string => `cast(${value} as text)`;

const finite = (value: string, number: string): string =>
  `case when isfinite(${value}) then ${asText(number)} else ${asText(value)} end`;

function arrayText(value: string, element: PgType): string {
  const elements = `select string_agg(${marked('item', element)}, ',' order by place) from unnest(${value}) with ordinality as items (item, place)`;
  return `case when ${value} is not null then '[' || coalesce((${elements}), '') || ']' end`;
}
