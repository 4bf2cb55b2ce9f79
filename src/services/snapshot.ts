import type { ClientBase } from 'pg';
import { StatementFailed, type Snapshot, type Snapshots } from '../agents/validation/snapshot.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { identifier } from '../compiler/reference/identifier.ts';
import { checkQuery } from './checkQuery.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
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
  const common = {
    signal,
    id: rows[0]?.id ?? '',
    refusal: (query: string) => checkQuery(query, parser)?.message,
  };
  const select = selectOn(client, signal);
  if (queryRole === undefined) return { ...common, select };
  return { ...common, select, lowered: { ...common, select: selectOn(client, signal, queryRole) } };
}

const released = 'release savepoint datamorph';

/** What was set behind the savepoint ends with it, the role too. */
function selectOn(client: ClientBase, signal: AbortSignal, role?: string): Snapshot['select'] {
  return async <Row extends object>(sql: string) => {
    await client.query('savepoint datamorph');
    try {
      if (role !== undefined) await client.query(`set local role ${identifier(role)}`);
      // `extended` takes one statement only: text with a second one behind a semicolon is refused by the server.
      const one = { text: sql, values: [], queryMode: 'extended' };
      const { rows } = await client.query<Row>(one);
      await client.query(role === undefined ? released : `rollback to savepoint datamorph; ${released}`);
      return rows;
    } catch (error) {
      if (signal.aborted || !isServerAnswer(error)) throw error;
      await client.query('rollback to savepoint datamorph');
      throw new StatementFailed(error.message, { cause: error });
    }
  };
}
