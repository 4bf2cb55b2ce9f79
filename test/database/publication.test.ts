import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { publish } from '../../src/services/publication.ts';
import type { Publication } from '../../src/services/publicationStatements.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { until } from '../support/until.ts';

const publication: Publication = {
  table: 'totals',
  mode: 'replace',
  columns: [{ name: 'id', type: 'integer' }],
  keys: [],
  required: [],
  instant: '2026-02-10T12:34:56+00:00',
  runId: 'run',
};

describe('a publication by our own connection', () => {
  let database: TestDatabase;
  let [ours, other]: Postgres[] = [];

  before(async () => {
    database = await createDatabase('publication');
    await database.run('create table totals (id integer); insert into totals values (1)');
    [ours, other] = [await openPostgres(database.options), await openPostgres(database.options)];
  });
  after(async () => {
    await Promise.all([ours?.close(), other?.close()]);
    await database.drop();
  });

  const publishing = (signal: AbortSignal): Promise<unknown> =>
    ours?.session((client) => publish(client, publication, signal), { signal }) ??
    Promise.reject(new Error('not open'));
  const waiting = async (): Promise<number> => {
    const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return (await other?.query<{ n: number }>(sql))?.[0]?.n ?? 0;
  };

  it('is ended on the server when it is cancelled while it waits for a lock', async () => {
    const stop = new AbortController();
    await other?.session(async (client) => {
      await client.query('begin; lock table totals in access exclusive mode');
      const cancelled = publishing(stop.signal);
      await until(async () => (await waiting()) > 0);
      stop.abort();
      await assert.rejects(cancelled, { code: 'cancelled' });
      await until(async () => (await waiting()) === 0);
      await client.query('rollback');
    });
    assert.deepEqual(await other?.query('select id from totals'), [{ id: 1 }]);
  });

  it('says why it refuses, in its own words', async () => {
    assert.deepEqual(await publishing(new AbortController().signal), {
      kind: 'refused',
      reason: 'totals keeps its old rows: nothing is staged for it.',
    });
    assert.deepEqual(await other?.query('select id from totals'), [{ id: 1 }]);
  });
});
