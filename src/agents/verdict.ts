/** What a validation found, and how far it looked: plain data, for the journal, the reports, the editor and the remediator. */
import type { Comparison } from './comparison.ts';
import type { IntentOutcome } from './intentPort.ts';
import type { Question } from './planner.ts';
import type { Changes } from './validation/changes.ts';
import type { RuleResult } from './validation/testRules.ts';

export type Verdict = VerdictParts &
  (
    | /** Every row of the target that was looked at equals PostgreSQL's own answer, and no rule of severity `error` is broken. */
      { readonly kind: 'passed'; readonly comparison: Comparison } /** Rows differ, or break a rule, or both. */
    | {
        readonly kind: 'failed';
        readonly comparison?: Comparison;
        readonly changes?: Changes;
        /** Why the rows were not compared, where only a rule speaks. */
        readonly reason?: string;
      } /** The job ran, but its rows could not be compared: the reason is part of the answer. */
    | { readonly kind: 'notCompared'; readonly reason: string }
  );

interface VerdictParts {
  readonly rules?: readonly RuleResult[];
  readonly intent?: IntentOutcome;
  /** The most severe first. */
  readonly findings?: readonly Finding[];
  /** What only the engineer can decide, such as which reading of the prompt is meant. */
  readonly questions?: readonly Question[];
  readonly proof?: Proof;
  /** What each phase did, in their order. */
  readonly phases?: readonly PhaseResult[];
  /** What was done about a wrong result, a sentence a round, the last of them why it ended. */
  readonly rounds?: readonly string[];
}

/** What was proven, on what, and what was not. */
export interface Proof {
  /** `pg_current_snapshot`: everything was read at this moment. */
  readonly snapshot: string;
  /** Of the target that were compared; none where they were not. */
  readonly rows: number;
  readonly ms: number;
  /** Left out where every row was compared. */
  readonly sample?: { readonly rows: number; readonly of: number; readonly range: string };
  /** In words, a sentence each. */
  readonly notProven: readonly string[];
}

export type FindingCode =
  | 'rows-differ'
  | 'rule-broken'
  /** A rule or a test that could not be run: nobody may take it for passed. */
  | 'not-run'
  /** What the prompt says, as a model reads it, is not what the rows say. */
  | 'intent-test-failed'
  | 'readings-differ'
  /** A table is not what it was when the spec was written. */
  | 'table-changed';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'information';
  /** One sentence. */
  readonly message: string;
  readonly place: FindingPlace;
  /** Where the fault lies, as far as evidence says so. */
  readonly cause?: FaultLayer;
  /** What speaks for the cause, a sentence each. */
  readonly evidence: readonly string[];
  /** Rows as JSON texts. */
  readonly examples: readonly string[];
}

/** `test`: the test itself is wrong; `prompt`: it can be read in two ways. */
export type FaultLayer = 'spec' | 'script' | 'data' | 'environment' | 'test' | 'prompt';

export interface FindingPlace {
  /** A step of the spec, or a source. */
  readonly step?: string;
  /** Of the workspace, where it is not the spec that `pointer` leads into. */
  readonly file?: string;
  /** Into the spec, such as `/checks/0` (RFC 6901). */
  readonly pointer?: string;
  /** In the script that ran, from 1. */
  readonly lines?: { readonly first: number; readonly last: number };
}

/** The phases of a validation, in their order; docs/validation.md tells of each. */
export const phaseNames = ['rules', 'intent', 'execution', 'comparison', 'verification', 'analysis'] as const;

export type PhaseName = (typeof phaseNames)[number];

/** What one phase did; in the journal before the next one begins. */
export interface PhaseResult {
  readonly phase: PhaseName;
  /** `notRun` is never taken for passed. */
  readonly outcome: 'passed' | 'failed' | 'warned' | 'notRun';
  /** In one sentence: what was done, on how many rows, or why it was not done. */
  readonly summary: string;
  readonly ms: number;
}
