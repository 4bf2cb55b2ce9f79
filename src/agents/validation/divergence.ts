/** Where a wrong result began: the first step whose rows are not those that PostgreSQL computes for the same step. */
import { fingerprintSql, type FingerprintColumn } from '../../compiler/reference/fingerprint.ts';
import type { Reference } from '../../compiler/reference/reference.ts';
import type { ResolvedSpec, ResolvedStep } from '../../compiler/resolved.ts';
import { isStatementFailed, type Snapshot } from './snapshot.ts';

/** What a traced job reports of a step; see python/datamorph/report.py. */
export interface TracedStep {
  readonly step: string;
  readonly rows: string;
  readonly fingerprint: string;
  /** Those that the script keeps, in their order. */
  readonly columns: readonly string[];
}

export type Divergence =
  | {
      readonly kind: 'step';
      readonly step: string;
      readonly expectedRows: string;
      readonly actualRows: string;
      /** Inputs of the step that could not be looked at: the fault may lie there. */
      readonly unseen: readonly string[];
    }
  /** Every step that was looked at agrees: what is wrong came after them. */
  | { readonly kind: 'behind'; readonly step?: string; readonly unseen: readonly string[] };

export interface Trace {
  readonly resolved: ResolvedSpec;
  readonly reference: Pick<Reference, 'steps'>;
  readonly traced: readonly TracedStep[];
}

/** Looks at the steps in their order, and no further than the first that diverges. */
export async function findDivergence(snapshot: Snapshot, { resolved, reference, traced }: Trace): Promise<Divergence> {
  const told = new Map(traced.map((step) => [step.step, step]));
  const unseen = new Set<string>();
  let last: string | undefined;
  for (const resolvedStep of resolved.steps) {
    const { name } = resolvedStep.step;
    const mine = told.get(name);
    const expected = mine && (await rowsOf(snapshot, reference.steps.get(name), columnsOf(resolvedStep, mine)));
    if (!expected) {
      unseen.add(name);
      continue;
    }
    if (expected.rows !== mine.rows || expected.fingerprint !== mine.fingerprint) {
      const inputs = before(resolved, resolvedStep).filter((input) => unseen.has(input));
      return { kind: 'step', step: name, expectedRows: expected.rows, actualRows: mine.rows, unseen: inputs };
    }
    last = name;
  }
  return { kind: 'behind', ...(last !== undefined && { step: last }), unseen: [...unseen] };
}

interface Rows {
  readonly rows: string;
  readonly fingerprint: string;
}

/** Undefined where PostgreSQL cannot tell: the step has no SQL, or its columns have types of their own. */
async function rowsOf(
  snapshot: Snapshot,
  select: string | undefined,
  columns: readonly FingerprintColumn[] | undefined,
): Promise<Rows | undefined> {
  if (select === undefined || columns === undefined) return undefined;
  try {
    return (await snapshot.select<Rows>(fingerprintSql(select, columns)))[0];
  } catch (error) {
    snapshot.signal.throwIfAborted();
    if (!isStatementFailed(error)) throw error;
    return undefined;
  }
}

/** Undefined where the script keeps a column that the spec does not know. */
function columnsOf({ columns }: ResolvedStep, traced: TracedStep): readonly FingerprintColumn[] | undefined {
  const known = traced.columns.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return known.length === traced.columns.length ? known : undefined;
}

/** Everything that the step stands on. */
function before({ steps }: ResolvedSpec, step: ResolvedStep): readonly string[] {
  const found = new Set<string>();
  const visit = ({ inputs }: ResolvedStep): void => {
    for (const { name } of inputs) {
      const input = steps.find((candidate) => candidate.step.name === name);
      if (!input || found.has(name)) continue;
      found.add(name);
      visit(input);
    }
  };
  visit(step);
  return [...found];
}
