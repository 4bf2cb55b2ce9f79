import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { defaultSsl, parseConnectionUrl, secretKey } from '../../../src/services/connectionSettings.ts';
import { regionOfHost } from '../../../src/services/rdsHost.ts';

describe('connection addresses', () => {
  it('are taken apart, and the password stays apart', () => {
    assert.deepEqual(
      parseConnectionUrl(' postgres://ann:s3cret@db.example:6543/shop?sslmode=verify-full&sslrootcert=/ca.pem '),
      {
        settings: {
          host: 'db.example',
          port: 6543,
          database: 'shop',
          user: 'ann',
          auth: 'password',
          ssl: 'verify-full',
          sslRootCert: '/ca.pem',
        },
        password: 's3cret',
      },
    );
  });

  it('have the defaults of PostgreSQL', () => {
    assert.deepEqual(parseConnectionUrl('postgresql://localhost'), {
      settings: {
        host: 'localhost',
        port: 5432,
        database: 'postgres',
        user: 'postgres',
        auth: 'password',
        ssl: 'disable',
      },
    });
    assert.equal(parseConnectionUrl('postgres://ann@db')?.settings.database, 'ann');
  });

  for (const password of ['p@ss', 'p/a:s?s#1', 'ä €', '100%', '%41', 'a+b']) {
    it(`may hold the password ${password} unescaped, or escaped`, () => {
      const plain = parseConnectionUrl(`postgres://ann:${password}@db/shop`);
      const expected = password === '%41' ? 'A' : password;
      assert.deepEqual([plain?.password, plain?.settings.host, plain?.settings.database], [expected, 'db', 'shop']);
      assert.equal(parseConnectionUrl(`postgres://ann:${encodeURIComponent(password)}@db/shop`)?.password, password);
    });
  }

  it('may name an IPv6 host', () => {
    assert.deepEqual(parseConnectionUrl('postgres://ann@[::1]:5433/x')?.settings, {
      host: '::1',
      port: 5433,
      database: 'x',
      user: 'ann',
      auth: 'password',
      ssl: 'disable',
    });
  });

  for (const text of ['', 'localhost', 'http://db/shop', 'postgres://', 'postgres:// /', 'mysql://a@b/c']) {
    it(`are not seen in "${text}"`, () => {
      assert.equal(parseConnectionUrl(text), undefined);
    });
  }
});

describe('encryption by default', () => {
  for (const [host, mode] of [
    ['shop.abc.eu-west-1.rds.amazonaws.com', 'verify-full'],
    ['SHOP.RDS.AMAZONAWS.COM', 'verify-full'],
    ['shop.rds.amazonaws.com.evil.example', 'require'],
    ['shop.abc.rds.cn-north-1.amazonaws.com.cn', 'verify-full'],
    ['shop.ec2.amazonaws.com', 'require'],
    ['localhost', 'disable'],
    ['127.0.0.1', 'disable'],
    ['::1', 'disable'],
    ['/var/run/postgresql', 'disable'],
    ['127.0.0.1.example', 'require'],
    ['db.example', 'require'],
  ] as const) {
    it(`of ${host} is ${mode}`, () => {
      assert.equal(defaultSsl(host), mode);
    });
  }
});

describe('the region that a host of RDS tells', () => {
  for (const [host, region] of [
    ['shop.abc.eu-west-1.rds.amazonaws.com', 'eu-west-1'],
    ['SHOP.ABC.US-GOV-WEST-1.RDS.AMAZONAWS.COM', 'us-gov-west-1'],
    ['shop.proxy-abc.ap-southeast-2.rds.amazonaws.com', 'ap-southeast-2'],
    ['shop.cluster-abc.rds.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    ['db.example', undefined],
    ['shop.abc.eu-west-1.rds.amazonaws.com.evil.example', undefined],
  ] as const) {
    it(`of ${host} is ${region ?? 'unknown'}`, () => {
      assert.equal(regionOfHost(host), region);
    });
  }
});

describe('the key of a stored password', () => {
  const account = { user: 'ann', host: 'DB.example', port: 5432, database: 'shop' };

  it('names the account, whatever the connection is called', () => {
    assert.equal(secretKey(account), 'datamorph.password:ann@db.example:5432/shop');
  });

  it('is another for another host, port, database or user', () => {
    const others = [{ host: 'evil' }, { port: 1 }, { database: 'x' }, { user: 'bob' }];
    const keys = [account, ...others.map((other) => ({ ...account, ...other }))].map(secretKey);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('cannot be forged by signs in a name', () => {
    const one = secretKey({ ...account, user: 'a@b:1/c' });
    assert.equal(one, 'datamorph.password:a%40b%3A1%2Fc@db.example:5432/shop');
  });
});
