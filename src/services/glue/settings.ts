import type { WorkerType } from '@aws-sdk/client-glue';
import type { AwsAccess } from '../aws/access.ts';
import type { Pace } from './pace.ts';

/** What running on AWS Glue needs to know. No secret is part of it. */
export interface GlueSettings extends AwsAccess {
  /** Where scripts, the runtime and temporary files go. It must exist. */
  readonly bucket: string;
  /** Folder in the bucket; `datamorph` where it is left out. */
  readonly prefix?: string;
  /** The role that the job runs as: its ARN, or its name. */
  readonly role: string;
  /** By connection: the ARN of the Secrets Manager secret that describes it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** By connection: the JDBC URL, without user and password, for secrets that do not say the host. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** File with the certificates to trust; those of Amazon RDS for its hosts where it is left out. */
  readonly sslRootCert?: string;
  /** The one job that all runs belong to; `datamorph` where it is left out. */
  readonly jobName?: string;
  /** Instead of the rule in workers.ts. */
  readonly workers?: Workers;
  /** 15 where it is left out. */
  readonly timeoutMinutes?: number;
  /** Glue connections that lead into the database's network. */
  readonly networkConnections?: readonly string[];
  /** A key of KMS for what is stored in the bucket; S3's own where it is left out. */
  readonly kmsKey?: string;
  readonly securityConfiguration?: string;
  /** Put on the job when it is created. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The folder of the job runtime. */
  readonly runtime: string;
  readonly pace?: Pace;
}

export interface Workers {
  readonly type: WorkerType;
  /** The driver is one of them. */
  readonly count: number;
}

export const jobNameOf = ({ jobName }: GlueSettings): string => jobName ?? 'datamorph';

export const defaultTimeoutMinutes = 15;

/** A key in the bucket, under the prefix. */
export const keyOf = ({ prefix }: GlueSettings, path: string): string =>
  `${(prefix ?? 'datamorph').replace(/^\/+|\/+$/g, '')}/${path}`;

/** Run ids are texts of other people's making; in a key and in a policy they are one plain name. */
export const runFolderOf = (settings: GlueSettings, runId: string): string =>
  keyOf(settings, `runs/${encodeURIComponent(runId).replaceAll('*', '%2A')}/`);
