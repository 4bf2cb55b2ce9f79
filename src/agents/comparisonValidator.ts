import { agrees, compare } from './comparison.ts';
import type { Database, ValidationRequest, Validator } from './ports.ts';
import type { Verdict } from './verdict.ts';

/** Compares every row of the target with PostgreSQL's own answer. */
export const comparisonValidator = (database: Pick<Database, 'select'>): Validator => ({
  async validate(request, { signal }): Promise<Verdict> {
    const { programs, rows, ownRows } = request;
    const { target } = programs;
    const expected = expectation(request);
    if (expected.kind === 'none') return { kind: 'notCompared', reason: expected.reason };
    const { reference } = expected;
    const table = ownRows ? rows : target.table;
    const comparison = await compare(database, { table, reference, columns: target.columns }, signal);
    return { kind: agrees(comparison) ? 'passed' : 'failed', comparison };
  },
});

export type Expectation =
  | { readonly kind: 'reference'; readonly reference: string }
  /** Why the rows that are there cannot be compared as a whole. */
  | { readonly kind: 'none'; readonly reason: string };

export function expectation({ programs, ownRows }: ValidationRequest): Expectation {
  const { reference, noReference, target } = programs;
  if (reference === undefined) return { kind: 'none', reason: noReference ?? 'The spec has no reference.' };
  if (target.mode === 'replace' || (ownRows && target.mode !== 'history')) return { kind: 'reference', reference };
  const reason = `The target's mode is ${target.mode}: it holds rows of earlier runs too, so it is not compared as a whole.`;
  return { kind: 'none', reason };
}
