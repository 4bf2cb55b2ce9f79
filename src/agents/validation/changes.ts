/** Which rows differ and how: asked only where target and reference do not agree. */
import { identifier, identifiers, literal } from '../../compiler/reference/identifier.ts';
import { differencesSql, isCloseSql, isFloat, type ComparisonRequest } from '../comparison.ts';
import type { Snapshot } from './snapshot.ts';

export interface Changes {
  /** What pairs rows of both sides; empty where nothing does, and then no row is `changed`. */
  readonly keys: readonly string[];
  readonly missing: number;
  readonly unexpected: number;
  readonly changed: number;
  /** How many of the changed rows differ in a column; those in which none does are left out. */
  readonly byColumn: Readonly<Record<string, number>>;
  /** The first of each kind, in the order of the keys. */
  readonly rows: readonly DifferentRow[];
}

/** Rows are JSON texts, exactly as PostgreSQL writes them. */
export type DifferentRow =
  | { readonly kind: 'missing'; readonly expected: string }
  | { readonly kind: 'unexpected'; readonly actual: string }
  | { readonly kind: 'changed'; readonly expected: string; readonly actual: string; readonly cells: readonly string[] };

const rowsOfEach = 20;

export async function findChanges(
  snapshot: Snapshot,
  request: ComparisonRequest,
  keys: readonly string[],
): Promise<Changes> {
  const [row] = await snapshot.select<ChangesRow>(changesSql(request, keys));
  if (!row) throw new Error('The comparison returned no row.');
  const { missing, unexpected, changed, by_column: byColumn, rows } = row;
  return {
    keys,
    ...{ missing: Number(missing), unexpected: Number(unexpected), changed: Number(changed) },
    byColumn: Object.fromEntries(byColumn),
    rows: rows.map(differentRow),
  };
}

interface ChangesRow {
  readonly missing: string;
  readonly unexpected: string;
  readonly changed: string;
  readonly by_column: readonly (readonly [string, number])[];
  readonly rows: readonly FoundRow[];
}

interface FoundRow {
  readonly kind: DifferentRow['kind'];
  readonly expected: string | null;
  readonly actual: string | null;
  readonly cells: readonly string[] | null;
}

function differentRow({ kind, expected, actual, cells }: FoundRow): DifferentRow {
  switch (kind) {
    case 'missing':
      return { kind, expected: expected ?? '' };
    case 'unexpected':
      return { kind, actual: actual ?? '' };
    case 'changed':
      return { kind, expected: expected ?? '', actual: actual ?? '', cells: cells ?? [] };
  }
}

/**
 * Pairs what only one side has by the keys, and within a key by the whole row; what finds no partner is missing or
 * unexpected.
 */
export function changesSql(request: ComparisonRequest, keys: readonly string[]): string {
  const { columns } = request;
  const names = columns.map(({ name }) => name);
  const exact = columns.filter((column) => !isFloat(column)).map(({ name }) => name);
  const order = identifiers(exact.length > 0 ? exact : names);
  const numbered = (side: string): string =>
    `select *, row(${identifiers(keys)}) as datamorph_key, row_number() over (partition by ${identifiers(keys)} order by ${order}) as datamorph_place from ${side}`;
  // Rows as values, in which a NULL equals a NULL and which can be sorted: a join by keys that may be NULL takes every pair of rows.
  const same = 'm.datamorph_key = u.datamorph_key and m.datamorph_place = u.datamorph_place';
  const cells = columns
    .filter(({ name }) => !keys.includes(name))
    .map((column) => `case when ${isSame(column)} is not true then ${literal(column.name)} end`);
  const [left, right] = keys.length > 0 ? [numbered('missing'), numbered('unexpected')] : nobody;
  const sorted = identifiers(keys.length > 0 ? keys : names);
  return `${differencesSql(request)}, keyed_missing as materialized (${left}), keyed_unexpected as materialized (${right}),
paired as materialized (
  select ${keys
    .map((key) => `m.${identifier(key)}`)
    .concat('m.datamorph_place')
    .join(', ')},
    ${rowOf('m')} as expected, ${rowOf('u')} as actual,
    array_remove(array[${cells.join(', ') || 'null'}]::text[], null) as cells
  from keyed_missing m join keyed_unexpected u on ${same}
), lost as (
  select * from keyed_missing m where not exists (select from keyed_unexpected u where ${same})
), strange as (
  select * from keyed_unexpected u where not exists (select from keyed_missing m where ${same})
)
select (select count(*) from lost) as missing, (select count(*) from strange) as unexpected,
  (select count(*) from paired) as changed,
  coalesce((select json_agg(json_build_array(cell, rows) order by cell) from (
    select cell, count(*) as rows from paired, unnest(cells) as cell group by cell
  ) as counted), '[]') as by_column,
  coalesce((select json_agg(example) from (
    (select 'changed' as kind, expected::text, actual::text, cells from paired ${keys.length > 0 ? `order by ${sorted} ` : ''}limit ${rowsOfEach})
    union all
    (select 'missing', ${rowOf('lost')}::text, null, null from lost order by ${sorted} limit ${rowsOfEach})
    union all
    (select 'unexpected', null, ${rowOf('strange')}::text, null from strange order by ${sorted} limit ${rowsOfEach})
  ) as example), '[]') as rows`;
}

const rowOf = (side: string): string => `(to_jsonb(${side}) - 'datamorph_key' - 'datamorph_place')`;

/** Without a key nothing is paired: the place of a missing row is no place of an unexpected one. */
const nobody = [
  'select *, row() as datamorph_key, 1 as datamorph_place from missing',
  'select *, row() as datamorph_key, 2 as datamorph_place from unexpected',
] as const;

const isSame = (column: { readonly name: string; readonly type: string }): string =>
  isFloat(column)
    ? isCloseSql(`m.${identifier(column.name)}`, `u.${identifier(column.name)}`)
    : `(m.${identifier(column.name)} is not distinct from u.${identifier(column.name)})`;
