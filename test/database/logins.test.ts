import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openPostgres } from '../../src/services/postgres.ts';
import { withEnvironment } from '../support/environment.ts';
import { accepts, startIamDatabase } from '../support/iamDatabase.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const aws = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };

describe('a login by a secret that is rotated', () => {
  let database: TestDatabase;
  let server: Server;
  let asked = 0;
  let secret = {};
  before(async () => {
    database = await createDatabase('rotated');
    server = createServer((_request, response) => {
      asked++;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ Name: 'db', SecretString: JSON.stringify(secret) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.close();
    await database.drop();
  });

  const withSecrets = <T>(work: () => Promise<T>): Promise<T> => {
    const { port } = server.address() as AddressInfo;
    return withEnvironment({ ...aws, AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}` }, work);
  };

  it('reads it once, and anew when the server refuses it, the other user included', async () => {
    const [first, second] = [await database.createRole('first'), await database.createRole('second')];
    const learnt: string[] = [];
    const settings = { ...database.options.settings, user: 'nobody', auth: 'secret', secret: 'db' } as const;
    await withSecrets(async () => {
      asked = 0;
      secret = { username: first.user, password: first.password, engine: 'postgres' };
      const session = await openPostgres({ settings, learn: (each) => learnt.push(each) });
      const who = () => session.query<{ who: string }>('select current_user as who');
      assert.deepEqual([await who(), asked], [[{ who: first.user }], 1]);
      secret = { username: second.user, password: second.password };
      await database.run(`alter role ${first.user} nologin`);
      await database.run(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${first.user}'`);
      await until(async () => (await who())[0]?.who === second.user);
      assert.equal(asked, 2);
      await session.close();
    });
    assert.deepEqual(
      [...new Set(learnt)],
      [first.password, second.password].filter((each, at, all) => all.indexOf(each) === at),
    );
  });

  it('says so where the server refuses the newest one as well', async () => {
    const settings = { ...database.options.settings, auth: 'secret', secret: 'db' } as const;
    secret = { username: settings.user, password: 'wrong' };
    await withSecrets(() => assert.rejects(openPostgres({ settings }), { code: 'secret-refused' }));
  });
});

describe('a login by a token of IAM', () => {
  const account = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', region: 'eu-central-1', user: 'ann' };

  it('signs one for each socket, which a server can check', async () => {
    const server = await startIamDatabase(account);
    const learnt: string[] = [];
    try {
      const settings = { name: 'x', host: '127.0.0.1', port: server.port, database: 'shop', ssl: 'disable' } as const;
      const iam = { ...settings, user: 'ann', auth: 'iam' } as const;
      await withEnvironment(aws, async () => {
        const session = await openPostgres({ settings: iam, learn: (each) => learnt.push(each) });
        server.cut();
        await until(
          async () =>
            (await session.query('select 1').then(
              () => 1,
              () => 0,
            )) === 1,
        );
        await session.close();
        assert.equal(server.tokens.length, 2);
        assert.deepEqual(learnt, server.tokens);
        assert.deepEqual(
          server.tokens.map((token) => accepts(token, `127.0.0.1:${server.port}`, account)),
          [true, true],
        );
        assert.equal(accepts(server.tokens[0] ?? '', `127.0.0.1:${server.port}`, { ...account, user: 'bob' }), false);
        await assert.rejects(openPostgres({ settings: { ...iam, user: 'bob' } }), { code: 'token-refused' });
      });
      await withEnvironment({ ...aws, AWS_SECRET_ACCESS_KEY: 'other' }, () =>
        assert.rejects(openPostgres({ settings: iam }), { code: 'token-refused' }),
      );
    } finally {
      await server.close();
    }
  });

  it('says so where there is no region, or nobody to sign', async () => {
    const settings = {
      name: 'x',
      host: '127.0.0.1',
      port: 1,
      database: 'x',
      user: 'ann',
      auth: 'iam',
      ssl: 'disable',
    } as const;
    const nothing = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_PROFILE: undefined };
    const nobody = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    await withEnvironment({ ...aws, ...nothing, AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined }, () =>
      assert.rejects(openPostgres({ settings }), { code: 'aws-region' }),
    );
    await withEnvironment({ ...aws, ...nothing, ...nobody }, () =>
      assert.rejects(openPostgres({ settings }), { code: 'aws-credentials' }),
    );
  });
});

describe('a login by the environment', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('environment');
  });
  after(() => database.drop());

  it('finds the password in the service file, then in PGPASSWORD, and says where to put it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'datamorph-service-'));
    const { settings, password } = database.options;
    const file = join(folder, 'service.conf');
    await writeFile(file, `[shop]\npassword=${password}\n`);
    const environment = { ...settings, auth: 'environment', service: 'shop' } as const;
    const none = { PGSERVICEFILE: file, PGPASSWORD: 'wrong', PGPASSFILE: join(folder, 'none') };
    try {
      await withEnvironment(none, async () => (await openPostgres({ settings: environment })).close());
      await writeFile(file, '[shop]\n');
      await withEnvironment(none, () =>
        assert.rejects(openPostgres({ settings: environment }), { code: 'environment-refused' }),
      );
      await withEnvironment({ ...none, PGPASSWORD: password }, async () =>
        (await openPostgres({ settings: environment })).close(),
      );
      await withEnvironment({ ...none, PGPASSWORD: undefined }, () =>
        assert.rejects(openPostgres({ settings: environment }), { code: 'environment-missing' }),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Each look is a round trip, so this waits without a sleep; mocha's limit ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false)));
}
