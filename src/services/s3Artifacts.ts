import type { Artifacts } from '../agents/ports.ts';
import { artifactPath, contentTypeOf } from './artifactKeys.ts';
import type { AwsAccess } from './aws/access.ts';
import { AwsFailure } from './aws/failure.ts';
import { openS3 } from './aws/s3.ts';

export interface S3ArtifactsSettings extends AwsAccess {
  /** It must exist, and keep versions: what a run made is never lost by another one. */
  readonly bucket: string;
  /** Folder in the bucket; `datamorph` where it is left out. */
  readonly prefix?: string;
  /** A key of KMS; S3's own encryption where it is left out. */
  readonly kmsKey?: string;
}

export interface S3Artifacts extends Artifacts {
  close(): void;
}

/** How often a text is put again where somebody else has put one at the same moment. */
const attempts = 5;

/**
 * What runs made, in a bucket with versions. A text is put only on top of the version that was looked at, so that of two
 * that write at once neither is overwritten unseen; the same text again is no second version.
 */
export function s3Artifacts(settings: S3ArtifactsSettings): S3Artifacts {
  const { bucket, prefix = 'datamorph', kmsKey } = settings;
  const s3 = openS3(settings);
  const keyOf = (place: Parameters<typeof artifactPath>[0]): string =>
    `${prefix.replace(/^\/+|\/+$/g, '')}/${artifactPath(place)}`;
  let checked: Promise<void> | undefined;
  const ensureVersions = (signal: AbortSignal): Promise<void> => {
    const asked = (checked ??= s3.isVersioned(bucket, signal).then((isVersioned) => {
      if (!isVersioned) throw new AwsFailure('refused', unversioned(bucket));
    }));
    asked.catch(() => {
      checked = undefined;
    });
    return asked;
  };
  return {
    async put(artifact, signal) {
      await ensureVersions(signal);
      const body = Buffer.from(artifact.text);
      const place = { bucket, key: keyOf(artifact) };
      const object = {
        ...place,
        body,
        contentType: contentTypeOf(artifact.name),
        ...(kmsKey !== undefined && { kmsKey }),
      };
      for (let attempt = 1; ; attempt++) {
        const found = await s3.read(place, signal);
        if (found && Buffer.from(found.body).equals(body)) return;
        if (await s3.putOn(object, found?.version, signal)) return;
        if (attempt === attempts)
          throw new AwsFailure('conflict', `Others keep writing to s3://${bucket}/${place.key}.`);
      }
    },
    async get(place, signal) {
      const found = await s3.read({ bucket, key: keyOf(place) }, signal);
      return found && Buffer.from(found.body).toString('utf8');
    },
    close() {
      s3.close();
    },
  };
}

const unversioned = (bucket: string): string =>
  `The bucket ${bucket} does not keep versions: turn versioning on, so that nothing is lost that a run made.`;
