import type { ModelAnswer, ModelRequest, ModelWatch } from '../agents/model.ts';
import { silenceText, watchIdle, type IdleWatch } from './idleWatch.ts';
import { ModelTurn, type Piece } from './modelTurn.ts';
import { abortError } from './unlessAborted.ts';

export interface Talk {
  readonly request: ModelRequest;
  readonly watch: ModelWatch;
  readonly idleMs: number;
  /** Asks, and gives the pieces of the answer as they come. */
  readonly pieces: (idle: IdleWatch) => AsyncIterable<Piece>;
  /** What the provider threw, as the failure that it is. */
  readonly failure: (error: unknown, turn: ModelTurn) => unknown;
}

/** One request to its end, whoever is asked: heard out, cancelled, fallen silent, or failed. */
export async function talk({ request, watch, idleMs, pieces, failure }: Talk): Promise<ModelAnswer> {
  const cancelled = (): boolean => watch.signal.aborted;
  if (cancelled()) throw abortError(watch.signal);
  const turn = new ModelTurn(request, watch);
  const idle = watchIdle(watch.signal, idleMs);
  try {
    for await (const piece of pieces(idle)) turn.take(piece);
    // Over HTTP/2 a cancelled request ends its stream as if in order.
    if (!idle.signal.aborted) return turn.answer();
  } catch (error) {
    if (!idle.signal.aborted) throw failure(error, turn);
  } finally {
    idle.end();
  }
  if (cancelled()) throw abortError(watch.signal);
  throw turn.failure('timeout', silenceText(idleMs));
}
