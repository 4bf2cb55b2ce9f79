import assert from 'node:assert/strict';
import { glueSettingsFrom } from '../../../../src/services/glue/environment.ts';

const least = {
  DATAMORPH_GLUE_BUCKET: 'lake',
  DATAMORPH_GLUE_ROLE: 'arn:aws:iam::123456789012:role/job',
  DATAMORPH_CONNECTION_DEFAULT: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf',
};

describe('the settings of Glue in a terminal', () => {
  it('need a bucket, a role and a secret, and say all that is missing', () => {
    assert.throws(
      () => glueSettingsFrom({}, '/runtime'),
      /_BUCKET, .*_ROLE, .*_DEFAULT \(the ARN of a secret\) are not set/,
    );
    assert.throws(
      () => glueSettingsFrom({ ...least, DATAMORPH_CONNECTION_DEFAULT: 'jdbc:postgresql://x/y' }, '/runtime'),
      /_DEFAULT \(the ARN of a secret\) is not set/,
    );
    assert.deepEqual(glueSettingsFrom(least, '/runtime'), {
      bucket: 'lake',
      role: least.DATAMORPH_GLUE_ROLE,
      secrets: { DEFAULT: least.DATAMORPH_CONNECTION_DEFAULT },
      runtime: '/runtime',
    });
  });

  it('take the rest where it is set', () => {
    const { secrets, workers, networkConnections, jobName, kmsKey } = glueSettingsFrom(
      {
        ...least,
        DATAMORPH_CONNECTION_CRM: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:crm-AbCdEf',
        DATAMORPH_GLUE_WORKERS: 'G.2X:5',
        DATAMORPH_GLUE_NETWORK: 'one,two',
        DATAMORPH_GLUE_JOB: 'etl',
        DATAMORPH_GLUE_KMS_KEY: 'alias/lake',
      },
      '/runtime',
    );
    assert.deepEqual(Object.keys(secrets), ['DEFAULT', 'CRM']);
    assert.deepEqual(workers, { type: 'G.2X', count: 5 });
    assert.deepEqual([networkConnections, jobName, kmsKey], [['one', 'two'], 'etl', 'alias/lake']);
    assert.throws(
      () => glueSettingsFrom({ ...least, DATAMORPH_GLUE_WORKERS: 'many' }, '/runtime'),
      /written like G\.1X:4/,
    );
  });
});
