import type pg from 'pg';
import type { QueryAnswer, QueryGate, QueryLimits, QueryRow } from '../agents/queryPort.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { checkQuery } from './checkQuery.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import type { Postgres } from './postgres.ts';

const defaults = { maxRows: 1000, timeoutMs: 30_000 } as const;
/** Rows may be as long as they like, so what one answer holds is bounded in characters too. */
const maxCharacters = 16_000_000;
/** What one fetch should bring; how many rows that are follows from the length of those before. */
const charactersAtOnce = 1_000_000;
const firstBatch = 10;

/**
 * The one door for queries that people and models write: parsed to one SELECT that calls nothing of deniedFunctions.ts, then
 * run in a READ ONLY transaction with a time limit, as a low-right role where one is given. Rows come through a cursor, so
 * no more than the limit is ever read into memory.
 */
export const createQueryGate = (
  database: Pick<Postgres, 'readOnly'>,
  parser: SqlParser,
  { queryRole }: Pick<ConnectionSettings, 'queryRole'> = {},
): QueryGate => ({
  async readOnlyQuery(sql, limits = {}) {
    const refusal = checkQuery(sql, parser);
    if (refusal) return { kind: 'refused', ...refusal };
    const { timeoutMs = defaults.timeoutMs, role = queryRole, signal } = limits;
    return database.readOnly((client) => answer(client, sql, limits), {
      timeoutMs,
      ...(role === undefined ? {} : { role }),
      ...(signal ? { signal } : {}),
    });
  },
});

async function answer(client: pg.ClientBase, sql: string, limits: QueryLimits): Promise<QueryAnswer> {
  const { maxRows = defaults.maxRows } = limits;
  // Nothing stands behind the query that a comment at its end could swallow, and `extended` takes one statement only.
  await run(client, `declare datamorph_gate no scroll cursor for ${sql}`);
  const rows: QueryRow[] = [];
  let characters = 0;
  for (let batch = firstBatch; ; batch = nextBatch(characters, rows.length)) {
    const wanted = Math.min(batch, maxRows - rows.length + 1);
    const { rows: more, fields } = await run(client, `fetch ${wanted} from datamorph_gate`);
    for (const row of more) {
      characters += row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      if (rows.length === maxRows || characters > maxCharacters) return result(fields, rows, true);
      rows.push(row);
    }
    if (more.length < wanted) return result(fields, rows, false);
  }
}

const nextBatch = (characters: number, rows: number): number =>
  Math.min(1000, Math.max(1, Math.floor((charactersAtOnce * rows) / Math.max(1, characters))));

const result = (fields: readonly pg.FieldDef[], rows: readonly QueryRow[], cut: boolean): QueryAnswer => ({
  kind: 'rows',
  columns: fields.map(({ name }) => name),
  rows,
  cut,
});

/** Values stay as PostgreSQL writes them: no digit is lost on the way through a number, no time through a zone. */
const asWritten = { getTypeParser: () => (value: string) => value };

const run = (client: pg.ClientBase, text: string): Promise<pg.QueryArrayResult<(string | null)[]>> =>
  client.query({ text, rowMode: 'array', types: asWritten, queryMode: 'extended' } as pg.QueryArrayConfig);
