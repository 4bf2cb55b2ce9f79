import type { FingerprintColumn } from '../../compiler/reference/fingerprint.ts';
import type { Reference } from '../../compiler/reference/reference.ts';
import type { ResolvedSpec } from '../../compiler/resolved.ts';

/** A step as PostgreSQL computes it, for whoever compares it with what a job has of it. */
export interface StepProgram {
  readonly name: string;
  /** Its place in the steps of the spec. */
  readonly index: number;
  readonly inputs: readonly string[];
  readonly columns: readonly FingerprintColumn[];
  /** Columns that tell its rows apart; empty where none do for sure. */
  readonly keys: readonly string[];
  /** A SELECT of its rows; left out where the step has no SQL. */
  readonly sql?: string;
}

/** In the order of the spec, so each behind its inputs. */
export const stepProgramsOf = (
  { steps }: Pick<ResolvedSpec, 'steps'>,
  reference: Pick<Reference, 'steps'>,
): readonly StepProgram[] =>
  steps.map(({ step, index, inputs, columns, uniqueKeys }) => {
    const sql = reference.steps.get(step.name);
    return {
      name: step.name,
      index,
      inputs: inputs.map(({ name }) => name),
      columns: columns.map(({ name, type }) => ({ name, type })),
      keys: uniqueKeys[0] ?? [],
      ...(sql !== undefined && { sql }),
    };
  });
