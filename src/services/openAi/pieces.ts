import { ModelFailure, type Usage } from '../../agents/model.ts';
import type { Piece, TurnEnd } from '../modelTurn.ts';

/** What of a chunk is read. Servers differ in what they send, so nothing of it is taken for granted. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: Said | null;
    /** Of a server that does not stream. */
    readonly message?: Said | null;
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: RawUsage | null;
  readonly error?: { readonly message?: string } | string | null;
}

interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly id?: string | null;
    readonly function?: { readonly name?: string | null; readonly arguments?: unknown };
  }[];
}

interface RawUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
}

/** Turns the chunks of one answer into pieces; it has to remember which calls have begun. */
export function chunkReader(): (text: string) => readonly Piece[] {
  const begun = new Set<string>();
  let refused = false;
  return (text) => {
    const { choices = [], usage, error } = parsed(text);
    if (error) throw new StreamError(typeof error === 'string' ? error : (error.message ?? 'no reason given'));
    const pieces: Piece[] = [];
    for (const { delta, message, finish_reason: reason } of choices.slice(0, 1)) {
      const said = delta ?? message;
      if (said?.refusal) refused = true;
      const words = said?.content ?? said?.refusal;
      if (words) pieces.push({ kind: 'text', text: words });
      said?.tool_calls?.forEach((call, place) => pieces.push(...callPieces(call, place, begun)));
      if (reason) pieces.push({ kind: 'end', end: refused ? 'declined' : endOf(reason) });
    }
    if (usage) pieces.push({ kind: 'usage', usage: usageOf(usage) });
    return pieces;
  };
}

/** The server said in the middle of a stream that it cannot go on. */
export class StreamError extends Error {}

/** A proxy's page, or another API. */
export const noCompletion = (cause?: unknown): ModelFailure =>
  new ModelFailure('rejected', 'What the endpoint sends is no chat completion: check its address.', { cause });

function parsed(text: string): Chunk {
  try {
    return JSON.parse(text) as Chunk;
  } catch (cause) {
    throw noCompletion(cause);
  }
}

function callPieces(
  call: NonNullable<Said['tool_calls']>[number],
  place: number,
  begun: Set<string>,
): readonly Piece[] {
  const key = String(call.index ?? place);
  const { name, arguments: input } = call.function ?? {};
  const pieces: Piece[] = [];
  if (!begun.has(key) && name) {
    begun.add(key);
    pieces.push({ kind: 'call', key, id: call.id ?? `call-${key}`, name });
  }
  const json = typeof input === 'string' ? input : input === undefined || input === null ? '' : JSON.stringify(input);
  return json === '' ? pieces : [...pieces, { kind: 'input', key, json }];
}

function usageOf({
  prompt_tokens: all = 0,
  completion_tokens: outputTokens = 0,
  prompt_tokens_details,
}: RawUsage): Usage {
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  return { inputTokens: all - cached, outputTokens, ...(cached > 0 ? { cacheReadTokens: cached } : {}) };
}

const ends: Readonly<Record<string, TurnEnd>> = {
  stop: 'complete',
  tool_calls: 'complete',
  function_call: 'complete',
  length: 'tooLong',
  content_filter: 'declined',
};

function endOf(reason: string): TurnEnd {
  const end = ends[reason];
  if (end) return end;
  throw new ModelFailure('rejected', `The model stopped for a reason that DataMorph does not know: ${reason}.`);
}
