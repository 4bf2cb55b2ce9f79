import type { Comparison } from './comparison.ts';
import type { Problem } from '../spec/problem.ts';

/** A run is a value: this union drives every view of it. */
export type RunState =
  | { readonly kind: 'checking' }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'executing' }
  | { readonly kind: 'executionFailed'; readonly message: string; readonly step?: string; readonly line?: number }
  | { readonly kind: 'comparing' }
  | { readonly kind: 'finished'; readonly verdict: Verdict }
  | { readonly kind: 'cancelled'; readonly during: string }
  /** The outside world failed: no connection, no disk. */
  | { readonly kind: 'broken'; readonly during: string; readonly message: string };

export type Verdict =
  /** Every row of the target was compared with PostgreSQL's own answer, and all agree. */
  | { readonly kind: 'passed'; readonly comparison: Comparison }
  | { readonly kind: 'failed'; readonly comparison: Comparison }
  /** The job ran, but its rows could not be compared: the reason is part of the answer. */
  | { readonly kind: 'notCompared'; readonly reason: string };
