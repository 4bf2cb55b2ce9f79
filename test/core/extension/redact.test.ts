import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createRedactor } from '../../../src/services/redact.ts';

const mark = '‹redacted›';
/** Made of parts, so that no scanner takes this file for a leak. */
const accessKey = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const secretKey = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');

const cases: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['a postgres address', 'to postgres://ann:s3cret@db:5432/shop now', `to postgres://ann:${mark}@db:5432/shop now`],
  ['an address with @ in the password', 'postgresql://ann:p@ss@db/shop', `postgresql://ann:${mark}@db/shop`],
  ['an address with / in the password', 'postgresql://ann:p/a@s#s@db/shop', `postgresql://ann:${mark}@db/shop`],
  ['an address without user', 'redis://:hunter22@cache', `redis://:${mark}@cache`],
  ['an address without password', 'postgres://ann@db/shop', 'postgres://ann@db/shop'],
  ['an address with a port only', 'http://127.0.0.1:8080/x@y', 'http://127.0.0.1:8080/x@y'],
  ['a connection string', "host=db password='s3 \\' cret' user=ann", `host=db password=${mark} user=ann`],
  ['an unquoted connection string', 'user=ann password=s3cret host=db', `user=ann password=${mark} host=db`],
  ['PGPASSWORD', 'PGPASSWORD=s3cret psql', `PGPASSWORD=${mark} psql`],
  ['a query string', '?user=a&password=b&sslmode=require', `?user=a&password=${mark}&sslmode=require`],
  ['an access key id', `key ${accessKey}.`, `key ${mark}.`],
  ['a secret access key alone', `got ${secretKey} there`, `got ${mark} there`],
  ['a secret access key by name', `aws_secret_access_key = ${secretKey}`, `aws_secret_access_key = ${mark}`],
  ['a session token by name', 'AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEJr', `AWS_SESSION_TOKEN=${mark}`],
  ['a bearer token', 'Authorization: Bearer abc.def-ghi_123', `Authorization: Bearer ${mark}`],
  ['a signed address', 'https://s3/x?X-Amz-Signature=0a1b2c&v=1', `https://s3/x?X-Amz-Signature=${mark}&v=1`],
  ['JSON', '{"user":"a","password":"b\\"c","port":1}', `{"user":"a","password":"${mark}","port":1}`],
  ['JSON of the SDK', '{"SecretAccessKey": "x/y+z", "ok": true}', `{"SecretAccessKey": "${mark}", "ok": true}`],
  ['JSON in JSON', '{"body":"{\\"password\\":\\"abc\\"}"}', `{"body":"{\\"password\\":\\"${mark}\\"}"}`],
  ['YAML', 'password: s3cret', `password: ${mark}`],
  [
    'a private key',
    'x -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- y',
    `x -----BEGIN RSA PRIVATE KEY-----${mark}-----END RSA PRIVATE KEY----- y`,
  ],
  [
    'a private key that was cut off',
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    `-----BEGIN PRIVATE KEY-----${mark}-----END PRIVATE KEY-----`,
  ],
];

const harmless: readonly string[] = [
  'password authentication failed for user "ann"',
  'Enter the password again.',
  'shop: PostgreSQL 17.10, 12 tables and views, read in 31 ms.',
  'select token_count, secret_santa from gifts where price = 3',
  'commit 5cf44aca0123456789abcdef0123456789abcdef',
  'at file:///home/a/node_modules/pg/lib/client.js:526:17',
];

describe('redaction', () => {
  for (const [what, text, expected] of cases) {
    it(`takes the secret out of ${what}`, () => {
      assert.equal(createRedactor().redact(text), expected);
    });
  }

  for (const text of harmless) {
    it(`leaves alone: ${text}`, () => {
      assert.equal(createRedactor().redact(text), text);
    });
  }

  it('takes out what it has learnt, in every form in which it travels', () => {
    const redactor = createRedactor();
    redactor.learn('p@ss "word"');
    assert.equal(redactor.redact('1 p@ss "word" 2'), `1 ${mark} 2`);
    assert.equal(redactor.redact('1 p%40ss%20%22word%22 2'), `1 ${mark} 2`);
    assert.equal(redactor.redact('1 p@ss \\"word\\" 2'), `1 ${mark} 2`);
  });

  it('takes out the longer of two secrets first', () => {
    const redactor = createRedactor();
    redactor.learn('secret');
    redactor.learn('secret-and-more');
    assert.equal(redactor.redact('a secret-and-more b'), `a ${mark} b`);
  });

  it('does not learn values that ordinary words hold', () => {
    const redactor = createRedactor();
    redactor.learn('');
    redactor.learn('in');
    assert.equal(redactor.redact('in the line'), 'in the line');
  });

  it('is not slowed down by a long hostile line', () => {
    const started = performance.now();
    createRedactor().redact(`"password": "${'\\"'.repeat(20_000)}`);
    createRedactor().redact(`x://${'a:'.repeat(20_000)}`);
    createRedactor().redact('password='.repeat(10_000));
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
  });
});
