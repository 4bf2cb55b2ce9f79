/** The rows of an execution that wait for their verdict. */
import { isAbort, isRetryable } from './attend.ts';
import { programsIn, type StepContext } from './context.ts';
import type { RunEvent } from './events.ts';
import { liveAttempts } from './record.ts';
import type { Publisher, Stage } from '../ports.ts';

/** As SQL behind `from`; undefined where none wait. */
export function stagedRows(context: StepContext): Promise<string | undefined> {
  if (liveAttempts(context.record).at(-1)?.job.publish !== 'later') return Promise.resolve(undefined);
  return publisherIn(context).rows(stageOf(context), context.signal);
}

/** Nobody sees the rows of the last execution yet, and something is still to be done with them. */
export const isStaged = ({ record }: StepContext): boolean => {
  const last = liveAttempts(record).at(-1);
  const { result, published } = last?.outcome ?? {};
  return last?.job.publish === 'later' && result?.kind !== 'cancelled' && !published && !record.publication;
};

export const rowsAreGone = 'The rows that waited for their verdict are gone: nothing is staged any more.';

/** A new round begins with nothing of the last one. */
export async function dropStaged(context: StepContext): Promise<void> {
  if (isStaged(context)) await publisherIn(context).giveUp(stageOf(context), context.signal);
}

export function publisherIn({ ports }: StepContext): Publisher {
  if (!ports.publisher) throw new Error('Nobody is there who could publish the rows later.');
  return ports.publisher;
}

export function stageOf(context: StepContext): Stage {
  const last = liveAttempts(context.record).at(-1);
  if (!last) throw new Error('Nothing was executed yet.');
  return {
    target: last.publication ?? programsIn(context).publication,
    runId: last.job.runId,
    instant: last.job.instant,
  };
}

/** An execution ends with its rows where they belong: a database that does not take them has ended it otherwise. */
export function notPublished(
  { record }: StepContext,
  message: string,
  reason: 'publication' | 'engine' = 'publication',
): RunEvent {
  const last = liveAttempts(record).at(-1);
  if (!last?.outcome) throw new Error('Nothing was executed yet.');
  const result = { kind: 'failed', reason, message } as const;
  return { kind: 'attempted', attempt: last.number, outcome: { ...last.outcome, result } };
}

/** Whoever cancels wants nothing left behind; a run that goes on afterwards executes once more. Undefined where nothing waits. */
export async function letGo(context: StepContext): Promise<RunEvent | undefined> {
  const last = liveAttempts(context.record).at(-1);
  if (last?.outcome?.result.kind !== 'succeeded' || !isStaged(context)) return undefined;
  await dropStaged(context);
  return { kind: 'attempted', attempt: last.number, outcome: { result: { kind: 'cancelled' } } };
}

/**
 * Why rows that are staged as texts do not fit into the types of the target, where that is what keeps them from being judged;
 * undefined where something else does.
 */
export async function unfit(
  { ports, signal }: StepContext,
  { rows, error }: { readonly rows: string; readonly error: unknown },
): Promise<string | undefined> {
  if (isOutside(error, signal)) return undefined;
  try {
    // Every row as a whole: so each cell has to be what its type takes.
    await ports.database.select(`select count(staged::text) as rows from (select * from ${rows}) as staged`, signal);
    return undefined;
  } catch (found) {
    if (!(found instanceof Error) || isOutside(found, signal)) throw error;
    return found.message;
  }
}

/** Neither the rows' doing nor that of whoever judges them. */
const isOutside = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted || isAbort(error) || isRetryable(error) || isAboutRights(error);

const isAboutRights = (error: unknown): boolean =>
  error instanceof Error && /permission denied|lacks a right/i.test(error.message);
