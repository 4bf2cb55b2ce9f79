import assert from 'node:assert/strict';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { ConnectionSettings } from '../../src/services/connectionSettings.ts';
import { secretLogin } from '../../src/services/secretLogin.ts';
import { awsClients, awsUrl, resetAws, TEST_AWS } from '../support/aws.ts';
import { withEnvironment } from '../support/environment.ts';

const settings: ConnectionSettings = {
  name: 'shop',
  host: 'db.example',
  port: 5432,
  database: 'shop',
  user: 'ann',
  auth: 'secret',
  secret: 'rds/shop',
  ssl: 'verify-full',
};

describe('a login from Secrets Manager', () => {
  let aws: ReturnType<typeof awsClients>;
  beforeEach(async () => {
    await resetAws();
    aws = awsClients();
  });
  afterEach(() => {
    aws.destroy();
  });

  const withAws = <T>(work: () => Promise<T>): Promise<T> =>
    withEnvironment(
      {
        AWS_ENDPOINT_URL: awsUrl(),
        AWS_REGION: TEST_AWS.region,
        AWS_ACCESS_KEY_ID: TEST_AWS.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: TEST_AWS.credentials.secretAccessKey,
      },
      work,
    );

  const put = (secret: unknown) =>
    aws.secrets.send(new PutSecretValueCommand({ SecretId: 'rds/shop', SecretString: JSON.stringify(secret) }));

  it('is read by name or ARN, kept, and read anew when it is asked to', async () => {
    const { ARN = '' } = await aws.secrets.send(
      new CreateSecretCommand({ Name: 'rds/shop', SecretString: '{"username":"bob","password":"one"}' }),
    );
    await withAws(async () => {
      const source = secretLogin(settings);
      assert.deepEqual(await source.login(), { user: 'bob', password: 'one' });
      assert.equal(await source.renew(), false);
      await put({ password: 'two' });
      assert.deepEqual(await source.login(), { user: 'bob', password: 'one' });
      assert.equal(await source.renew(), true);
      assert.deepEqual(await source.login(), { user: 'ann', password: 'two' });
      assert.deepEqual(await secretLogin({ ...settings, secret: ARN }).login(), { user: 'ann', password: 'two' });
    });
  });

  it('says what is wrong, without a word of what stands in it', async () => {
    await withAws(async () => {
      await assert.rejects(secretLogin(settings).login(), {
        code: 'secret-not-found',
        message: /^Secrets Manager has no secret rds\/shop in /,
      });
      await aws.secrets.send(new CreateSecretCommand({ Name: 'rds/shop', SecretString: 'hunter2 {' }));
      for (const secret of [undefined, ['hunter2'], { username: 'hunter2' }, { password: 7, note: 'hunter2' }]) {
        if (secret !== undefined) await put(secret);
        await assert.rejects(secretLogin(settings).login(), (error: Error & { code?: string }) => {
          assert.equal(error.code, 'secret-unusable');
          assert.ok(!JSON.stringify([error.message, error.cause]).includes('hunter2'));
          return true;
        });
      }
    });
  });

  it('asks again after a failure', async () => {
    await withAws(async () => {
      const source = secretLogin(settings);
      await assert.rejects(source.login(), { code: 'secret-not-found' });
      await aws.secrets.send(new CreateSecretCommand({ Name: 'rds/shop', SecretString: '{"password":"late"}' }));
      assert.deepEqual(await source.login(), { user: 'ann', password: 'late' });
    });
  });
});
