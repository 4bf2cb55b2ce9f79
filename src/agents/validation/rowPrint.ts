/** All rows of a side as two sums of 64 bits: where they and the counts are equal, so are the rows. */
import { identifier, identifiers } from '../../compiler/reference/identifier.ts';
import { parsePgType } from '../../spec/pgTypes.ts';
import type { ComparedColumn } from '../comparison.ts';
import { isStatementFailed, type Snapshot } from './snapshot.ts';

export interface Print {
  readonly rows: string;
  readonly sums: readonly [string, string];
}

/**
 * Undefined where PostgreSQL cannot tell, for a type has no hash. Equal rows may have other hashes on another server, as
 * with floats that are a little off: only what is equal proves something.
 */
export async function printOf(
  snapshot: Snapshot,
  select: string,
  columns: readonly ComparedColumn[],
): Promise<Print | undefined> {
  try {
    const [row] = await snapshot.select<{ rows: string; first: string; second: string }>(printSql(select, columns));
    return row && { rows: row.rows, sums: [row.first, row.second] };
  } catch (error) {
    snapshot.signal.throwIfAborted();
    if (!isStatementFailed(error)) throw error;
    return undefined;
  }
}

export const samePrint = (one: Print | undefined, other: Print | undefined): one is Print =>
  one !== undefined && one.rows === other?.rows && one.sums.join() === other.sums.join();

function printSql(select: string, columns: readonly ComparedColumn[]): string {
  const names = columns.length > 0 ? ` (${identifiers(columns.map(({ name }) => name))})` : '';
  const row = `row(${columns.map(hashed).join(', ')})`;
  return `select count(*)::text as rows, coalesce(sum(${hashOf(row, 0)}), 0)::text as first, coalesce(sum(${hashOf(row, 1)}), 0)::text as second
from (${select}\n) as side${names}`;
}

/**
 * The hash of a row is a sum over its columns, so a sum of such hashes could not tell whether two rows had swapped a value:
 * each is hashed once more, as bytes, because the hash of a bigint knows 32 bits of it only.
 */
const hashOf = (row: string, seed: number): string =>
  `hash_record_extended(row(int8send(hash_record_extended(${row}, ${seed}))), ${seed})`;

/** What PostgreSQL hashes whole, by value, and alike whatever the session's settings are. */
function hashed({ name, type }: ComparedColumn): string {
  const column = `side.${identifier(name)}`;
  const parsed = parsePgType(type);
  if (parsed.kind !== 'scalar') return `record_send(row(${column}))`;
  switch (parsed.name) {
    case 'bool':
    case 'int2':
    case 'int4':
    case 'float4':
    case 'float8':
    case 'numeric':
    case 'date':
    case 'uuid':
    case 'bytea':
      return column;
    case 'int8':
      return `int8send(${column})`;
    case 'timestamp':
    case 'timestamptz':
    case 'time':
      return `${parsed.name}_send(${column})`;
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
      return `${column} collate "C"`;
    case 'json':
      return `jsonb_send(${column}::jsonb)`;
    case 'jsonb':
    case 'timetz':
    case 'interval':
      return `record_send(row(${column}))`;
  }
}
