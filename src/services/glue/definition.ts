import { isDeepStrictEqual } from 'node:util';
import type { Job, JobUpdate } from '@aws-sdk/client-glue';
import { AwsFailure } from '../aws/failure.ts';
import type { Glue } from '../aws/glue.ts';
import { defaultTimeoutMinutes, jobNameOf, type GlueSettings } from './settings.ts';

/** Tells a job of ours from one of the same name that is not. */
const description = 'Made by DataMorph: every run brings its own script. Safe to delete.';

/** Runs beyond it wait in Glue's queue. */
const mostRunsAtOnce = 20;

/**
 * The one job of all runs. What differs from run to run (script, runtime, size, time, policy) goes with the run, so that two
 * windows never change the job under each other, and it is updated only when the settings change.
 */
export function definitionOf(settings: GlueSettings, script: string): JobUpdate {
  const { role, securityConfiguration, networkConnections = [], timeoutMinutes } = settings;
  return {
    Description: description,
    Role: role,
    Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: script },
    GlueVersion: '5.0',
    WorkerType: 'G.1X',
    NumberOfWorkers: 2,
    ExecutionClass: 'STANDARD',
    ExecutionProperty: { MaxConcurrentRuns: mostRunsAtOnce },
    JobRunQueuingEnabled: true,
    // A run that failed is looked at before it is run again.
    MaxRetries: 0,
    Timeout: timeoutMinutes ?? defaultTimeoutMinutes,
    DefaultArguments: {
      '--job-language': 'python',
      '--job-bookmark-option': 'job-bookmark-disable',
      '--enable-job-insights': 'true',
    },
    ...(networkConnections.length > 0 ? { Connections: { Connections: [...networkConnections] } } : {}),
    ...(securityConfiguration === undefined ? {} : { SecurityConfiguration: securityConfiguration }),
  };
}

/** Creates the job, or updates it where it is not as it should be. */
export async function ensureJob(glue: Glue, settings: GlueSettings, script: string): Promise<void> {
  const name = jobNameOf(settings);
  const wanted = definitionOf(settings, script);
  const found = await glue.job(name);
  if (!found) {
    await toleratingOthers(glue.createJob(name, wanted, { 'made-by': 'datamorph', ...settings.tags }));
    return;
  }
  if (found.Description !== description) {
    throw new AwsFailure(
      'conflict',
      `There is a Glue job ${name} that DataMorph did not make. It is left alone: name another one in the settings.`,
    );
  }
  if (!isAs(found, wanted)) await toleratingOthers(glue.updateJob(name, wanted));
}

/** Another window that does the same at the same moment has done it for us. */
async function toleratingOthers(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.kind !== 'conflict') throw error;
  }
}

/** Fields that are left out of the definition count as well: they may have been set before. */
const compared = [
  'Role',
  'Command',
  'GlueVersion',
  'WorkerType',
  'NumberOfWorkers',
  'ExecutionClass',
  'ExecutionProperty',
  'JobRunQueuingEnabled',
  'MaxRetries',
  'Timeout',
  'DefaultArguments',
  'Connections',
  'SecurityConfiguration',
] as const satisfies readonly (keyof Job & keyof JobUpdate)[];

const isAs = (found: Job, wanted: JobUpdate): boolean =>
  compared.every((field) => isDeepStrictEqual(plain(found[field]), plain(wanted[field])));

/** An empty list or map is the same as none. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.entries(value as Readonly<Record<string, unknown>>).map(
    ([key, each]) => [key, plain(each)] as const,
  );
  const kept = inside.filter(([, each]) => each !== undefined);
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept);
}
