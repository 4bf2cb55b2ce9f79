import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobProgress, JobResult } from '../../agents/engine.ts';
import { jobReport, type JobReport } from '../../agents/jobReports.ts';
import { failureOf } from './failures.ts';
import type { Host } from './host.ts';
import { Tail } from './lines.ts';
import type { Login } from './protocol.ts';
import type { ScriptEnd, ScriptProcess } from './scriptProcess.ts';
import type { Worker } from './worker.ts';

export interface Execution {
  readonly job: Job;
  readonly worker: Worker;
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the run's sessions on the database are ended. */
  readonly logins: readonly Login[];
  /** Bytes that the script's process may hold. */
  readonly memory: number;
  readonly onOutput: (line: string) => void;
  readonly onProgress: (progress: JobProgress) => void;
  /** The script's process is there. */
  readonly onStarted: () => void;
}

/** `lost`: the worker went away under several scripts, and this one had made nothing visible. */
export type Outcome = JobResult | { readonly kind: 'lost' };

/** How long a script has to obey an interrupt. */
const graceMs = 500;

/** Runs one script on the worker; when it did not come to a good end, nothing of it is left running anywhere. */
export async function execute(execution: Execution): Promise<Outcome> {
  const { worker, job, logins } = execution;
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-job-'));
  const path = join(folder, 'script.py');
  await writeFile(path, job.script);
  const { script, end: tellEnd, leave } = worker.enter();
  let released: Promise<void> | undefined;
  const letGo = (): Promise<void> => (released ??= release(worker, job, logins).finally(leave));
  try {
    const seen = new Seen(execution.onOutput);
    const { stop, end } = await supervise(execution, { script, seen, folder, path });
    // It did so before the worker was lost or anybody stopped it; and as nothing of it runs, nobody needs to wait.
    if (end.code === 0 && stop === 'ended') return { kind: 'succeeded' };
    await letGo();
    if (stop === 'cancelled' || execution.signal.aborted) return { kind: 'cancelled' };
    if (stop === 'timeout') return timeoutOf(job);
    return worker.host.isLost ? await lossOf(worker, seen) : failure(end, seen, path);
  } finally {
    // Not before: whether the worker was lost is known to those that failed when they have let go.
    tellEnd();
    script.kill();
    void letGo();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Started {
  readonly script: ScriptProcess;
  readonly seen: Seen;
  readonly folder: string;
  readonly path: string;
}

async function supervise(
  execution: Execution,
  { script, seen, folder, path }: Started,
): Promise<{ readonly stop: Stop; readonly end: ScriptEnd }> {
  const { job, worker, logins } = execution;
  const { host } = worker;
  host.watch(job.runId, ({ stages, tasks }) => {
    execution.onProgress({
      phase: 'running',
      detail: `stage ${Math.min(stages[0] + 1, stages[1])} of ${stages[1]}`,
      tasks: { done: tasks[0], total: tasks[1] },
    });
  });
  const ended = script.run(
    {
      ...host.address,
      run: job.runId,
      script: path,
      folder,
      arguments: argumentsOf(job),
      environment: execution.environment,
      memory: execution.memory,
    },
    seen,
  );
  execution.onStarted();
  execution.onProgress({ phase: 'running' });
  const stop = await firstOf(ended, execution);
  if (stop !== 'ended') {
    execution.onProgress({ phase: 'stopping' });
    await endScript({ script, ended, host, job, logins });
  }
  return { stop, end: await ended };
}

type Stop = 'ended' | 'cancelled' | 'timeout' | 'lost';

async function firstOf(ended: Promise<ScriptEnd>, { job, signal, worker }: Execution): Promise<Stop> {
  const timer = new AbortController();
  try {
    return await Promise.race<Stop>([
      ended.then(() => 'ended'),
      worker.host.lost.then(() => 'lost'),
      aborted(signal, timer.signal).then(() => 'cancelled'),
      ...(job.timeoutMinutes === undefined
        ? []
        : [delay(job.timeoutMinutes * 60_000, 'timeout' as const, { signal: timer.signal })]),
    ]);
  } finally {
    timer.abort();
  }
}

function aborted(signal: AbortSignal, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => { resolve(); }, { once: true, signal: unless }); // prettier-ignore
  });
}

interface Stopping {
  readonly script: ScriptProcess;
  readonly ended: Promise<ScriptEnd>;
  readonly host: Host;
  readonly job: Job;
  readonly logins: readonly Login[];
}

/** First in good order, so that the script's own `finally` runs; then whatever is left is killed. */
async function endScript({ script, ended, host, job, logins }: Stopping): Promise<void> {
  script.interrupt();
  const cancelling = host.cancel(job.runId, logins);
  await Promise.race([ended, delay(graceMs)]);
  script.kill();
  await cancelling;
}

async function release(worker: Worker, { runId }: Job, logins: readonly Login[]): Promise<void> {
  const leaked = await worker.host.release(runId, logins);
  if (leaked === 0) return;
  // What does not end by itself ends with its process.
  worker.retire();
  worker.host.kill();
  await worker.host.lost;
}

async function lossOf({ host, wasShared }: Worker, seen: Seen): Promise<Outcome> {
  const { memory, message } = await host.lost;
  if (wasShared && seen.mayRunAgain) return { kind: 'lost' };
  return { kind: 'failed', reason: memory ? 'memory' : 'engine', message };
}

function failure(end: ScriptEnd, seen: Seen, script: string): JobResult {
  return failureOf({ ...end, err: seen.err.lines, reported: seen.error, script });
}

const timeoutOf = ({ timeoutMinutes = 0 }: Job): JobResult => ({
  kind: 'failed',
  reason: 'timeout',
  message: `The job took longer than ${timeoutMinutes} ${timeoutMinutes === 1 ? 'minute' : 'minutes'}.`,
});

/** What is remembered of the output, beside its end. */
class Seen {
  readonly err = new Tail();
  error: JobReport | undefined;
  private started = false;
  private published = false;
  private readonly onOutput: (line: string) => void;

  constructor(onOutput: (line: string) => void) {
    this.onOutput = onOutput;
  }

  /** Only the runtime makes a repeated run harmless; and what is visible already needs no second run. */
  get mayRunAgain(): boolean {
    return this.started && !this.published;
  }

  readonly onOut = (line: string): void => {
    const found = jobReport(line);
    if (found?.event === 'start') this.started = true;
    if (found?.event === 'published') this.published = true;
    if (found?.event === 'error') this.error = found;
    this.onOutput(line);
  };

  readonly onErr = (line: string): void => {
    this.err.add(line);
    this.onOutput(line);
  };
}

function argumentsOf({ runId, instant, publish = 'now', trace, keep, marks = {} }: Job): readonly string[] {
  return [
    ...['--run-id', runId, '--instant', instant],
    // What a script for AWS Glue asks for; see python/standin/awsglue/utils.py.
    ...['--JOB_NAME', 'datamorph', '--JOB_RUN_ID', runId],
    ...(publish === 'now' ? [] : ['--publish', publish]),
    ...(trace ? ['--trace', 'yes'] : []),
    ...(keep ? ['--keep', JSON.stringify(keep)] : []),
    ...Object.entries(marks).flatMap(([source, mark]) => ['--mark', `${source}=${mark}`]),
  ];
}
