/** What the journal of a run holds: facts, each of them written down before the next step begins. */
import type { GateProblem } from '../codeWriter.ts';
import type { Job, JobHandle, JobResult } from '../engine.ts';
import type { Answer, Plan, PlanRequest } from '../planner.ts';
import type { Programs } from '../programs.ts';
import type { RunState } from '../runState.ts';
import type { FaultLayer, PhaseName, PhaseResult, Verdict } from '../verdict.ts';
import type { Divergence } from '../validation/divergence.ts';
import type { Problem } from '../../spec/problem.ts';

export type RunEvent =
  | { readonly kind: 'ordered'; readonly order: RunOrder }
  | { readonly kind: 'continued'; readonly changes: RunChanges }
  | { readonly kind: 'entered'; readonly state: RunState }
  | { readonly kind: 'planned'; readonly plan: Plan; readonly spent?: Spending }
  | { readonly kind: 'checked'; readonly problems: readonly Problem[]; readonly programs?: Programs }
  | { readonly kind: 'coded'; readonly code: Code }
  /** What a model wrote, or somebody edited, may not run. */
  | { readonly kind: 'gated'; readonly problems: readonly GateProblem[] }
  /** Before the engine is asked: whoever finds this without an end looks for the job before anything else. */
  | { readonly kind: 'attempting'; readonly attempt: number; readonly job: Omit<Job, 'script'> }
  | { readonly kind: 'started'; readonly attempt: number; readonly handle: JobHandle }
  | { readonly kind: 'attempted'; readonly attempt: number; readonly outcome: Outcome }
  /** One phase of the validation is over. */
  | { readonly kind: 'phase'; readonly result: PhaseResult }
  | { readonly kind: 'validated'; readonly verdict: Verdict }
  /** Where the rows went wrong, and the verdict that says so; without a divergence where it could not be found out. */
  | { readonly kind: 'located'; readonly divergence?: Divergence; readonly verdict: Verdict }
  | { readonly kind: 'remedied'; readonly remedy: Remedy; readonly spent?: Spending }
  | { readonly kind: 'published'; readonly rows: number; readonly repeated: boolean }
  | { readonly kind: 'gaveUp' }
  | { readonly kind: 'remembered' };

export interface JournalEntry {
  /** Counts from 1, without a gap. */
  readonly n: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly event: RunEvent;
}

/** What was asked for. */
export interface RunOrder {
  /** The run's one instant: what `now()` means on both sides. */
  readonly instant: string;
  readonly prompt?: string;
  /** Given instead of a prompt: then no planner is asked. */
  readonly specText?: string;
  readonly answers?: readonly Answer[];
  readonly target?: NonNullable<PlanRequest['target']>;
  readonly codegen: 'compiled' | 'model';
  /** The engine's name. */
  readonly engine: string;
  /** The account, without a secret: a run goes on where it began, or not at all. */
  readonly database?: string;
  /** `later`: the rows become visible when they have been compared. */
  readonly publish: 'now' | 'later';
  /** Phases of the validation that are left out. */
  readonly skip?: readonly PhaseName[];
  /** Where the run is to stop; at its end where it is left out. */
  readonly until?: 'plan' | 'code';
  readonly trace?: boolean;
  /** How often a wrong result may be mended: none at 0, and as often as ever where it is left out. */
  readonly rounds?: number;
}

/** With what a run goes on that stood still. */
export interface RunChanges {
  readonly until?: 'plan' | 'code';
  readonly answers?: readonly Answer[];
  /** Edited: no planner is asked again. */
  readonly specText?: string;
  /** Edited: no writer of code is asked again, and the compiled script is not used. */
  readonly script?: string;
}

export interface Code {
  readonly script: string;
  readonly origin: 'compiled' | 'model' | 'edited';
  /** What a patch changed, as a unified diff. */
  readonly diff?: string;
  readonly spent?: Spending;
}

/** What a step took of the budget. */
export interface Spending {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly dollars: number;
}

/** What became of one execution. */
export interface Outcome {
  readonly result: JobResult;
  readonly step?: string;
  /** The job itself said so, whatever became of it afterwards. */
  readonly published?: boolean;
  readonly staged?: boolean;
  /** How far each incremental source was read. */
  readonly marks?: Readonly<Record<string, string>>;
  /** Columns of the step that came last, where the run was traced. */
  readonly schema?: string;
}

/** What is done about a fault, and why. */
export type Remedy = { readonly layer: FaultLayer; readonly reason: string } & (
  | { readonly kind: 'spec'; readonly specText: string; readonly diff: string }
  | {
      readonly kind: 'script';
      readonly script: string;
      /** `edited`: a part of an edited script is the compiler's again, and the rest still the engineer's. */
      readonly origin: Code['origin'];
      readonly diff: string;
    }
  /** A fresh start from the prompt: the planner is asked again, and told what went wrong. */
  | { readonly kind: 'replan'; readonly note: string }
  /** Nothing is changed: what stood in the way may be gone. */
  | { readonly kind: 'again' }
  /** The verdict stands. */
  | { readonly kind: 'none' }
);
