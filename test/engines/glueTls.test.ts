import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glueEngine, type GlueSettings } from '../../src/services/glueEngine.ts';
import type { JobResult } from '../../src/agents/engine.ts';
import { createAuthority, type Authority } from '../support/certificates.ts';
import { startProxy, type DatabaseProxy } from '../support/databaseProxy.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { jobOf, witness } from '../support/glue/jobs.ts';
import { createDatabase, dropDatabase, withClient } from '../support/postgres.ts';

const script = `from datamorph import Job

job = Job.start("encrypted")
rows = job.read(table="t", columns={"id": "integer"}, partitioned=True)
print("counted", rows.rdd.map(lambda row: row.id).sum())
`;

describe('an encrypted database, from Glue', function () {
  this.timeout(120_000);
  const name = `glue_tls_${randomBytes(4).toString('hex')}`;
  let account: Account;
  let authority: Authority;
  let proxy: DatabaseProxy;
  let folder: string;
  let settings: Pick<GlueSettings, 'secrets' | 'addresses'>;

  before(async () => {
    const url = await createDatabase(name);
    await withClient(url, (client) =>
      client.query('create table t (id integer primary key); insert into t select generate_series(1, 100)'),
    );
    const { hostname, port, username, password } = new URL(url);
    authority = await createAuthority();
    proxy = await startProxy({ host: hostname, port: Number(port) }, await authority.issue('127.0.0.1'));
    folder = await mkdtemp(join(tmpdir(), 'datamorph-tls-'));
    await writeFile(join(folder, 'ca.pem'), authority.cert);
    account = await openAccount();
    // What RDS keeps of a user whom it manages itself: no host.
    const secret = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    settings = {
      secrets: { default: await account.secret(secret) },
      addresses: { default: `jdbc:postgresql://127.0.0.1:${proxy.port}/${name}?sslmode=verify-full` },
    };
  });
  after(async () => {
    await account.close();
    await proxy.close();
    await rm(folder, { recursive: true });
    await dropDatabase(name);
  });

  async function run(changes: Partial<GlueSettings>): Promise<{ readonly result: JobResult; readonly text: string }> {
    const engine = glueEngine(account.settings({ ...settings, ...changes }));
    const watch = witness();
    try {
      const result = await engine.run(jobOf(script), watch);
      return { result, text: watch.lines.join('\n') };
    } finally {
      engine.close();
    }
  }

  it('is read where its authority is one that the settings name, by a secret that says no host', async () => {
    const { result, text } = await run({ sslRootCert: join(folder, 'ca.pem') });
    assert.equal(result.kind, 'succeeded', text);
    assert.match(text, /^counted 5050$/m);
  });

  it('is refused where nobody knows its authority, and the name is checked too', async () => {
    const { result } = await run({});
    assert.equal(result.kind === 'failed' && result.reason, 'connection', JSON.stringify(result));
    assert.match(JSON.stringify(result), /PKIX|certif/i);
    const elsewhere = `jdbc:postgresql://localhost:${proxy.port}/${name}?sslmode=verify-full`;
    const other = await run({ sslRootCert: join(folder, 'ca.pem'), addresses: { default: elsewhere } });
    assert.equal(other.result.kind === 'failed' && other.result.reason, 'connection', JSON.stringify(other.result));
    assert.match(JSON.stringify(other.result), /hostname|localhost/i);
  });
});
