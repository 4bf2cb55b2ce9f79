import { createHash } from 'node:crypto';
import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientConfig, type AwsAccess } from './access.ts';
import { answered, AwsFailure } from './failure.ts';

export interface S3 {
  /** Stores the object unless that very content is there already; tells whether it had to be stored. */
  store(object: StoredObject, signal: AbortSignal): Promise<boolean>;
  /** Undefined where there is none. */
  read(place: Pick<StoredObject, 'bucket' | 'key'>, signal: AbortSignal): Promise<FoundObject | undefined>;
  /** Puts the object on top of this version, or where none is; false where another one stands there now. */
  putOn(object: StoredObject, version: string | undefined, signal: AbortSignal): Promise<boolean>;
  isVersioned(bucket: string, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType?: string;
  /** Encrypts with this key of KMS instead of S3's own. */
  readonly kmsKey?: string;
}

export interface FoundObject {
  readonly body: Uint8Array;
  /** S3's mark of this content. */
  readonly version: string;
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
    read: (place, signal) => read(client, { access, object: place, signal }),
    async putOn(object, version, signal) {
      try {
        const condition = version === undefined ? { IfNoneMatch: '*' } : { IfMatch: version };
        await put(client, { access, object, signal, condition });
        return true;
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === 'conflict') return false;
        throw error;
      }
    },
    async isVersioned(bucket, signal) {
      const asked = { action: 's3:GetBucketVersioning', resource: `arn:aws:s3:::${bucket}`, access };
      const question = client.send(new GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal: signal });
      return (await answered(asked, question)).Status === 'Enabled';
    },
    close() {
      client.destroy();
    },
  };
}

interface Reading {
  readonly access: AwsAccess;
  readonly object: Pick<StoredObject, 'bucket' | 'key'>;
  readonly signal: AbortSignal;
}

interface Storing extends Reading {
  readonly object: StoredObject;
  readonly condition?: { readonly IfMatch: string } | { readonly IfNoneMatch: string };
}

const resourceOf = ({ bucket, key }: Reading['object']): string => `arn:aws:s3:::${bucket}/${key}`;
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

async function read(client: S3Client, { access, object, signal }: Reading): Promise<FoundObject | undefined> {
  const asked = { action: 's3:GetObject', resource: resourceOf(object), access };
  const question = new GetObjectCommand({ Bucket: object.bucket, Key: object.key });
  try {
    const { Body, ETag } = await answered(asked, client.send(question, { abortSignal: signal }));
    return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), version: ETag ?? '' };
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === 'missing') return undefined;
    throw error;
  }
}

async function put(client: S3Client, { access, object, signal, condition }: Storing): Promise<void> {
  const { bucket, key, body, kmsKey, contentType } = object;
  const request = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: body,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...condition,
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
