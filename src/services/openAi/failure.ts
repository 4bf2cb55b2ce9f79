import { isModelFailure, type ModelFailureCode } from '../../agents/model.ts';
import type { ModelTurn } from '../modelTurn.ts';
import { StreamError } from './pieces.ts';

/** The endpoint answered, but not with a completion. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** The server's own words. */
    readonly reason: string,
    readonly retryAfterMs: number | undefined,
  ) {
    super(`HTTP ${status}: ${reason}`);
  }
}

export interface Asked {
  readonly endpoint: string;
  readonly modelId: string;
  readonly turn: ModelTurn;
}

/** What the endpoint or the network did, as a failure with a way out; a bug stays what it is. */
export function toModelFailure(error: unknown, { endpoint, modelId, turn }: Asked): unknown {
  if (isModelFailure(error)) return error;
  if (error instanceof Refused) {
    const { retryAfterMs } = error;
    const { code, message } = refusal(error, endpoint, modelId);
    return turn.failure(code, message, { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  if (error instanceof StreamError) {
    const code = /rate.?limit|overloaded|too many requests/i.test(error.message) ? 'throttled' : 'cut';
    return turn.failure(code, `${endpoint} broke off the answer: ${brief(error.message)}`, { cause: error });
  }
  const code = networkCode(error);
  if (code === undefined) return error;
  if (turn.begun)
    return turn.failure('cut', `The connection to ${endpoint} broke in the middle of the answer.`, { cause: error });
  return turn.failure(
    'unavailable',
    `Nobody answers at ${endpoint} (${code}): is the server running, and is this its address?`,
    { cause: error },
  );
}

function refusal({ status, reason }: Refused, endpoint: string, modelId: string) {
  const said = reason === '' ? '' : ` It says: ${brief(reason)}`;
  const failure = (code: ModelFailureCode, message: string) => ({ code, message: `${message}${said}` });
  if (status === 401 || status === 403)
    return failure(
      'credentials',
      `${endpoint} does not accept the key: enter it again, or leave it out where none is needed.`,
    );
  if (tooMuch.test(reason) || status === 413)
    return failure(
      'tooMuch',
      `The request does not fit into ${modelId}: name the tables that matter, or give it a longer context.`,
    );
  if (status === 404 || /model.{0,60}(not found|not exist|unknown)/i.test(reason))
    return failure(
      'noModel',
      `${endpoint} has no model ${modelId}, or is not the address of an OpenAI-compatible API (most end in /v1).`,
    );
  if (status === 429 && /quota|billing/i.test(reason))
    return failure('rejected', `The account at ${endpoint} has used up its quota.`);
  if (status === 429) return failure('throttled', `${endpoint} takes no more requests for the moment.`);
  if (status >= 500 || status === 408) return failure('unavailable', `${endpoint} is in trouble (HTTP ${status}).`);
  return failure('rejected', `${endpoint} refused the request (HTTP ${status}).`);
}

const tooMuch = /context.{0,20}(length|window|size)|too many tokens|prompt is too long|exceeds.{0,30}context/i;

/** `fetch` wraps what went wrong on the line in a TypeError. */
function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message === 'terminated') return 'broken line';
  if (error.message !== 'fetch failed') return undefined;
  const { code, message } = (error.cause ?? {}) as { readonly code?: string; readonly message?: string };
  return code ?? message ?? 'no reason given';
}

const brief = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300);
