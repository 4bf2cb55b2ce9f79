import type { Answer, GlossaryTerm } from './planner.ts';
import type { Changes } from './validation/changes.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import type { TargetColumn } from '../spec/spec.ts';

/** Writes tests of what was asked for, from the prompt and the schema alone: it never sees the spec or the code. */
export interface IntentWriter {
  /** Rejects where the outside world fails; whatever a model writes is an answer, to be checked by whoever runs it. */
  write(request: IntentRequest, signal: AbortSignal): Promise<Intent>;
}

export interface IntentRequest {
  readonly prompt: string;
  readonly catalogue: Catalogue;
  /** The target's columns: without their names no test could be written. */
  readonly columns: readonly TargetColumn[];
  readonly answers?: readonly Answer[];
  readonly glossary?: readonly GlossaryTerm[];
}

export interface Intent {
  readonly tests: readonly IntentTest[];
  /** The prompt, read once more, as one SELECT with the target's columns. */
  readonly reading?: SecondReading;
}

export interface IntentTest {
  readonly name: string;
  /** What it tests, in one sentence. */
  readonly says: string;
  /** A SELECT that returns the rows that break it; the target is called `target`. */
  readonly query: string;
}

export interface SecondReading {
  readonly query: string;
  /** How the prompt was understood, in one or two sentences. */
  readonly words: string;
}

export interface IntentOutcome {
  readonly tests: readonly IntentResult[];
  readonly reading?: ReadingResult;
}

export type IntentResult = { readonly test: IntentTest } & (
  | /** `damage`: the damaged copy of the target that it failed on, so that it is known to be able to. */
    { readonly kind: 'passed'; readonly damage: string }
  | {
      readonly kind: 'failed';
      readonly rows: number;
      readonly examples: readonly string[];
      /** What it says of the second reading's rows: one that fails on those too speaks against itself. Left out where it is not known. */
      readonly onReading?: 'passes' | 'fails';
    } /** It cannot fail, is refused or cannot be run, and says nothing. */
  | { readonly kind: 'dropped'; readonly reason: string }
);

export type ReadingResult = { readonly reading: SecondReading } & (
  | { readonly kind: 'agrees'; readonly rows: number }
  /** `expected` is the row as the reading has it, `actual` the one of the spec. */
  | { readonly kind: 'differs'; readonly changes: Changes }
  | { readonly kind: 'dropped'; readonly reason: string }
);
