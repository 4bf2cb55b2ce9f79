import type { GateProblem } from './codeWriter.ts';
import type { JobFailure, JobHandle } from './engine.ts';
import type { Misunderstood, Question } from './planner.ts';
import type { Verdict } from './verdict.ts';
import type { Problem } from '../spec/problem.ts';

/** A run is a value: this union drives every view of it. */
export type RunState =
  | { readonly kind: 'planning' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'coding'; readonly attempt: number }
  | { readonly kind: 'executing'; readonly attempt: number; readonly handle?: JobHandle }
  | { readonly kind: 'validating' }
  /** Runs the job once more, traced and without writing, to find the step that went wrong. */
  | { readonly kind: 'locating' }
  | { readonly kind: 'remediating'; readonly round: number }
  | { readonly kind: 'publishing' }
  | RunStop;

/** Where a run stands still. */
export type RunStop =
  /** The prompt is ambiguous, before or after its rows were looked at: it goes on with the answers. */
  | { readonly kind: 'asking'; readonly questions: readonly Question[] }
  /** It was to stop here, so that the spec can be looked at. */
  | { readonly kind: 'planned'; readonly problems: readonly Problem[] }
  /** It was to stop here, so that the script can be looked at. */
  | { readonly kind: 'coded' }
  | {
      readonly kind: 'finished';
      readonly verdict: Verdict;
      /** The rows were wrong and nobody sees them: the target holds what it held. */
      readonly leftOld?: true;
    }
  | Refused
  | {
      readonly kind: 'executionFailed';
      readonly message: string;
      readonly reason?: JobFailure;
      readonly step?: string;
      readonly line?: number;
      /** What was done about it, a sentence a round. */
      readonly rounds?: readonly string[];
    }
  | { readonly kind: 'cancelled'; readonly during: string }
  /** The outside world failed: no connection, no disk, a step that took too long. */
  | { readonly kind: 'broken'; readonly during: string; readonly message: string }
  | { readonly kind: 'budgetSpent'; readonly during: string; readonly message: string }
  /** Its process died. Nobody writes this down: it is how such a run is listed. */
  | { readonly kind: 'interrupted'; readonly during: string };

export interface Refused {
  readonly kind: 'refused';
  /** In the spec: what the checker says. */
  readonly problems: readonly Problem[];
  /** Of the planner, or of the gate: why not. */
  readonly reason?: string;
  readonly words?: readonly Misunderstood[];
  readonly gate?: readonly GateProblem[];
}

const working: ReadonlySet<RunState['kind']> = new Set<Exclude<RunState, RunStop>['kind']>([
  'planning',
  'checking',
  'coding',
  'executing',
  'validating',
  'locating',
  'remediating',
  'publishing',
]);

/** Whether nothing happens in the run any more until somebody continues it. */
export const isStop = (state: RunState): state is RunStop => !working.has(state.kind);
