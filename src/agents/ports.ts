import type { Catalogue } from '../spec/catalogue.ts';
import type { RunState } from './runState.ts';

/** The database, as far as a run needs it. */
export interface Database {
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** One SELECT in a read-only transaction, at one snapshot; an aborted signal ends it on the server too. */
  select<Row extends object>(sql: string, signal: AbortSignal): Promise<readonly Row[]>;
}

/** What runs a script: local Spark, or AWS Glue. */
export interface Engine {
  readonly name: string;
  run(job: Job, watch: JobWatch): Promise<JobResult>;
}

export interface Job {
  readonly runId: string;
  /** What `now()` means in the script, as an ISO timestamp. */
  readonly instant: string;
  readonly script: string;
}

export interface JobWatch {
  readonly signal: AbortSignal;
  /** A line that the job printed, or that its runtime reported. */
  readonly onOutput: (line: string) => void;
}

export type JobResult =
  | { readonly kind: 'succeeded' }
  /** `line` counts from 1 in the script; left out where the failure lies elsewhere. */
  | { readonly kind: 'failed'; readonly message: string; readonly line?: number };

/** Keeps what a run made, one file a name, and what became of the run. Each call returns when it is safely stored. */
export interface Journal {
  keep(name: string, text: string): Promise<void>;
  record(state: RunState): Promise<void>;
}
