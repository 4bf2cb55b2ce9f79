import type { JobRun } from '@aws-sdk/client-glue';
import type { Job, JobProgress } from '../../agents/engine.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { Glue } from '../aws/glue.ts';
import { backOff, pause, type Pace } from './pace.ts';
import { runIdArgument, type startRequest } from './request.ts';

export interface Start {
  readonly glue: Glue;
  readonly job: Job;
  readonly request: ReturnType<typeof startRequest>;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/**
 * Starts the run once, whatever becomes of the answers: Glue knows no token for that, but it tells the arguments of its runs.
 * Where it is not known whether a start was carried out, the run is looked for before it is started again.
 */
export async function startRun(start: Start): Promise<string> {
  const { glue, request, pace, signal, onProgress } = start;
  const nextWait = backOff(pace);
  for (;;) {
    signal.throwIfAborted();
    try {
      return await glue.startRun(request);
    } catch (error) {
      if (!(error instanceof AwsFailure) || !(error.isRetryable || error.kind === 'busy')) throw error;
      onProgress({ phase: 'waiting', detail: error.message });
      const found = error.kind === 'unanswered' ? await searched(start) : undefined;
      if (found !== undefined) return found;
      const wait = nextWait();
      if (wait === undefined) throw error;
      await pause(wait, signal);
    }
  }
}

/** A start that was carried out may take a moment to show. */
const looks = 3;

/** Not even an abort ends the search: what it finds has to be stopped. */
async function searched({ glue, request, job, pace }: Start): Promise<string | undefined> {
  const nextWait = backOff(pace);
  for (let look = 0; look < looks; look++) {
    await pause(nextWait() ?? pace.again[1]);
    const found = await findRun(glue, request.JobName, job);
    if (found !== undefined) return found;
  }
  return undefined;
}

const day = 24 * 60 * 60_000;

/** The run of this id, whoever started it. */
export async function findRun(
  glue: Pick<Glue, 'runs'>,
  jobName: string,
  { runId, instant }: Job,
): Promise<string | undefined> {
  // A run cannot be older than what it calls now; the day is for clocks that differ.
  const oldest = Math.min(Date.parse(instant), Date.now()) - day;
  for await (const run of glue.runs(jobName)) {
    if (run.Arguments?.[runIdArgument] === runId && run.Id !== undefined) return run.Id;
    if (startOf(run) < oldest) return undefined;
  }
  return undefined;
}

const startOf = ({ StartedOn }: JobRun): number => StartedOn?.getTime() ?? Number.POSITIVE_INFINITY;
