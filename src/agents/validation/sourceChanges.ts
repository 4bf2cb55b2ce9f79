/**
 * Whether sources have rows that were written after those of the target: then PostgreSQL has read what the job could not.
 * A row knows the transaction that wrote it. Rows that were deleted leave no trace, and views have none: those are left out.
 */
import { tableIdentifier } from '../../compiler/reference/identifier.ts';
import { readSpec } from '../../spec/read.ts';
import { parseTableName } from '../../spec/tableName.ts';
import type { ValidationRequest } from '../ports.ts';
import { isStatementFailed, type Snapshot } from './snapshot.ts';

export interface SourceChange {
  readonly source: string;
  readonly rows: number;
}

export async function changedSources(
  snapshot: Snapshot,
  { specText, rows }: Pick<ValidationRequest, 'specText' | 'rows'>,
): Promise<readonly SourceChange[]> {
  const sources = readSpec(specText).spec?.sources ?? [];
  const found: SourceChange[] = [];
  for (const table of new Set(sources.map((source) => source.table))) {
    const name = parseTableName(table);
    const newer = name && (await newerRows(snapshot, tableIdentifier(name), storedIn(rows)));
    if (newer !== undefined) found.push({ source: table, rows: newer });
  }
  return found;
}

async function newerRows(snapshot: Snapshot, source: string, target: string): Promise<number | undefined> {
  const sql = `select count(*)::text as rows from ${source} as source
where age(source.xmin) < (select min(age(target.xmin)) from ${target} as target)`;
  try {
    const [row] = await snapshot.select<{ readonly rows: string }>(sql);
    return Number(row?.rows);
  } catch (error) {
    snapshot.signal.throwIfAborted();
    if (!isStatementFailed(error)) throw error;
    return undefined;
  }
}

/** Rows that wait to be published are a selection from one table, which is the one that knows when they were written. */
const storedIn = (rows: string): string => / from ((?:"(?:[^"]|"")*"|[^\s"()])+)\) as \w+$/.exec(rows)?.[1] ?? rows;
