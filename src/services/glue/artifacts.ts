import { createHash } from 'node:crypto';
import type { S3 } from '../aws/s3.ts';
import { runtimeZip } from './runtimeZip.ts';
import { keyOf, type GlueSettings } from './settings.ts';

/** Addresses in S3, named after their content: what was uploaded once is never uploaded again, and never changes. */
export interface Artifacts {
  readonly script: string;
  readonly runtime: string;
  /** What the job itself names as its script. */
  readonly placeholder: string;
}

/** Whoever starts the job by hand learns what it is. */
const placeholder = `raise SystemExit("This job runs the scripts that DataMorph hands it; start it from there.")\n`;

export async function uploadArtifacts(
  s3: S3,
  settings: GlueSettings,
  { script, signal }: { readonly script: string; readonly signal: AbortSignal },
): Promise<Artifacts> {
  const upload = async (folder: string, body: Uint8Array, ending: string): Promise<string> => {
    const key = keyOf(settings, `${folder}/${createHash('sha256').update(body).digest('hex')}${ending}`);
    const { bucket, kmsKey } = settings;
    await s3.store({ bucket, key, body, ...(kmsKey === undefined ? {} : { kmsKey }) }, signal);
    return `s3://${bucket}/${key}`;
  };
  const [own, runtime, stub] = await Promise.all([
    upload('scripts', Buffer.from(script), '.py'),
    runtimeZip(settings.runtime, settings.sslRootCert).then((zip) => upload('runtime', zip, '.zip')),
    upload('scripts', Buffer.from(placeholder), '.py'),
  ]);
  return { script: own, runtime, placeholder: stub };
}
