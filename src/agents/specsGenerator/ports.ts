import type { Catalogue } from '../../spec/catalogue.ts';
import type { Problem } from '../../spec/problem.ts';
import type { TargetColumn } from '../../spec/spec.ts';

export interface CheckedText {
  readonly specText: string;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
}

/** The whole check of a spec: shape, names and types, PostgreSQL's own word, and what stands in the way of the PySpark. */
export interface SpecChecker {
  check(text: CheckedText): Promise<readonly Problem[]>;
  /** The columns of the rows that the target takes; undefined where a problem hides them. */
  rows(text: CheckedText): Promise<readonly TargetColumn[] | undefined>;
  /** Why a query of the spec may not be given to PostgreSQL; undefined where it may. */
  refusal(sql: string): string | undefined;
}
