import type { ClientBase } from 'pg';
import { StatementFailed, type Snapshot, type Snapshots, type StatementLimits } from '../agents/validation/snapshot.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { checkQuery } from './checkQuery.ts';
import { ownFunctionsSql } from './ownFunctions.ts';
import { isServerAnswer, type Postgres } from './postgres.ts';

/** One read-only transaction at one snapshot for all that a validation asks. */
export const snapshotsOf = (database: Pick<Postgres, 'readOnly'>, parser: SqlParser): Snapshots => ({
  snapshot: (work, { signal, timeoutMs }) =>
    database.readOnly(async (client) => work(await snapshotOn(client, parser, signal)), {
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
});

async function snapshotOn(client: ClientBase, parser: SqlParser, signal: AbortSignal): Promise<Snapshot> {
  const { rows } = await client.query<{ id: string }>('select pg_current_snapshot()::text as id');
  const select = selectOn(client, signal);
  return {
    signal,
    id: rows[0]?.id ?? '',
    select,
    refusal: (query) => checkQuery(query, parser)?.message,
    async ownFunctions(query) {
      const sql = ownFunctionsSql(query, parser);
      return sql === undefined ? [] : (await select<{ readonly name: string }>(sql)).map(({ name }) => name);
    },
  };
}

const selectOn =
  (client: ClientBase, signal: AbortSignal): Snapshot['select'] =>
  async <Row extends object>(sql: string, { timeoutMs }: StatementLimits = {}) => {
    await client.query(`savepoint datamorph; ${settingsFor(timeoutMs)}`);
    try {
      // `extended` takes one statement only: text with a second one behind a semicolon is refused by the server.
      const one = { text: sql, values: [], queryMode: 'extended' };
      const { rows } = await client.query<Row>(one);
      await client.query(undo);
      return rows;
    } catch (error) {
      if (signal.aborted || !isServerAnswer(error)) throw error;
      await client.query(undo);
      throw new StatementFailed(error.message, { cause: error });
    }
  };

/** Whatever a function of the database did to its session or announced is undone with the statement that called it. */
const undo = 'rollback to savepoint datamorph; release savepoint datamorph';

/** The gate reads texts with the standard's quotes: a server that is set otherwise would see other texts than the gate. */
const settingsFor = (timeoutMs: number | undefined): string =>
  [
    'set local standard_conforming_strings = on',
    ...(timeoutMs === undefined ? [] : [`set local statement_timeout = ${Math.max(1, Math.ceil(timeoutMs))}`]),
  ].join('; ');
