import { compare, type Comparison } from './comparison.ts';
import type { Database, ValidationRequest, Validator } from './ports.ts';
import type { Verdict } from './runState.ts';

/** Compares every row of the target with PostgreSQL's own answer. */
export const comparisonValidator = (database: Pick<Database, 'select'>): Validator => ({
  async validate(request, signal): Promise<Verdict> {
    const { programs, rows, ownRows } = request;
    const { reference, target } = programs;
    const reason = obstacle(request);
    if (reference === undefined || reason !== undefined) {
      return { kind: 'notCompared', reason: reason ?? programs.noReference ?? 'The spec has no reference.' };
    }
    const table = ownRows ? rows : target.table;
    const comparison = await compare(database, { table, reference, columns: target.columns }, signal);
    return { kind: agrees(comparison) ? 'passed' : 'failed', comparison };
  },
});

/** Why the rows that are there cannot be compared as a whole, beside the want of a reference. */
export function obstacle({ programs: { reference, target }, ownRows }: ValidationRequest): string | undefined {
  if (reference === undefined || target.mode === 'replace') return undefined;
  if (ownRows && target.mode !== 'history') return undefined;
  return `The target's mode is ${target.mode}: it holds rows of earlier runs too, so it is not compared as a whole.`;
}

const agrees = ({ missing, unexpected }: Comparison): boolean => missing === 0 && unexpected === 0;
