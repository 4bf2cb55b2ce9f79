import assert from 'node:assert/strict';
import { sessionPolicy } from '../../../../src/services/glue/sessionPolicy.ts';
import type { GlueSettings } from '../../../../src/services/glue/settings.ts';

const digest = 'f'.repeat(64);
const settings: GlueSettings = {
  bucket: 'b'.repeat(63),
  role: 'arn:aws-us-gov:iam::123456789012:role/job',
  secrets: { default: 'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a/rather/long/name-AbCdEf' },
  securityConfiguration: 'sealed',
  networkConnections: ['vpc'],
  kmsKey: 'alias/lake',
  runtime: '/runtime',
};
const artifacts = {
  script: `s3://${settings.bucket}/datamorph/scripts/${digest}.py`,
  runtime: `s3://${settings.bucket}/datamorph/runtime/${digest}.zip`,
  placeholder: `s3://${settings.bucket}/datamorph/scripts/${digest.replaceAll('f', '0')}.py`,
};

describe('the policy of a Glue run', () => {
  it('has at most the 2048 characters that Glue takes, with everything in it', () => {
    const policy = sessionPolicy(settings, '20261125T120000000Z-abcdef', artifacts);
    assert.ok(policy.length <= 2048, `${policy.length}`);
  });

  it('stands in the partition of the role, and a run id cannot widen it', () => {
    const policy = sessionPolicy(settings, '*', artifacts);
    assert.ok(!policy.includes('arn:aws:'));
    assert.ok(policy.includes('/datamorph/runs/%2A/*'));
  });
});
