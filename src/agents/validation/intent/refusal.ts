import type { Snapshot } from '../snapshot.ts';

/** Why a query of a model is not run; undefined where it may be. An engineer's own rules may call the engineer's own functions. */
export async function refusalOf(snapshot: Snapshot, query: string): Promise<string | undefined> {
  const refusal = snapshot.refusal(query);
  if (refusal !== undefined) return refusal;
  const own = await snapshot.ownFunctions(query);
  return own.length === 0 ? undefined : `It calls ${own.join(', ')}, which may do more than read.`;
}
