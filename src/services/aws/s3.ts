import { createHash } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig, type AwsAccess } from './access.ts';
import { answered, AwsFailure } from './failure.ts';

export interface S3 {
  /** Stores the object unless that very content is there already; tells whether it had to be stored. */
  store(object: StoredObject, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  /** Encrypts with this key of KMS instead of S3's own. */
  readonly kmsKey?: string;
}

export function openS3(access: AwsAccess): S3 {
  // A bucket of another region is found where it is.
  const client = new S3Client({ ...clientConfig(access), followRegionRedirects: true });
  return {
    async store(object, signal) {
      if (await isThere(client, { access, object, signal })) return false;
      await put(client, { access, object, signal });
      return true;
    },
    close() {
      client.destroy();
    },
  };
}

interface Storing {
  readonly access: AwsAccess;
  readonly object: StoredObject;
  readonly signal: AbortSignal;
}

const resourceOf = ({ bucket, key }: StoredObject): string => `arn:aws:s3:::${bucket}/${key}`;
const checksumOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64');

/** By its checksum, so that an object which somebody else put there under our name is not taken for ours. */
async function isThere(client: S3Client, { access, object, signal }: Storing): Promise<boolean> {
  const { bucket: Bucket, key: Key, body } = object;
  try {
    const found = await answered(
      { action: 's3:GetObject', resource: resourceOf(object), access },
      client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }), { abortSignal: signal }),
    );
    return found.ChecksumSHA256 === checksumOf(body);
  } catch (error) {
    // Without s3:ListBucket an object that is absent is denied; storing it tells which of the two it was.
    if (error instanceof AwsFailure && (error.kind === 'missing' || error.kind === 'denied')) return false;
    throw error;
  }
}

async function put(client: S3Client, { access, object, signal }: Storing): Promise<void> {
  const { bucket, key, body, kmsKey } = object;
  const request = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: body,
    ChecksumAlgorithm: 'SHA256',
    ChecksumSHA256: checksumOf(body),
    ...(kmsKey === undefined
      ? { ServerSideEncryption: 'AES256' as const }
      : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKey }),
  });
  try {
    const asked = { action: 's3:PutObject', resource: resourceOf(object), access };
    await answered(asked, client.send(request, { abortSignal: signal }));
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.kind !== 'missing') throw error;
    throw new AwsFailure('missing', `The bucket ${bucket} does not exist: create it, or name another one.`, error);
  }
}
