/** Phase 4: every row of the target against PostgreSQL's own answer, or of very many a sample. */
import { agrees, compare, type Comparison, type ComparisonRequest } from '../comparison.ts';
import { expectation } from '../comparisonValidator.ts';
import { counted } from '../counted.ts';
import type { ValidationRequest } from '../ports.ts';
import type { Proof } from '../verdict.ts';
import { findChanges, type Changes } from './changes.ts';
import type { PhaseOutcome } from './phases.ts';
import { compareSample } from './sample.ts';
import type { Snapshot } from './snapshot.ts';

export type Compared =
  | {
      readonly kind: 'compared';
      readonly comparison: Comparison;
      /** How rows differ, where they do. */
      readonly changes?: Changes;
      readonly sample?: NonNullable<Proof['sample']>;
    }
  | { readonly kind: 'notCompared'; readonly reason: string };

export async function compareRows(
  snapshot: Snapshot,
  request: ValidationRequest,
  mostRows: number,
): Promise<PhaseOutcome<Compared>> {
  const { programs, rows } = request;
  const expected = expectation(request);
  if (expected.kind === 'none') {
    const { reason } = expected;
    return { found: { kind: 'notCompared', reason }, outcome: 'notRun', summary: reason };
  }
  const keys = programs.keys ?? [];
  const whole = { table: rows, reference: expected.reference, columns: programs.target.columns };
  const sample = await compareSample(snapshot, whole, { keys, mostRows });
  const { request: looked, comparison } = sample ?? { request: whole, comparison: await compareAll(snapshot, whole) };
  const found: Compared = {
    ...{ kind: 'compared', comparison },
    ...(sample && { sample: sample.said }),
    ...(!agrees(comparison) && { changes: await findChanges(snapshot, looked, keys) }),
  };
  return { found, outcome: agrees(comparison) ? 'passed' : 'failed', summary: summaryOf(found) };
}

export const notLookedAt: Compared = { kind: 'notCompared', reason: 'The comparison was left out.' };

const compareAll = (snapshot: Snapshot, request: ComparisonRequest): Promise<Comparison> =>
  compare({ select: (sql) => snapshot.select(sql) }, request, snapshot.signal);

function summaryOf({ comparison, sample }: Compared & { readonly kind: 'compared' }): string {
  const { actualRows, expectedRows, missing, unexpected } = comparison;
  const looked = sample ? `${sample.rows} of ${counted(sample.of, 'row')} (${sample.range})` : counted(actualRows, 'row'); // prettier-ignore
  if (agrees(comparison)) return `${looked} compared: equal to PostgreSQL's own answer.`;
  return `${looked} compared with ${expectedRows} expected: ${missing} missing, ${unexpected} unexpected.`;
}
