/** Which rows differ and how: asked only where target and reference do not agree. */
import { identifier, identifiers, literal } from '../../compiler/reference/identifier.ts';
import { differencesSql, isCloseSql, isFloat, type ComparedColumn, type ComparisonRequest } from '../comparison.ts';
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
 * unexpected. A window puts partners beside each other: a join by keys that may be NULL would look at every pair of rows.
 */
export function changesSql(request: ComparisonRequest, keys: readonly string[]): string {
  const { columns } = request;
  const names = columns.map(({ name }) => name);
  const exact = columns.filter((column) => !isFloat(column)).map(({ name }) => name);
  // Without a key nothing is paired: every row is alone in its side.
  const key = keys.length > 0 ? identifiers(keys) : 'datamorph_side';
  const sorted = identifiers(keys.length > 0 ? keys : names);
  const others = names.map((name, at) => `lead(${identifier(name)}) over pair as ${otherOf(at)}`);
  const cells = columns.map((column, at) => `case when ${isSame(column, otherOf(at))} is not true then ${literal(column.name)} end`); // prettier-ignore
  return `${differencesSql(request)}, datamorph_placed as (
  select side.*, side as datamorph_row, row_number() over (
    partition by datamorph_side, ${key} order by ${identifiers(exact.length > 0 ? exact : names)}
  ) as datamorph_place
  from (select 1 as datamorph_side, * from missing union all select -1, * from unexpected) as side
), datamorph_paired as (
  select *, lead(datamorph_row) over pair as datamorph_other, count(*) over (partition by ${key}, datamorph_place) as datamorph_rows,
    ${others.join(', ')}
  from datamorph_placed window pair as (partition by ${key}, datamorph_place order by datamorph_side desc)
), datamorph_found as materialized (
  select ${identifiers(names)}, datamorph_row, datamorph_other,
    case when datamorph_rows = 2 then 'changed' when datamorph_side = 1 then 'missing' else 'unexpected' end as kind,
    case when datamorph_rows = 2 then array_remove(array[${cells.join(', ')}]::text[], null) end as cells
  from datamorph_paired where datamorph_rows = 1 or datamorph_side = 1
)
select count(*) filter (where kind = 'missing') as missing, count(*) filter (where kind = 'unexpected') as unexpected,
  count(*) filter (where kind = 'changed') as changed,
  coalesce((select json_agg(json_build_array(cell, rows) order by cell) from (
    select cell, count(*) as rows from datamorph_found, unnest(cells) as cell group by cell
  ) as counted), '[]') as by_column,
  coalesce((select json_agg(example) from (
    (select kind, ${textOf('row')} as expected, ${textOf('other')} as actual, cells ${firstOf('changed', sorted)})
    union all
    (select kind, ${textOf('row')}, null, null ${firstOf('missing', sorted)})
    union all
    (select kind, null, ${textOf('row')}, null ${firstOf('unexpected', sorted)})
  ) as example), '[]') as rows
from datamorph_found`;
}

const otherOf = (at: number): string => `datamorph_other_${at}`;

const textOf = (row: 'row' | 'other'): string => `(to_jsonb(datamorph_${row}) - 'datamorph_side')::text`;

const firstOf = (kind: DifferentRow['kind'], sorted: string): string =>
  `from datamorph_found where kind = '${kind}' order by ${sorted} limit ${rowsOfEach}`;

const isSame = (column: ComparedColumn, other: string): string =>
  isFloat(column)
    ? isCloseSql(identifier(column.name), other)
    : `(${identifier(column.name)} is not distinct from ${other})`;
