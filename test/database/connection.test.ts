import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { DatabaseError } from '../../src/services/databaseFailure.ts';
import { openPostgres, type PostgresOptions } from '../../src/services/postgres.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe('a connection to a real PostgreSQL', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createDatabase('connection');
  });
  after(async () => {
    await database.drop();
  });

  /** What comes of opening with these settings instead. */
  async function failureOf(
    change: Partial<PostgresOptions['settings']>,
    rest: Partial<PostgresOptions> = {},
  ): Promise<string> {
    const { settings } = database.options;
    try {
      const session = await openPostgres({ ...database.options, ...rest, settings: { ...settings, ...change } });
      await session.close();
      return 'connected';
    } catch (error) {
      assert.ok(error instanceof DatabaseError, String(error));
      return `${error.code}: ${error.message}`;
    }
  }

  it('opens, says its version and its name, and closes', async () => {
    const session = await openPostgres(database.options);
    const [row] = await session.query<{ name: string }>("select current_setting('application_name') as name");
    assert.deepEqual(row, { name: 'DataMorph' });
    assert.match(session.serverVersion, /^\d+\.\d+/);
    await session.close();
    await session.close();
    await assert.rejects(session.query('select 1'), (error: unknown) => error instanceof DatabaseError);
  });

  it('takes the password from the environment', async () => {
    const before = process.env['PGPASSWORD'];
    process.env['PGPASSWORD'] = database.options.password;
    try {
      const settings = { ...database.options.settings, auth: 'environment' } as const;
      const session = await openPostgres({ settings });
      await session.close();
    } finally {
      if (before === undefined) delete process.env['PGPASSWORD'];
      else process.env['PGPASSWORD'] = before;
    }
  });

  it('says what is wrong, and the way out', async () => {
    const { user } = database.options.settings;
    assert.equal(
      await failureOf({}, { password: 'wrong' }),
      `wrong-password: The password of ${user} was not accepted by 127.0.0.1. Enter the password again.`,
    );
    await assert.rejects(openPostgres({ settings: database.options.settings }), { code: 'missing-password' });
    assert.equal(
      await failureOf({ database: 'nowhere' }),
      'no-such-database: 127.0.0.1 has no database nowhere. Check "database".',
    );
    assert.match(
      await failureOf({ host: 'nowhere.invalid' }),
      /^host-not-found: There is no host named nowhere\.invalid\./,
    );
    assert.equal(
      await failureOf({ ssl: 'require' }),
      'tls-not-offered: 127.0.0.1 does not offer encryption. Set "ssl" to "disable" if the way there is safe.',
    );
    assert.match(
      await failureOf({ ssl: 'verify-full', sslRootCert: '/nowhere/ca.pem' }),
      /^tls-root-cert: .*no such file/,
    );
  });

  it('says when nothing answers at the port', async () => {
    const { port } = await listening(createServer());
    assert.match(await failureOf({ port }), /^refused: Nothing answers at 127\.0\.0\.1, port \d+\./);
  });

  it('does not wait for ever for a server that is silent', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const failure = await failureOf({ port }, { connectTimeoutMs: 150 });
      assert.equal(
        failure,
        `timeout: 127.0.0.1, port ${port} did not answer within 0.15 s. Check the network, VPN or firewall.`,
      );
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  it('refuses the role that the server does not let in', async () => {
    const limited = await database.createRole('full');
    await database.run(`alter role ${limited.user} connection limit 0`);
    await assert.rejects(openPostgres(limited), { code: 'too-many-connections' });
    await database.run(`alter role ${limited.user} connection limit -1 nologin`);
    await assert.rejects(openPostgres(limited), { code: 'no-such-role' });
  });

  it('ends a statement on the server when it is cancelled, and stays usable', async () => {
    const session = await openPostgres(database.options);
    try {
      const abort = new AbortController();
      const slow = session.query('select pg_sleep(600) /* to be cancelled */', { signal: abort.signal });
      await until(async () => (await running(session)) === 1);
      abort.abort();
      await assert.rejects(slow, { code: 'cancelled' });
      await until(async () => (await running(session)) === 0);
      assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
    } finally {
      await session.close();
    }
  });

  it('does not begin what is cancelled already', async () => {
    const session = await openPostgres(database.options);
    try {
      await assert.rejects(session.query('select 1', { signal: AbortSignal.abort() }), { code: 'cancelled' });
      await assert.rejects(openPostgres({ ...database.options, signal: AbortSignal.abort() }));
    } finally {
      await session.close();
    }
  });

  it('tells when the server ends it', async () => {
    let lost: (error: DatabaseError) => void;
    const losing = new Promise<DatabaseError>((resolve) => {
      lost = resolve;
    });
    const session = await openPostgres({
      ...database.options,
      onLost: (error) => {
        lost(error);
      },
    });
    try {
      const [backend] = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.run(`select pg_terminate_backend(${backend?.pid ?? 0})`);
      assert.equal((await losing).code, 'lost');
      assert.deepEqual(await session.query('select 1 as one'), [{ one: 1 }]);
    } finally {
      await session.close();
    }
  });
});

interface Asking {
  query<Row extends object>(sql: string): Promise<readonly Row[]>;
}

async function running(session: Asking): Promise<number> {
  const [row] = await session.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where state = 'active' and query like 'select pg_sleep(600)%'",
  );
  return row?.n ?? -1;
}

/** Each look is a round trip, so this waits without a sleep; mocha's limit ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

/** A port on which nobody listens any more. */
async function listening(server: Server): Promise<{ readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port };
}
