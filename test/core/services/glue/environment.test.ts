import assert from 'node:assert/strict';
import { glueSettingsFrom } from '../../../../src/services/glue/environment.ts';

const least = {
  DATAMORPH_GLUE_BUCKET: 'lake',
  DATAMORPH_GLUE_ROLE: 'arn:aws:iam::123456789012:role/job',
  DATAMORPH_CONNECTION_DEFAULT: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf',
};

const settingsFrom = (environment: NodeJS.ProcessEnv) => glueSettingsFrom({ environment, runtime: '/runtime' });

describe('the settings of Glue in a terminal', () => {
  it('need a bucket, a role and a secret, and say all that is missing', () => {
    assert.throws(() => settingsFrom({}), /_BUCKET, .*_ROLE, .*_DEFAULT \(the ARN of a secret\) are not set/);
    assert.throws(
      () => settingsFrom({ ...least, DATAMORPH_CONNECTION_DEFAULT: 'jdbc:postgresql://x/y' }),
      /_DEFAULT \(the ARN of a secret\) is not set/,
    );
    assert.deepEqual(settingsFrom(least), {
      bucket: 'lake',
      role: least.DATAMORPH_GLUE_ROLE,
      secrets: { DEFAULT: least.DATAMORPH_CONNECTION_DEFAULT },
      runtime: '/runtime',
    });
  });

  it('bring the address of the default connection, without files of this machine', () => {
    const jdbcUrl = 'jdbc:postgresql://db.example:5432/shop?sslmode=verify-full&sslrootcert=%2Fhome%2Fada%2Fca.pem';
    const { addresses, sslRootCert } = glueSettingsFrom({
      environment: least,
      runtime: '/runtime',
      jdbcUrl,
      sslRootCert: '/ca.pem',
    });
    assert.deepEqual(addresses, { DEFAULT: 'jdbc:postgresql://db.example:5432/shop?sslmode=verify-full' });
    assert.equal(sslRootCert, '/ca.pem');
  });

  it('take the rest where it is set', () => {
    const { secrets, workers, networkConnections, jobName, kmsKey } = settingsFrom({
      ...least,
      DATAMORPH_CONNECTION_CRM: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:crm-AbCdEf',
      DATAMORPH_GLUE_WORKERS: 'G.2X:5',
      DATAMORPH_GLUE_NETWORK: 'one,two',
      DATAMORPH_GLUE_JOB: 'etl',
      DATAMORPH_GLUE_KMS_KEY: 'alias/lake',
    });
    assert.deepEqual(Object.keys(secrets), ['DEFAULT', 'CRM']);
    assert.deepEqual(workers, { type: 'G.2X', count: 5 });
    assert.deepEqual([networkConnections, jobName, kmsKey], [['one', 'two'], 'etl', 'alias/lake']);
    assert.throws(() => settingsFrom({ ...least, DATAMORPH_GLUE_WORKERS: 'many' }), /written like G\.1X:4/);
  });
});
