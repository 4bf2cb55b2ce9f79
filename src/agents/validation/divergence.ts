/** Where a wrong result began: the first step whose rows are not those that PostgreSQL computes for the same step. */
import { fingerprintSql, type FingerprintColumn } from '../../compiler/reference/fingerprint.ts';
import type { Changes } from './changes.ts';
import { isStatementFailed, type Snapshot } from './snapshot.ts';
import type { StepProgram } from './stepPrograms.ts';

/** What a traced job reports of a step; see python/datamorph/report.py. */
export interface TracedStep {
  readonly step: string;
  readonly rows: string;
  readonly fingerprint: string;
  /** Those that the script keeps, in their order. */
  readonly columns: readonly string[];
}

/** From 1; `near`: the step is not to be found in the script, and this is the last one before it that is. */
export interface ScriptLines {
  readonly first: number;
  readonly last: number;
  readonly near?: string;
}

export type Divergence =
  | {
      readonly kind: 'step';
      readonly step: string;
      /** Its place in the steps of the spec. */
      readonly index: number;
      readonly expectedRows: string;
      readonly actualRows: string;
      /** Inputs of the step that could not be looked at: the fault may lie there. */
      readonly unseen: readonly string[];
      /** The rows that differ there. */
      readonly changes?: Changes;
      /** Where the step stands in the script that ran. */
      readonly lines?: ScriptLines;
    }
  /** Every step that was looked at agrees: what is wrong came after them. */
  | {
      readonly kind: 'behind';
      readonly step?: string;
      readonly unseen: readonly string[];
      readonly lines?: ScriptLines;
    };

export interface Trace {
  readonly steps: readonly StepProgram[];
  readonly traced: readonly TracedStep[];
}

/** Looks at the steps in their order, and no further than the first that diverges. */
export async function findDivergence(snapshot: Snapshot, { steps, traced }: Trace): Promise<Divergence> {
  const told = new Map(traced.map((step) => [step.step, step]));
  const unseen = new Set<string>();
  let last: string | undefined;
  for (const step of steps) {
    const { name, index } = step;
    const mine = told.get(name);
    const expected = mine && (await rowsOf(snapshot, step.sql, columnsOf(step, mine)));
    const isOther =
      expected && (expected.rows !== mine.rows || (expected.fingerprint ?? mine.fingerprint) !== mine.fingerprint);
    if (!expected || (!isOther && expected.fingerprint === undefined)) {
      unseen.add(name);
      continue;
    }
    if (isOther) {
      const inputs = before(steps, step).filter((input) => unseen.has(input));
      return { kind: 'step', step: name, index, expectedRows: expected.rows, actualRows: mine.rows, unseen: inputs };
    }
    last = name;
  }
  return { kind: 'behind', ...(last !== undefined && { step: last }), unseen: [...unseen] };
}

interface Rows {
  readonly rows: string;
  /** Left out where the script keeps columns that the spec does not know: then only the number of rows can be compared. */
  readonly fingerprint?: string;
}

/** Undefined where PostgreSQL cannot tell: the step has no SQL, or its columns have types of their own. */
async function rowsOf(
  snapshot: Snapshot,
  select: string | undefined,
  columns: readonly FingerprintColumn[] | undefined,
): Promise<Rows | undefined> {
  if (select === undefined) return undefined;
  const counted = `select count(*)::text as rows from (\n${select}\n) as step`;
  try {
    return (await snapshot.select<Rows>(columns ? fingerprintSql(select, columns) : counted))[0];
  } catch (error) {
    snapshot.signal.throwIfAborted();
    if (!isStatementFailed(error)) throw error;
    return undefined;
  }
}

/** In the order of the script; undefined where it keeps a column that the spec does not know. */
export function columnsOf(
  { columns }: StepProgram,
  traced: Pick<TracedStep, 'columns'>,
): readonly FingerprintColumn[] | undefined {
  const known = traced.columns.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return known.length === traced.columns.length ? known : undefined;
}

/** Everything that the step stands on. */
function before(steps: readonly StepProgram[], step: StepProgram): readonly string[] {
  const found = new Set<string>();
  const visit = ({ inputs }: StepProgram): void => {
    for (const name of inputs) {
      const input = steps.find((candidate) => candidate.name === name);
      if (!input || found.has(name)) continue;
      found.add(name);
      visit(input);
    }
  };
  visit(step);
  return [...found];
}
