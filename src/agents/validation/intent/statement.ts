import { atInstant } from '../../../compiler/reference/clock.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * A query as it is run: its clock is the run's instant, and it lacks the semicolon that ends it, so that it can stand in brackets. Whether
 * it is one statement is the gate's to say: of what passes it, a semicolon at the very end can only end it, or stand in a comment.
 */
export const statementOf = (query: string, instant: string): string => atInstant(query.replace(/[;\s]+$/, ''), instant);

/** The moment of the snapshot where the run's own is not known: later by the time that the job took. */
export async function instantOf(snapshot: Snapshot, instant: string | undefined): Promise<string> {
  if (instant !== undefined) return instant;
  const [row] = await snapshot.select<{ readonly instant: string }>('select now()::text as instant');
  return row?.instant ?? '';
}
