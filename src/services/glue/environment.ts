import type { WorkerType } from '@aws-sdk/client-glue';
import type { GlueSettings, Workers } from './settings.ts';

/** What a terminal sets; region and profile are the SDK's own variables. */
export const glueVariables = `  DATAMORPH_GLUE_BUCKET     the bucket for scripts and the runtime
  DATAMORPH_GLUE_ROLE       the ARN of the role that the job runs as
  DATAMORPH_CONNECTION_DEFAULT   the ARN of the Secrets Manager secret of the database
  and, where wanted: DATAMORPH_GLUE_JOB, _PREFIX, _WORKERS (G.1X:4), _NETWORK (names of Glue connections), _KMS_KEY,
  _SECURITY_CONFIGURATION; AWS_REGION and AWS_PROFILE as everywhere`;

export interface GlueTerminal {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of the job runtime. */
  readonly runtime: string;
  /** The default connection as this machine reaches it; the secret may say another host. */
  readonly jdbcUrl?: string;
  readonly sslRootCert?: string;
}

/** Whatever is missing or wrong is told at once. */
export function glueSettingsFrom({ environment, runtime, jdbcUrl, sslRootCert }: GlueTerminal): GlueSettings {
  const { DATAMORPH_GLUE_BUCKET: bucket, DATAMORPH_GLUE_ROLE: role } = environment;
  const secrets = secretsIn(environment);
  const missing = [
    ...(bucket ? [] : ['DATAMORPH_GLUE_BUCKET']),
    ...(role ? [] : ['DATAMORPH_GLUE_ROLE']),
    ...(secrets['DEFAULT'] === undefined ? ['DATAMORPH_CONNECTION_DEFAULT (the ARN of a secret)'] : []),
  ];
  if (!bucket || !role || missing.length > 0) {
    throw new Error(`AWS Glue is not set up: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set.`);
  }
  const network = environment['DATAMORPH_GLUE_NETWORK'];
  const workers = environment['DATAMORPH_GLUE_WORKERS'];
  return {
    bucket,
    role,
    secrets,
    runtime,
    ...(jdbcUrl === undefined ? {} : { addresses: { DEFAULT: withoutFiles(jdbcUrl) } }),
    ...setOf('sslRootCert', sslRootCert),
    ...setOf('jobName', environment['DATAMORPH_GLUE_JOB']),
    ...setOf('prefix', environment['DATAMORPH_GLUE_PREFIX']),
    ...setOf('kmsKey', environment['DATAMORPH_GLUE_KMS_KEY']),
    ...setOf('securityConfiguration', environment['DATAMORPH_GLUE_SECURITY_CONFIGURATION']),
    ...(network ? { networkConnections: network.split(',') } : {}),
    ...(workers ? { workers: readWorkers(workers) } : {}),
  };
}

const prefix = 'DATAMORPH_CONNECTION_';

/** By folded name, as python/datamorph/connections.py reads them. A connection that is no secret cannot be used on Glue. */
function secretsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(prefix) && value?.startsWith('arn:')) secrets[name.slice(prefix.length)] = value;
  }
  return secrets;
}

const setOf = <Key extends string>(key: Key, value: string | undefined): { readonly [name in Key]?: string } =>
  value ? ({ [key]: value } as { readonly [name in Key]: string }) : {};

/** A file of this machine means nothing on another one. */
function withoutFiles(jdbcUrl: string): string {
  const [address = '', query = ''] = jdbcUrl.split('?');
  const kept = query.split('&').filter((each) => !each.startsWith('sslrootcert='));
  return `${address}?${kept.join('&')}`;
}

function readWorkers(text: string): Workers {
  const [, type, count] = /^([GRZ]\.\d+X):(\d+)$/.exec(text) ?? [];
  if (type === undefined) throw new Error(`DATAMORPH_GLUE_WORKERS is "${text}"; it is written like G.1X:4.`);
  return { type: type as WorkerType, count: Number(count) };
}
