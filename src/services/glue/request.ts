import type { StartJobRunRequest } from '@aws-sdk/client-glue';
import type { Job } from '../../agents/engine.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { Artifacts } from './artifacts.ts';
import { sessionPolicy } from './sessionPolicy.ts';
import { defaultTimeoutMinutes, jobNameOf, runFolderOf, type GlueSettings } from './settings.ts';
import { workersFor } from './workers.ts';

/** The argument by which a run is found again; python/datamorph/arguments.py reads it too. */
export const runIdArgument = '--run-id';

/** Names the script of a run, instead of the job's own. */
export const scriptArgument = '--scriptLocation';

export function startRequest(
  settings: GlueSettings,
  job: Job,
  artifacts: Artifacts,
): StartJobRunRequest & { readonly JobName: string } {
  const { type, count } = settings.workers ?? workersFor(job.estimate);
  const { securityConfiguration } = settings;
  return {
    JobName: jobNameOf(settings),
    JobRunQueuingEnabled: true,
    Arguments: argumentsOf(settings, job, artifacts),
    WorkerType: type,
    NumberOfWorkers: count,
    // Glue counts in whole minutes.
    Timeout: Math.max(Math.ceil(job.timeoutMinutes ?? settings.timeoutMinutes ?? defaultTimeoutMinutes), 1),
    ExecutionRoleSessionPolicy: fitting(sessionPolicy(settings, job.runId, artifacts)),
    ...(securityConfiguration === undefined ? {} : { SecurityConfiguration: securityConfiguration }),
  };
}

const longestPolicy = 2048;

function fitting(policy: string): string {
  if (policy.length <= longestPolicy) return policy;
  throw new AwsFailure(
    'refused',
    `The policy of the run is longer than the ${longestPolicy} characters that Glue takes: name fewer secrets for it.`,
  );
}

/** Anybody who may look at the run sees these: names and addresses, never a secret. */
function argumentsOf(settings: GlueSettings, job: Job, { script, runtime }: Artifacts): Record<string, string> {
  const secrets = Object.entries(settings.secrets).map(([name, arn]) => `${variableName(name)}=${arn}`);
  const addresses = Object.entries(settings.addresses ?? {}).map(([name, url]): [string, string] => [
    variableName(name),
    url,
  ]);
  const marks = new URLSearchParams(job.marks ?? {}).toString();
  return {
    [scriptArgument]: script,
    '--extra-py-files': runtime,
    '--TempDir': `s3://${settings.bucket}/${runFolderOf(settings, job.runId)}temp/`,
    [runIdArgument]: job.runId,
    '--instant': job.instant,
    '--publish': job.publish ?? 'now',
    '--trace': job.trace ? 'yes' : 'no',
    ...(job.keep ? { '--keep': JSON.stringify(job.keep) } : {}),
    ...(secrets.length > 0 ? { '--connection': secrets.join(',') } : {}),
    ...(addresses.length > 0 ? { '--address': new URLSearchParams(addresses).toString() } : {}),
    // Glue takes an argument once only, so all marks are one.
    ...(marks === '' ? {} : { '--marks': marks }),
  };
}

/** As python/datamorph/connections.py folds names: nothing in them can be taken for a separator. */
const variableName = (connection: string): string => connection.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
