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

const isStaged = ({ record }: StepContext): boolean => {
  const last = liveAttempts(record).at(-1);
  return last?.job.publish === 'later' && last.outcome?.published !== true;
};

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
export function notPublished({ record }: StepContext, message: string): RunEvent {
  const last = liveAttempts(record).at(-1);
  if (!last?.outcome) throw new Error('Nothing was executed yet.');
  const result = { kind: 'failed', reason: 'publication', message } as const;
  return { kind: 'attempted', attempt: last.number, outcome: { ...last.outcome, result } };
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
