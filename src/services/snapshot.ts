import type { ClientBase } from 'pg';
import { StatementFailed, type Snapshot, type Snapshots, type StatementLimits } from '../agents/validation/snapshot.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { identifier } from '../compiler/reference/identifier.ts';
import { checkQuery } from './checkQuery.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { ownFunctionsSql } from './ownFunctions.ts';
import { isServerAnswer, type Postgres } from './postgres.ts';

/** One read-only transaction at one snapshot for all that a validation asks; a model's queries run as `queryRole`. */
export const snapshotsOf = (
  database: Pick<Postgres, 'readOnly'>,
  parser: SqlParser,
  { queryRole }: Pick<ConnectionSettings, 'queryRole'> = {},
): Snapshots => ({
  snapshot: (work, { signal, timeoutMs }) =>
    database.readOnly(async (client) => work(await snapshotOn(client, { parser, signal, queryRole })), {
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
});

interface SnapshotParts {
  readonly parser: SqlParser;
  readonly signal: AbortSignal;
  readonly queryRole: string | undefined;
}

async function snapshotOn(client: ClientBase, { parser, signal, queryRole }: SnapshotParts): Promise<Snapshot> {
  const { rows } = await client.query<{ id: string }>('select pg_current_snapshot()::text as id');
  const select = selectOn(client, signal);
  const common = {
    signal,
    id: rows[0]?.id ?? '',
    refusal: (query: string) => checkQuery(query, parser)?.message,
    async ownFunctions(query: string) {
      const sql = ownFunctionsSql(query, parser);
      return sql === undefined ? [] : (await select<{ readonly name: string }>(sql)).map(({ name }) => name);
    },
  };
  if (queryRole === undefined) return { ...common, select };
  return { ...common, select, lowered: { ...common, select: selectOn(client, signal, queryRole) } };
}

/** What was set behind the savepoint ends with it, the role too. */
function selectOn(client: ClientBase, signal: AbortSignal, role?: string): Snapshot['select'] {
  return async <Row extends object>(sql: string, { timeoutMs }: StatementLimits = {}) => {
    await client.query(`savepoint datamorph; ${settingsFor(timeoutMs, role)}`);
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
}

/** Whatever a function of the database did to its session or announced is undone with the statement that called it. */
const undo = 'rollback to savepoint datamorph; release savepoint datamorph';

/** The gate reads texts with the standard's quotes: a server that is set otherwise would see other texts than the gate. */
const settingsFor = (timeoutMs: number | undefined, role: string | undefined): string =>
  [
    'set local standard_conforming_strings = on',
    ...(timeoutMs === undefined ? [] : [`set local statement_timeout = ${Math.max(1, Math.ceil(timeoutMs))}`]),
    ...(role === undefined ? [] : [`set local role ${identifier(role)}`]),
  ].join('; ');
