/** Clients of the AWS stand-in that the runner started, as the product makes them: only the endpoint differs. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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

export async function resetAws(): Promise<void> {
  const response = await fetch(`${awsUrl()}/moto-api/reset`, { method: 'POST' });
  if (!response.ok) throw new Error(`The stand-in could not be reset: ${await response.text()}`);
}
