import type { CodeWriter, GateProblem } from './codeWriter.ts';
import type { Engine, JobCost, JobHandle } from './engine.ts';
import type { IntentWriter } from './intentPort.ts';
import type { Answer, Planner } from './planner.ts';
import type { CompiledRun, Programs } from './programs.ts';
import type { PublicationTarget } from './publicationTarget.ts';
import type { Code, JournalEntry, Outcome, Remedy, RunEvent, Spending } from './run/events.ts';
import type { Divergence } from './validation/divergence.ts';
import type { Snapshots } from './validation/snapshot.ts';
import type { PhaseName, PhaseResult, Verdict } from './verdict.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';

/** The database, as far as a run needs it. */
export interface Database {
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** One SELECT in a read-only transaction, at one snapshot; an aborted signal ends it on the server too. */
  select<Row extends object>(sql: string, signal: AbortSignal): Promise<readonly Row[]>;
}

/** Keeps what a run made, and what became of it. Each call returns when it is safely stored. */
export interface Journal {
  readonly runId: string;
  /** All that is written down, in order; it grows with `record`. */
  readonly entries: readonly JournalEntry[];
  /** Appends one fact, behind all that were handed in before it. */
  record(event: RunEvent): Promise<JournalEntry>;
  /** A file that a person can open, replaced whole. */
  keep(name: string, text: string): Promise<void>;
}

/** A second home of what a run made, such as a bucket. */
export interface Artifacts {
  /** Stores it under its name in the run; the same text again is no second version. */
  put(artifact: Artifact, signal: AbortSignal): Promise<void>;
  /** Undefined where there is none of this name. */
  get(place: Pick<Artifact, 'runId' | 'name'>, signal: AbortSignal): Promise<string | undefined>;
}

export interface Artifact {
  readonly runId: string;
  /** As docs/artifacts.md lists them, such as `script.py`. */
  readonly name: string;
  readonly text: string;
}

/** From a spec to its programs, at the run's instant. */
export type Compile = (specText: string, catalogue: Catalogue, instant: string) => Promise<CompiledRun>;

/** What the sources of a spec hold, as text, masked, for a writer of code; only where the engineer has agreed to it. */
export type Samples = (specText: string, catalogue: Catalogue, signal: AbortSignal) => Promise<string>;

/** What a script of a model's or of a person's own making may not do; nothing, where it may run. */
/** `compiled` says what may be read and written. */
export type ScriptGate = (script: string, compiled: string) => readonly GateProblem[] | Promise<readonly GateProblem[]>;

/** Whether the target is right. */
export interface Validator {
  validate(request: ValidationRequest, watch: ValidationWatch): Promise<Verdict>;
}

export interface ValidationRequest {
  readonly specText: string;
  readonly prompt?: string;
  readonly answers?: readonly Answer[];
  readonly catalogue?: Catalogue;
  /** What the check said of the spec that ran, such as that a table has changed. */
  readonly problems?: readonly Problem[];
  readonly programs: Programs;
  /** What `now()` was in the run. */
  readonly instant?: string;
  /** Where the rows stand, as SQL behind `from`: the target, or those that wait to be published. */
  readonly rows: string;
  /** The rows are those of this run alone, whatever the target's mode is. */
  readonly ownRows: boolean;
  readonly skip?: readonly PhaseName[];
}

export interface ValidationWatch {
  readonly signal: AbortSignal;
  /** Returns when it is safely stored; the next phase begins then. */
  readonly onPhase?: (result: PhaseResult) => Promise<void>;
}

/** From a wrong result, or a job that failed, to what mends it. */
export interface Remediator {
  remedy(request: RemedyRequest, signal: AbortSignal): Promise<Remedy>;
}

export interface RemedyRequest {
  readonly specText: string;
  readonly prompt?: string;
  readonly answers?: readonly Answer[];
  readonly catalogue: Catalogue;
  /** What the check says of the spec: some come with the edit that mends them. */
  readonly problems?: readonly Problem[];
  readonly programs: Programs;
  readonly code: Code;
  readonly fault: Fault;
  /** Those before this one, the first first. */
  readonly rounds: readonly Round[];
  /** Its rows are visible, in a target that keeps what it has: another execution would write them twice. */
  readonly visible?: boolean;
}

/** What is to be mended. */
export type Fault =
  | { readonly kind: 'wrong'; readonly verdict: Verdict; readonly divergence?: Divergence }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

/** One remedy, and what it was for: whether it helped is told by the fault that came after it. */
export interface Round {
  readonly fault: Fault;
  readonly remedy: Remedy;
  readonly spent?: Spending;
}

/** Makes staged rows visible, or drops them, by a connection of our own. */
export interface Publisher {
  publish(stage: Stage, signal: AbortSignal): Promise<Publication>;
  giveUp(stage: Stage, signal: AbortSignal): Promise<void>;
  /** The staged rows as SQL behind `from`; undefined where nothing waits. */
  rows(stage: Stage, signal: AbortSignal): Promise<string | undefined>;
}

export type Publication =
  | { readonly kind: 'published'; readonly rows: number; readonly repeated: boolean }
  /** The database does not take these rows, whoever brings them; the old ones stand. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Stage {
  readonly target: PublicationTarget;
  /** The id that the job ran under. */
  readonly runId: string;
  readonly instant: string;
}

/** How far the incremental sources of a target were read by the last run that finished. */
export interface Marks {
  of(target: string): Promise<Readonly<Record<string, string>>>;
  keep(target: string, marks: Readonly<Record<string, string>>): Promise<void>;
}

/** Told of all that happens; never in the way of the run. */
export interface RunLog {
  /** A fact of the journal, or something beside it. */
  write(kind: string, data: Readonly<Record<string, unknown>>, fact?: number): void;
}

/** What each step may take, in seconds. */
export interface Limits {
  readonly specs: number;
  /** Reading the catalogue and checking the spec. */
  readonly check: number;
  readonly executor: number;
  readonly validator: number;
  readonly remediator: number;
  readonly publisher: number;
  /** The whole run, as long as it is in this process; without a limit where it is left out. */
  readonly run?: number;
}

export const usualLimits: Limits = {
  specs: 60,
  check: 60,
  executor: 900,
  validator: 300,
  remediator: 900,
  publisher: 300,
};

/** Everything outside that a run needs. What is left out is needed only by orders that ask for it. */
export interface RunPorts {
  readonly journal: Journal;
  readonly database: Database;
  readonly compile: Compile;
  readonly engine: Engine;
  readonly planner?: Planner;
  readonly codeWriter?: CodeWriter;
  readonly gate?: ScriptGate;
  readonly samples?: Samples;
  readonly validator?: Validator;
  /** Writes tests of what was asked for; without it that phase is not run. */
  readonly intent?: IntentWriter;
  /** To find the step that went wrong. */
  readonly snapshots?: Snapshots;
  readonly remediator?: Remediator;
  readonly publisher?: Publisher;
  readonly marks?: Marks;
  readonly log?: RunLog;
  /** What the run has taken of its budget so far. */
  readonly spent?: () => Spending;
  /** Told what a job took on its engine: it counts for the budget too. */
  readonly jobCost?: (cost: JobCost) => void;
  readonly limits?: Partial<Limits>;
  readonly watch?: RunWatch;
}

/** For whoever looks on. */
export interface RunWatch {
  /** A model's text as it arrives. */
  readonly onText?: (text: string) => void;
  readonly onOutput?: (line: string) => void;
  readonly onStarted?: (handle: JobHandle) => void;
  readonly onProgress?: Parameters<Engine['run']>[1]['onProgress'];
}
