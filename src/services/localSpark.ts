import type { Engine, Job, JobHandle, JobProgress, JobResult, JobWatch } from '../agents/engine.ts';
import { execute, type Outcome } from './localSpark/execution.ts';
import { Tail } from './localSpark/lines.ts';
import { namedConnections } from './localSpark/logins.ts';
import { limitsOf, placeOf, type Limits, type LocalSparkOptions } from './localSpark/options.ts';
import { Slots } from './localSpark/slots.ts';
import { Worker } from './localSpark/worker.ts';

export type { LocalSparkOptions } from './localSpark/options.ts';

/** Spark on this machine: one warm JVM, and a fresh Python process for every script. */
export interface LocalSpark extends Engine {
  /** Starts the worker ahead of the first run, such as when a spec is opened. */
  prepare(): Promise<void>;
  /** Ends the worker; runs that go on end with it. */
  close(): Promise<void>;
}

/** How many ended runs are remembered, so that the same run is not run twice. */
const remembered = 100;
const name = 'local Spark';

/**
 * A run lives and ends with the window that started it. Two run side by side, others queue in the order in which they came.
 * The worker ends when idle, and is replaced when it is worn; the figures stand in `limitsOf`. A worker that dies under one
 * script fails that script; when it dies under several, each that uses the runtime and has published nothing is run again
 * once, alone. A run id that has run already gives the result that it gave.
 */
export function localSpark(options: LocalSparkOptions): LocalSpark {
  const limits = limitsOf(options);
  const slots = new Slots(limits.sideBySide);
  const runs = new Map<string, Run>();
  const workers = new Workers(options, limits);

  const begin = (job: Job): Run => {
    const run = new Run(job);
    runs.set(job.runId, run);
    run.result = carryOut(run, { options, limits, slots, workers });
    void run.result.finally(() => {
      run.isOver = true;
      for (const [id, { isOver }] of runs) {
        if (runs.size <= remembered) break;
        if (isOver) runs.delete(id);
      }
    });
    return run;
  };

  return {
    name,
    run: async (job, watch) => {
      if (watch.signal.aborted) return { kind: 'cancelled' };
      return (runs.get(job.runId) ?? begin(job)).follow(watch);
    },
    attach: async ({ runId }, watch) =>
      (await runs.get(runId)?.follow(watch)) ?? {
        kind: 'failed',
        reason: 'engine',
        message: 'The run ended with the window that started it.',
        lost: true,
      },
    prepare: async () => {
      await workers.current();
    },
    close: () => workers.close(),
  };
}

/** The worker of now, which is started on first use and again after its end. */
class Workers {
  private readonly options: LocalSparkOptions;
  private readonly limits: Limits;
  private starting: Promise<Worker> | undefined;
  private readonly closing = new AbortController();

  constructor(options: LocalSparkOptions, limits: Limits) {
    this.options = options;
    this.limits = limits;
  }

  async current(): Promise<Worker> {
    const before = this.starting;
    if (before) {
      const worker = await before;
      if (!worker.isRetired) return worker;
      if (this.starting === before) this.starting = undefined;
    }
    return (this.starting ??= this.start());
  }

  async close(): Promise<void> {
    this.closing.abort();
    const worker = await this.starting?.catch(() => undefined);
    await worker?.end();
  }

  private start(): Promise<Worker> {
    const starting = Worker.start(placeOf(this.options), this.limits, this.closing.signal);
    starting.catch(() => {
      // The next run tries again: Java may be there by then.
      if (this.starting === starting) this.starting = undefined;
    });
    return starting;
  }
}

/** A run with everybody who watches it; any of them may stop it. */
class Run {
  readonly job: Job;
  readonly stop = new AbortController();
  result: Promise<JobResult> = Promise.resolve({ kind: 'cancelled' });
  isOver = false;
  private readonly watches = new Set<JobWatch>();
  private readonly output = new Tail();
  private progress: JobProgress | undefined;
  private handle: JobHandle | undefined;

  constructor(job: Job) {
    this.job = job;
  }

  /** Tells a late comer the end of what was printed before. */
  async follow(watch: JobWatch): Promise<JobResult> {
    for (const line of this.output.lines) watch.onOutput(line);
    if (this.handle) watch.onStarted?.(this.handle);
    if (this.progress) watch.onProgress?.(this.progress);
    const stop = (): void => {
      this.stop.abort();
    };
    this.watches.add(watch);
    watch.signal.addEventListener('abort', stop, { once: true });
    if (watch.signal.aborted) stop();
    try {
      return await this.result;
    } finally {
      watch.signal.removeEventListener('abort', stop);
      this.watches.delete(watch);
    }
  }

  tell(line: string): void {
    this.output.add(line);
    for (const { onOutput } of this.watches) onOutput(line);
  }

  tellProgress(progress: JobProgress): void {
    this.progress = progress;
    for (const { onProgress } of this.watches) onProgress?.(progress);
  }

  tellStarted(): void {
    if (this.handle) return;
    const handle = { engine: name, runId: this.job.runId, id: this.job.runId };
    this.handle = handle;
    for (const { onStarted } of this.watches) onStarted?.(handle);
  }
}

interface Parts {
  readonly options: LocalSparkOptions;
  readonly limits: Limits;
  readonly slots: Slots;
  readonly workers: Workers;
}

async function carryOut(run: Run, parts: Parts): Promise<JobResult> {
  const { signal } = run.stop;
  // The caller watches before anything is told.
  await Promise.resolve();
  const begun = performance.now();
  try {
    const first = await attempt(run, parts, 1);
    const last = first.kind === 'lost' ? await attempt(run, parts, parts.slots.size) : first;
    if (last.kind === 'lost') throw new Error('A script that runs alone was lost beside others.');
    return last.kind === 'cancelled' ? last : { ...last, cost: { seconds: (performance.now() - begun) / 1000 } };
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' };
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', reason: 'engine', message };
  }
}

async function attempt(run: Run, { options, limits, slots, workers }: Parts, width: number): Promise<Outcome> {
  const { signal } = run.stop;
  run.tellProgress({ phase: 'waiting' });
  const giveBack = await slots.take(width, signal);
  try {
    run.tellProgress({ phase: 'preparing' });
    const worker = await unlessAborted(workers.current(), signal);
    run.tellProgress({ phase: 'starting' });
    const { variables, logins } = namedConnections(await options.connections(), run.job.runId);
    signal.throwIfAborted();
    return await execute({
      job: run.job,
      worker,
      signal,
      environment: variables,
      logins,
      memory: limits.scriptBytes,
      onOutput: (line) => {
        run.tell(line);
      },
      onProgress: (progress) => {
        run.tellProgress(progress);
      },
      onStarted: () => {
        run.tellStarted();
      },
    });
  } finally {
    giveBack();
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}
