/** Queries that a model wrote are run within bounds: what PostgreSQL expects them to cost, and the time that they take. */
import { isStatementFailed, type Snapshot } from '../snapshot.ts';

export interface IntentLimits {
  /** Of one statement of a test. */
  readonly statementMs: number;
  /** Of one test on all its damaged copies. */
  readonly testMs: number;
  /** Of all tests. */
  readonly testsMs: number;
  /** Of each statement of the second reading. */
  readonly readingMs: number;
  /** PostgreSQL's own estimate, in its units: a scan of ten million rows costs some 200,000. */
  readonly cost: number;
}

export const usualLimits: IntentLimits = {
  statementMs: 10_000,
  testMs: 15_000,
  testsMs: 60_000,
  readingMs: 60_000,
  cost: 1e9,
};

export interface Bounds {
  readonly statementMs: number;
  /** As `performance.now` tells it. */
  readonly until: number;
}

export const boundsFor = (statementMs: number, allMs: number): Bounds => ({
  statementMs,
  until: performance.now() + allMs,
});

/** The nearer end of both. */
export const within = (bounds: Bounds, ms: number): Bounds => ({
  ...bounds,
  until: Math.min(bounds.until, performance.now() + ms),
});

export type Asked<Row> =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** Why there is no answer, in one sentence. */
  | { readonly kind: 'none'; readonly reason: string };

export async function ask<Row extends object>(snapshot: Snapshot, sql: string, bounds: Bounds): Promise<Asked<Row>> {
  const left = bounds.until - performance.now();
  if (left <= 0) return { kind: 'none', reason: timeIsOver };
  const timeoutMs = Math.min(bounds.statementMs, left);
  try {
    return { kind: 'rows', rows: await snapshot.select<Row>(sql, { timeoutMs }) };
  } catch (error) {
    return { kind: 'none', reason: reasonOf(error, snapshot, timeoutMs) };
  }
}

/** Why PostgreSQL gave no answer, in one sentence; whatever else went wrong goes on. */
export function reasonOf(error: unknown, snapshot: Snapshot, timeoutMs: number): string {
  snapshot.signal.throwIfAborted();
  if (!isStatementFailed(error)) throw error;
  return isTimeout(error) ? tooSlow(timeoutMs) : sentence(error.message);
}

export const timeIsOver = 'The time for it is over.';

const tooSlow = (ms: number): string => `It did not end within ${Math.max(1, Math.round(ms / 1000))} s.`;

/** `query_canceled`: nobody else cancels here, for an aborted signal was looked at before. */
const isTimeout = ({ cause }: Error): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === '57014';

const sentence = (message: string): string => `PostgreSQL refuses it: ${message.replace(/\.$/, '')}.`;

interface PlanRow {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Total Cost': number } }[];
}

/** Why it is not worth a try; undefined where PostgreSQL thinks that it will end. */
export async function tooCostly(
  snapshot: Snapshot,
  sql: string,
  { bounds, cost }: { readonly bounds: Bounds; readonly cost: number },
): Promise<string | undefined> {
  const asked = await ask<PlanRow>(snapshot, `explain (format json) ${sql}`, bounds);
  if (asked.kind === 'none') return asked.reason;
  const expected = asked.rows[0]?.['QUERY PLAN'][0]?.Plan['Total Cost'] ?? 0;
  if (expected <= cost) return undefined;
  return `PostgreSQL expects it to cost ${expected.toExponential(1)}, and ${cost.toExponential(0)} is the most that is run.`;
}
