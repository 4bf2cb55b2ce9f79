import type { RuleTable } from '../ruleSql.ts';

export interface IntentSides {
  /** The rows that the job wrote. */
  readonly target: RuleTable;
  /** What the spec says, as a SELECT; left out where it has none. */
  readonly reference?: string;
  /** What tells rows apart. */
  readonly keys: readonly string[];
  /** What `now()` was in the run. */
  readonly instant?: string;
}
