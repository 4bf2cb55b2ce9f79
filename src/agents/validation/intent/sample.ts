import { identifiers } from '../../../compiler/reference/identifier.ts';
import type { RuleTable } from '../ruleSql.ts';
import type { Snapshot } from '../snapshot.ts';
import { ask, type Bounds } from './bounds.ts';
import { copySql } from './damage.ts';

/** Rows of the target to be damaged. */
export interface Sample {
  /** A SELECT of them that does not read the target again. */
  readonly rows: string;
  readonly count: number;
  /** Whether the target holds more. */
  readonly cut: boolean;
}

const mostRows = 500;
/** Rows may be as long as they like: so much of them as text, in all. */
const mostCharacters = 500_000;

/** The first rows by key, read once: damage on them costs the same whatever the target's size. Where there are none, the reason. */
export async function sampleOf(
  snapshot: Snapshot,
  { target, keys }: { readonly target: RuleTable; readonly keys: readonly string[] },
  bounds: Bounds,
): Promise<Sample | string> {
  const asked = await ask<SampleRow>(snapshot, sampleSql(target, keys), bounds);
  if (asked.kind === 'none') return asked.reason;
  const [{ text, rows, cut } = nothing] = asked.rows;
  return { rows: copySql(text ?? '[]', target.columns), count: rows, cut };
}

interface SampleRow {
  readonly text: string | null;
  readonly rows: number;
  readonly cut: boolean;
}

const nothing: SampleRow = { text: null, rows: 0, cut: false };

function sampleSql({ table, columns }: RuleTable, keys: readonly string[]): string {
  const order = keys.length > 0 ? ` order by ${identifiers(keys)}` : '';
  return `with datamorph_first as (
  select ${identifiers(columns.map(({ name }) => name))} from ${table} as target${order} limit ${mostRows + 1}
), numbered as (
  select to_jsonb(datamorph_first)::text as row, row_number() over () as place from datamorph_first
), measured as (
  select row, place, place <= ${mostRows} and sum(length(row)) over (order by place) <= ${mostCharacters} as fits from numbered
)
select '[' || string_agg(row, ',' order by place) filter (where fits) || ']' as text,
  (count(*) filter (where fits))::integer as rows, count(*) filter (where not fits) > 0 as cut
from measured`;
}
