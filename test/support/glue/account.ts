/** An AWS account for tests: moto with a bucket and a secret in it, and Glue beside it. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Pace } from '../../../src/services/glue/pace.ts';
import type { GlueSettings } from '../../../src/services/glue/settings.ts';
import { awsClients } from '../aws.ts';
import { awsVariables, startGlue, type GlueStandIn } from './server.ts';

export interface Account {
  readonly glue: GlueStandIn;
  readonly aws: ReturnType<typeof awsClients>;
  settings(changes?: Partial<GlueSettings>): GlueSettings;
  /** Keeps a secret and returns its ARN. */
  secret(value: object): Promise<string>;
  close(): Promise<void>;
}

/** What takes seconds in the cloud takes as many hundredths here. */
const pace: Pace = { look: [50, 200], logs: 100, quiet: 300, drain: 5_000, again: [50, 400], patience: 5_000 };

export const runtimeFolder = fileURLToPath(new URL('../../../python', import.meta.url));

/** Until it is closed, the SDKs of this process find it by the usual variables, as they would find a real account. */
export async function openAccount(options: Parameters<typeof startGlue>[0] = {}): Promise<Account> {
  const glue = await startGlue(options);
  const aws = awsClients();
  const restore = setVariables(awsVariables(glue.url));
  const name = `account-${randomBytes(4).toString('hex')}`;
  await aws.s3.send(
    new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
  );
  return {
    glue,
    aws,
    settings: (changes = {}) => ({
      bucket: name,
      role: 'arn:aws:iam::123456789012:role/datamorph-job',
      jobName: name,
      secrets: {},
      runtime: runtimeFolder,
      pace,
      ...changes,
    }),
    async secret(value) {
      const request = { Name: `${name}/${randomBytes(4).toString('hex')}`, SecretString: JSON.stringify(value) };
      return String((await aws.secrets.send(new CreateSecretCommand(request))).ARN);
    },
    async close() {
      await glue.stop();
      restore();
      aws.destroy();
    },
  };
}

function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
