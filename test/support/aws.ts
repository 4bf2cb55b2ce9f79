/** Clients of the AWS stand-in that the runner started, as the product makes them: only the endpoint differs. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Accepted by the stand-ins, which check no signature. */
export const TEST_AWS = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

export function awsUrl(): string {
  const url = process.env.DATAMORPH_TEST_MOTO;
  if (url === undefined) throw new Error('DATAMORPH_TEST_MOTO is not set: run this suite by `npm test -- --only aws`');
  return url;
}

export function awsClients() {
  const config = { ...TEST_AWS, endpoint: awsUrl() };
  const clients = {
    glue: new GlueClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    dynamo: new DynamoDBClient(config),
    secrets: new SecretsManagerClient(config),
  };
  return {
    ...clients,
    destroy(): void {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Has each Glue run stay in every state for so many looks at it; 0 means that it is over at the first look. */
export async function glueRunsTake(looks: number): Promise<void> {
  const transition = looks === 0 ? { progression: 'immediate' } : { progression: 'manual', times: looks };
  const response = await fetch(`${awsUrl()}/moto-api/state-manager/set-transition`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_name: 'glue::job_run', transition }),
  });
  if (!response.ok) throw new Error(`The stand-in refused the transition: ${await response.text()}`);
}

export async function resetAws(): Promise<void> {
  const response = await fetch(`${awsUrl()}/moto-api/reset`, { method: 'POST' });
  if (!response.ok) throw new Error(`The stand-in could not be reset: ${await response.text()}`);
}
