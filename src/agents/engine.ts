/** What runs a script: local Spark, or AWS Glue. Every engine passes the same contract suite (test/engines/). */
export interface Engine {
  readonly name: string;
  /**
   * Starts the job, or finds the run of this id that was started before, and waits for its end. An aborted signal stops
   * the work where it happens; the promise then ends with `cancelled`, and not before the work has stopped.
   */
  run(job: Job, watch: JobWatch): Promise<JobResult>;
  /** Waits for a run that another window started. */
  attach(handle: JobHandle, watch: JobWatch): Promise<JobResult>;
}

export interface Job {
  readonly runId: string;
  /** What `now()` means in the script, as an ISO timestamp. */
  readonly instant: string;
  readonly script: string;
  /** `later` stages the rows only, `never` writes nothing; see publication in python/datamorph/. */
  readonly publish?: 'now' | 'later' | 'never';
  /** Counts and fingerprints every step. */
  readonly trace?: boolean;
  /** Stages the rows of a step, under the name of a table that is never made. */
  readonly keep?: KeptStep;
  /** By incremental source: how far the last finished run had read. */
  readonly marks?: Readonly<Record<string, string>>;
  /** What the catalogue estimates that the job will read; engines choose their size by it. */
  readonly estimate?: { readonly rows: number; readonly bytes: number };
  /** Ends the job with `timeout` after so long. */
  readonly timeoutMinutes?: number;
}

export interface KeptStep {
  readonly step: string;
  /** As SQL, quoted where it needs to be. */
  readonly table: string;
  /** Names, and types as `format_type` writes them. */
  readonly columns: readonly (readonly [name: string, type: string])[];
}

/** All that another window needs to find the run again; safe to keep in the journal. */
export interface JobHandle {
  readonly engine: string;
  readonly runId: string;
  /** The engine's own name for the run, such as Glue's `jr_…`. */
  readonly id: string;
}

export interface JobWatch {
  readonly signal: AbortSignal;
  /** A line that the job printed, or that its runtime reported. */
  readonly onOutput: (line: string) => void;
  /** Called once, when the run can be attached to. */
  readonly onStarted?: (handle: JobHandle) => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

export interface JobProgress {
  readonly phase: 'preparing' | 'waiting' | 'starting' | 'running' | 'stopping';
  /** In words, such as Glue's StateDetail. */
  readonly detail?: string;
  readonly tasks?: { readonly done: number; readonly total: number };
}

export type JobFailure =
  /** The script's own mistake, with its line where that is known. */
  | 'script'
  /** Out of memory, in the driver, a worker or a Python process. */
  | 'memory'
  | 'timeout'
  /** The engine died or could not start: no Java, a killed process, a failed worker. */
  | 'engine'
  /** Codes of python/datamorph/errors.py. */
  | 'connection'
  | 'refused'
  | 'publication';

export type JobResult =
  | { readonly kind: 'succeeded'; readonly cost?: JobCost }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      readonly reason: JobFailure;
      readonly message: string;
      /** Counts from 1 in the script; left out where the failure lies elsewhere. */
      readonly line?: number;
      readonly cost?: JobCost;
      /** Nothing of the run is left, and nobody knows how it ended: starting it again is the way on. */
      readonly lost?: boolean;
    };

export interface JobCost {
  readonly seconds: number;
  /** As Glue reports them. */
  readonly dpuSeconds?: number;
}
