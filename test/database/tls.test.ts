import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { ConnectionSettings } from '../../src/services/connectionSettings.ts';
import { isDatabaseError } from '../../src/services/databaseFailure.ts';
import { openPostgres } from '../../src/services/postgres.ts';
import { tlsOptions } from '../../src/services/tlsOptions.ts';
import { createAuthority, type Authority, type Certificate } from '../support/certificates.ts';
import { startProxy } from '../support/databaseProxy.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe('an encrypted connection', () => {
  let database: TestDatabase;
  let authority: Authority;
  let folder: string;
  let sslRootCert: string;

  before(async () => {
    database = await createDatabase('tls');
    authority = await createAuthority();
    folder = await mkdtemp(join(tmpdir(), 'datamorph-tls-'));
    sslRootCert = join(folder, 'ca.pem');
    await writeFile(sslRootCert, authority.cert);
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await database.drop();
  });

  /** What comes of connecting to a server with this certificate. */
  async function outcome(certificate: Certificate, change: Partial<ConnectionSettings>): Promise<string> {
    const { settings } = database.options;
    const proxy = await startProxy(settings, certificate);
    try {
      const session = await openPostgres({
        ...database.options,
        settings: { ...settings, ssl: 'verify-full', sslRootCert, port: proxy.port, ...change },
      });
      await session.close();
      return 'connected';
    } catch (error) {
      assert.ok(isDatabaseError(error), String(error));
      return `${error.code}: ${error.message}`;
    } finally {
      await proxy.close();
    }
  }

  it('is made where authority, name and time are right, by name and by address', async () => {
    assert.equal(await outcome(await authority.issue('127.0.0.1'), {}), 'connected');
    assert.equal(await outcome(await authority.issue('localhost'), { host: 'localhost' }), 'connected');
  });

  it('is refused where the certificate is for another name', async () => {
    const other = await authority.issue('db.example');
    assert.match(
      await outcome(other, { host: 'localhost' }),
      /^tls-name: The certificate of localhost is for another name: .*db\.example.*Write the name/,
    );
    assert.match(await outcome(await authority.issue('localhost'), {}), /^tls-name: .*127\.0\.0\.1/);
    assert.equal(await outcome(other, { ssl: 'require' }), 'connected');
  });

  it('is refused where the certificate has expired', async () => {
    const old = await authority.issue('127.0.0.1', { from: '20200101000000Z', to: '20200201000000Z' });
    assert.match(await outcome(old, {}), /^tls-expired: .*has expired/);
  });

  it('is refused where another authority signed, or nobody but the server itself', async () => {
    const stranger = await createAuthority();
    assert.match(await outcome(await stranger.issue('127.0.0.1'), {}), /^tls-certificate: .*"sslRootCert"/);
    assert.match(await outcome(stranger, {}), /^tls-certificate: .*self-signed/);
  });

  it('trusts the authorities of RDS, and no other, for the hosts of RDS', async () => {
    const rds = { ...database.options.settings, ssl: 'verify-full' } as const;
    const options = await tlsOptions({ ...rds, host: 'shop.abc.eu-west-1.rds.amazonaws.com' });
    assert.ok(options && Array.isArray(options.ca) && options.ca.length > 100);
    assert.equal('ca' in ((await tlsOptions({ ...rds, host: 'db.example' })) || {}), false);
    const named = await tlsOptions({ ...rds, host: 'shop.abc.eu-west-1.rds.amazonaws.com', sslRootCert });
    assert.equal(named && named.ca, authority.cert);
  });
});
