import assert from 'node:assert/strict';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, it } from 'mocha';
import type * as databaseFailure from '../../../src/services/databaseFailure.ts';
import { DatabaseError, toDatabaseError } from '../../../src/services/databaseFailure.ts';

const context = { host: 'db', port: 5432, database: 'shop', user: 'ann', timeoutMs: 10_000 };
const thrown = (code: string, message = 'the reason'): Error => Object.assign(new Error(message), { code });

const cases: readonly (readonly [error: unknown, code: string, isRetryable: boolean])[] = [
  [thrown('28P01'), 'wrong-password', false],
  [
    thrown('28000', 'no pg_hba.conf entry for host "x", user "ann", database "shop", no encryption'),
    'tls-required',
    false,
  ],
  [thrown('28000', 'role "ann" is not permitted to log in'), 'no-such-role', false],
  [thrown('3D000'), 'no-such-database', false],
  [thrown('42501'), 'not-permitted', false],
  [thrown('53300'), 'too-many-connections', true],
  [thrown('57P03'), 'starting-up', true],
  [thrown('57P01'), 'lost', true],
  [thrown('42501', 'permission denied for table orders'), 'not-permitted-on', false],
  [thrown('57014'), 'cancelled', false],
  [thrown('57014', 'canceling statement due to statement timeout'), 'statement-timeout', false],
  [thrown('ECONNREFUSED'), 'refused', true],
  [new AggregateError([thrown('ECONNREFUSED')], ''), 'failed', false],
  [Object.assign(new AggregateError([new Error('one')], ''), { code: 'ECONNREFUSED' }), 'refused', true],
  [thrown('ENOTFOUND'), 'host-not-found', false],
  [thrown('EHOSTUNREACH'), 'unreachable', true],
  [thrown('ETIMEDOUT'), 'timeout', true],
  [new Error('timeout expired'), 'timeout', true],
  [new Error('Connection terminated due to connection timeout'), 'timeout', true],
  [new Error('The server does not support SSL connections'), 'tls-not-offered', false],
  [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'missing-password', false],
  [thrown('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls-certificate', false],
  [thrown('CERT_HAS_EXPIRED'), 'tls-expired', false],
  [thrown('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls-name', false],
  [new Error('Query read timeout'), 'lost', true],
  [new Error('Connection terminated unexpectedly'), 'lost', true],
  [thrown('22012', 'division by zero'), 'failed', false],
  ['text', 'failed', false],
];

/** The module as a second bundle has it: the same text, loaded once more. */
async function anotherCopy(): Promise<typeof databaseFailure> {
  const entry = join(import.meta.dirname, '../../../src/services/databaseFailure.ts');
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  const text = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return (await import(`data:text/javascript;base64,${text}`)) as typeof databaseFailure;
}

describe('a failure of the database', () => {
  for (const [error, code, isRetryable] of cases) {
    const name =
      error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : String(error);
    it(`${name} is ${code}`, () => {
      const { failure, message, cause } = toDatabaseError(error, context);
      assert.deepEqual([failure.code, failure.isRetryable, cause], [code, isRetryable, error]);
      assert.doesNotMatch(message, /\{\w+\}/);
    });
  }

  it('names what it speaks of', () => {
    assert.equal(
      toDatabaseError(thrown('ETIMEDOUT'), context).message,
      'db, port 5432 did not answer within 10 s. Check the network, VPN or firewall.',
    );
  });

  it('has another way out for each place of a password', () => {
    const codes = (['password', 'environment', 'secret', 'iam'] as const).map(
      (auth) => toDatabaseError(thrown('28P01'), { ...context, auth, secret: 'db' }).code,
    );
    assert.deepEqual(codes, ['wrong-password', 'environment-refused', 'secret-refused', 'token-refused']);
    const missing = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
    assert.equal(toDatabaseError(missing, { ...context, auth: 'environment' }).code, 'environment-missing');
    const pam = thrown('28000', 'PAM authentication failed for user "ann"');
    assert.equal(toDatabaseError(pam, { ...context, auth: 'iam' }).code, 'token-refused');
  });

  for (const [message, object] of [
    ['permission denied for table orders', 'orders'],
    ['permission denied for materialized view My Orders', 'My Orders'],
    ['permission denied for schema hidden', 'hidden'],
  ] as const) {
    it(`names ${object} in "${message}"`, () => {
      assert.equal(toDatabaseError(thrown('42501', message), context).failure.values['object'], object);
    });
  }

  it('stays what it is when it is wrapped again', () => {
    const error = toDatabaseError(thrown('28P01'), context);
    assert.equal(toDatabaseError(error, { ...context, host: 'other' }), error);
  });

  it('is known to another copy of the module, as the lazily loaded bundles have one each', async () => {
    const other = await anotherCopy();
    assert.notEqual(other.DatabaseError, DatabaseError);
    const error = other.toDatabaseError(thrown('ECONNREFUSED'), context);
    assert.equal(toDatabaseError(error, { ...context, host: 'other' }), error);
  });
});
