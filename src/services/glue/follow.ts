import { basename } from 'node:path/posix';
import type { JobRun } from '@aws-sdk/client-glue';
import type { JobProgress, JobResult, JobWatch } from '../../agents/engine.ts';
import type { CloudWatchLogs } from '../aws/cloudWatchLogs.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { Glue } from '../aws/glue.ts';
import { Evidence } from './evidence.ts';
import { driverStreams, followLogs } from './logs.ts';
import { backOff, pause, type Pace } from './pace.ts';
import { scriptArgument } from './request.ts';
import { isOver, resultOf } from './result.ts';

export interface Followed {
  readonly glue: Glue;
  readonly logs: CloudWatchLogs;
  readonly jobName: string;
  /** Glue's name for the run. */
  readonly id: string;
  readonly role: string;
  readonly pace: Pace;
  /** Just started: Glue may need a moment to know it. */
  readonly isNew: boolean;
  readonly watch: JobWatch;
}

/** Waits for the end of a run, and hands on what it prints. */
export async function followRun(followed: Followed): Promise<JobResult> {
  const { logs, role, pace, watch } = followed;
  const first = await look(followed);
  const evidence = new Evidence(basename(first.Arguments?.[scriptArgument] ?? 'script.py'));
  let wanted: 'on' | 'drain' | 'off' = 'on';
  let last = first;
  const changed = new AbortController();
  const end = (now: typeof wanted): void => {
    wanted = now;
    changed.abort();
  };
  const following = followLogs({
    logs,
    pace,
    streams: driverStreams(first, role),
    onLine: (line) => {
      evidence.add(line);
      watch.onOutput(line);
    },
    onTrouble: (message) => {
      watch.onOutput(`DataMorph cannot follow what the job prints. ${message}`);
    },
    wanted: () => (isOver(last) && watch.signal.aborted ? 'off' : wanted),
    changed: changed.signal,
    stopped: watch.signal,
    // A script that failed leaves a traceback. One that succeeded, or never began, may have nothing to say.
    isComplete: () => last.JobRunState !== 'FAILED' || !last.ExecutionTime || evidence.isConclusive,
  });
  // A failure in it is told of below; it must not end the process before that.
  following.catch(() => undefined);
  try {
    last = await untilOver(followed, first);
    end(last.JobRunState === 'STOPPED' || watch.signal.aborted ? 'off' : 'drain');
  } catch (error) {
    end('off');
    throw error;
  } finally {
    await following;
  }
  return watch.signal.aborted ? { kind: 'cancelled' } : resultOf(last, evidence);
}

async function untilOver(followed: Followed, first: JobRun): Promise<JobRun> {
  const { watch, pace } = followed;
  const { signal } = watch;
  const [least, most] = pace.look;
  let [run, since, told, isStopping] = [first, performance.now(), '', false];
  for (;;) {
    const state = `${run.JobRunState ?? ''} ${run.StateDetail ?? ''}`;
    if (state !== told) {
      since = performance.now();
      told = state;
      tell(run, watch);
    }
    if (isOver(run)) return run;
    if (signal.aborted && !isStopping) {
      watch.onProgress?.({ phase: 'stopping' });
      isStopping = await stop(followed);
    }
    const wait = Math.min(Math.max((performance.now() - since) / 10, least), most);
    // An abort wakes it once; from then on it is time again that passes, or a refused stop would be repeated at once.
    await (signal.aborted ? pause(least) : pause(wait, signal));
    run = await look(followed);
  }
}

const phases: Readonly<Record<string, JobProgress['phase']>> = {
  WAITING: 'waiting',
  STARTING: 'starting',
  RUNNING: 'running',
  STOPPING: 'stopping',
};

function tell({ JobRunState, StateDetail }: JobRun, { onProgress }: JobWatch): void {
  const phase = phases[JobRunState ?? ''];
  if (phase) onProgress?.({ phase, ...(StateDetail === undefined ? {} : { detail: StateDetail }) });
}

/** Tells whether Glue has taken the order; it refuses one for a run that has just ended, which the next look shows. */
async function stop(followed: Followed): Promise<boolean> {
  const { glue, jobName, id } = followed;
  try {
    await patiently(followed, () => glue.stopRun(jobName, id));
    return true;
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === 'conflict') return false;
    throw goesOn(error, followed, 'could not be stopped and goes on');
  }
}

async function look(followed: Followed): Promise<JobRun> {
  const { glue, jobName, id } = followed;
  try {
    return await patiently(followed, () => glue.run(jobName, id));
  } catch (error) {
    throw goesOn(error, followed, 'goes on without us, and can be attached to again');
  }
}

/** Repeats what fails for the moment: the run goes on meanwhile. */
async function patiently<T>({ pace, watch, isNew }: Followed, ask: () => Promise<T>): Promise<T> {
  const nextWait = backOff(pace);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const wait = nextWait();
      if (!(error instanceof AwsFailure) || wait === undefined) throw error;
      if (!error.isRetryable && !(isNew && error.kind === 'missing')) throw error;
      watch.onProgress?.({ phase: watch.signal.aborted ? 'stopping' : 'waiting', detail: error.message });
      await (watch.signal.aborted ? pause(wait) : pause(wait, watch.signal));
    }
  }
}

/** What became of the run is not known then, so this is no result but an exception. */
function goesOn(error: unknown, { id, jobName }: Followed, how: string): unknown {
  if (!(error instanceof AwsFailure) || error.kind === 'missing') return error;
  return new AwsFailure(error.kind, `${error.message} The run ${id} of the Glue job ${jobName} ${how}.`, error);
}
