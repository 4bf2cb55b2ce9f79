import type { Engine, Job, JobResult, JobWatch } from '../agents/engine.ts';
import { openCloudWatchLogs } from './aws/cloudWatchLogs.ts';
import { AwsFailure } from './aws/failure.ts';
import { openGlue } from './aws/glue.ts';
import { openS3 } from './aws/s3.ts';
import { uploadArtifacts } from './glue/artifacts.ts';
import { ensureJob } from './glue/definition.ts';
import { followRun } from './glue/follow.ts';
import { usualPace } from './glue/pace.ts';
import { startRequest } from './glue/request.ts';
import { jobNameOf, type GlueSettings } from './glue/settings.ts';
import { findRun, startRun } from './glue/start.ts';

export type { GlueSettings } from './glue/settings.ts';

export interface GlueEngine extends Engine {
  /** Lets go of the connections to AWS; runs go on. */
  close(): void;
}

const name = 'AWS Glue';

/**
 * AWS Glue 5.0. A run goes on without us: what cannot be started is a result, but losing sight of a run that goes on is an
 * exception, since nobody knows its result.
 */
export function glueEngine(settings: GlueSettings): GlueEngine {
  const [glue, s3, logs] = [openGlue(settings), openS3(settings), openCloudWatchLogs(settings)];
  const [jobName, pace] = [jobNameOf(settings), settings.pace ?? usualPace];
  const starting = new Map<string, Promise<string | undefined>>();

  const start = async (job: Job, { signal, onProgress = () => undefined }: JobWatch): Promise<string> => {
    onProgress({ phase: 'preparing' });
    const earlier = await findRun(glue, jobName, job);
    if (earlier !== undefined) return earlier;
    const artifacts = await uploadArtifacts(s3, settings, { script: job.script, signal });
    signal.throwIfAborted();
    await ensureJob(glue, settings, artifacts.placeholder);
    return startRun({ glue, job, request: startRequest(settings, job, artifacts), pace, signal, onProgress });
  };

  /** One start a run id, however many wait for it; undefined where it was given up before anything ran. */
  const startOnce = async (job: Job, watch: JobWatch): Promise<string | undefined> => {
    const already = starting.get(job.runId);
    // Whoever began it may have given up; this one has not.
    if (already) return (await already) ?? (watch.signal.aborted ? undefined : startOnce(job, watch));
    const started = unlessAborted(start(job, watch), watch.signal).finally(() => starting.delete(job.runId));
    starting.set(job.runId, started);
    return started;
  };

  const follow = (id: string, isNew: boolean, watch: JobWatch): Promise<JobResult> =>
    followRun({ glue, logs, jobName, id, role: settings.role, pace, isNew, watch });

  return {
    name,
    async run(job, watch) {
      if (watch.signal.aborted) return { kind: 'cancelled' };
      let id: string | undefined;
      try {
        id = await startOnce(job, watch);
      } catch (error) {
        return refusal(error);
      }
      if (id === undefined) return { kind: 'cancelled' };
      watch.onStarted?.({ engine: name, runId: job.runId, id });
      return follow(id, true, watch);
    },
    async attach({ id }, watch) {
      try {
        return await follow(id, false, watch);
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === 'missing') return refusal(error);
        throw error;
      }
    },
    close() {
      for (const client of [glue, s3, logs]) client.close();
    },
  };
}

/** Nothing runs: what AWS says against it is the result. */
function refusal(error: unknown): JobResult {
  if (!(error instanceof AwsFailure)) throw error;
  return { kind: 'failed', reason: 'engine', message: error.message };
}

async function unlessAborted<T>(started: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await started;
  } catch (error) {
    const isAbort = error === signal.reason || (error instanceof Error && error.name === 'AbortError');
    if (signal.aborted && isAbort) return undefined;
    throw error;
  }
}
