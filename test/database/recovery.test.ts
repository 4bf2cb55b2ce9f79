import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { startProxy, type DatabaseProxy } from '../support/databaseProxy.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe('a connection whose sockets are cut', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let session: Postgres;
  let lost: Promise<{ readonly code: string }>;

  const open = async (change: { readonly statementTimeoutMs?: number } = {}): Promise<void> => {
    const settings = { ...database.options.settings, port: proxy.port };
    let onLost: (error: { readonly code: string }) => void = () => undefined;
    lost = new Promise((resolve) => {
      onLost = resolve;
    });
    session = await openPostgres({
      ...database.options,
      ...change,
      settings,
      onLost: (error) => {
        onLost(error);
      },
    });
  };

  beforeEach(async () => {
    database = await createDatabase('recovery');
    proxy = await startProxy(database.options.settings);
  });
  afterEach(async () => {
    await session.close();
    await proxy.close();
    await database.drop();
  });

  it('tells it when nobody was using them, and is usable at once', async () => {
    await open();
    proxy.cut();
    assert.equal((await lost).code, 'lost');
    assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
  });

  it('fails what ran, says so, and is usable at once', async () => {
    await open();
    const running = session.select('select pg_sleep(600) /* cut */');
    await untilRuns('cut');
    proxy.cut();
    await assert.rejects(running, { code: 'lost' });
    assert.deepEqual(await session.select('select 1 as one'), [{ one: 1 }]);
  });

  it('says so when the server is gone, and is usable when it is back', async () => {
    await open();
    proxy.accept(false);
    proxy.cut();
    await assert.rejects(session.query('select 1'), { code: 'lost' });
    proxy.accept(true);
    assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
  });

  it('ends on the server what takes too long', async () => {
    await open({ statementTimeoutMs: 50 });
    await assert.rejects(session.query('select pg_sleep(600)'), { code: 'statement-timeout' });
    assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
  });

  it('cancels although every connection of the pool is busy', async () => {
    await open();
    const abort = new AbortController();
    const busy = [1, 2, 3].map(() => session.query('select pg_sleep(600) /* busy */', { signal: abort.signal }));
    await untilRuns('busy', 3);
    abort.abort();
    await Promise.all(busy.map((each) => assert.rejects(each, { code: 'cancelled' })));
    assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
  });

  /** Asks past the proxy; each look is a round trip. */
  async function untilRuns(comment: string, times = 1): Promise<void> {
    const direct = await openPostgres(database.options);
    const sql = `select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%/* ${comment} %' and pid <> pg_backend_pid()`;
    while ((await direct.query<{ n: number }>(sql))[0]?.n !== times);
    await direct.close();
  }
});
