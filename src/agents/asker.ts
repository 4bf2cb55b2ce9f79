import { callOnce, type Heard } from './asking/call.ts';
import { flawIn, flawOf, repaired, type Flaw } from './asking/repair.ts';
import type { Budget } from './budget.ts';
import { realClock, type Clock } from './clock.ts';
import {
  isModelFailure,
  ModelFailure,
  type Asker,
  type AskOptions,
  type Model,
  type ModelAnswer,
  type ModelFailureCode,
  type ModelRequest,
  type ModelWatch,
  type Usage,
} from './model.ts';
import { costOf, type ModelPrice } from './prices.ts';
import { retry, type RetryPolicy } from './retry.ts';
import { estimatedUsage, inputTokensOf } from './tokens.ts';

export interface AskerOptions {
  readonly model: Model;
  /** Undefined where it is not known. */
  readonly price: ModelPrice | undefined;
  readonly budget: Budget;
  /** Keeps a call in the run, redacted; the next step begins when it has returned. */
  readonly record: (call: CallRecord) => Promise<void>;
  readonly clock?: Clock;
  readonly retry?: RetryPolicy;
  /** How long one call may take. */
  readonly callMs?: number;
  /** Calls of the run before it was interrupted. */
  readonly callsBefore?: number;
}

/** One call as it was: what was sent, what came, what it took. */
export interface CallRecord {
  /** In the run, from 1. */
  readonly number: number;
  readonly provider: string;
  readonly model: string;
  readonly request: ModelRequest;
  /** Why it was made: for the first time, because the one before failed, or because its answer could not be used. */
  readonly why: 'first' | 'retry' | 'repair';
  readonly outcome: CallOutcome;
  readonly usage: Usage;
  /** Left out where the price is not known. */
  readonly dollars?: number;
  /** ISO. */
  readonly startedAt: string;
  readonly ms: number;
}

export type CallOutcome =
  | { readonly kind: 'answered'; readonly answer: ModelAnswer }
  | {
      readonly kind: 'failed';
      readonly code: ModelFailureCode;
      readonly message: string;
      /** What had arrived. */
      readonly partial?: string;
    }
  | { readonly kind: 'cancelled'; readonly partial: string }
  /** Neither the model's nor the user's doing. */
  | { readonly kind: 'broken'; readonly message: string };

export const usualRetry: RetryPolicy = { attempts: 4, firstWaitMs: 1000, longestWaitMs: 30_000 };

const usualCallMs = 600_000;

/** The one way to a model: within the budget, again where that helps, mended once where the answer is no good, all kept. */
export function createAsker(options: AskerOptions): Asker {
  const context: Context = {
    clock: realClock,
    retry: usualRetry,
    callMs: usualCallMs,
    ...options,
    calls: { made: options.callsBefore ?? 0 },
  };
  return {
    async ask(request, watch, askOptions = {}) {
      const first = await attempted(context, { request, watch, askOptions, why: 'first' });
      if (!('flaw' in first)) return first.answer;
      const again = repaired(request, first.flaw);
      const second = await attempted(context, { request: again, watch, askOptions, why: 'repair' });
      if (!('flaw' in second)) return second.answer;
      throw stillFlawed(second.flaw);
    },
  };
}

type Context = Required<Omit<AskerOptions, 'callsBefore'>> & { readonly calls: { made: number } };

interface Ask {
  readonly request: ModelRequest;
  readonly watch: ModelWatch;
  readonly askOptions: AskOptions;
  readonly why: CallRecord['why'];
}

async function attempted(
  context: Context,
  ask: Ask,
): Promise<{ readonly answer: ModelAnswer } | { readonly flaw: Flaw }> {
  let attempts = 0;
  try {
    const answer = await retry({
      ...{ policy: context.retry, clock: context.clock, signal: ask.watch.signal },
      attempt: (number) => {
        attempts = number;
        if (number > 1 || ask.why === 'repair') ask.watch.onRestart?.();
        return call(context, { ...ask, why: number === 1 ? ask.why : 'retry' });
      },
      onWait: (ms, error) => ask.watch.onWait?.({ ms, reason: error instanceof Error ? error.message : String(error) }),
      retryAfter: (error) =>
        isModelFailure(error) && error.isRetryable ? { atLeastMs: error.retryAfterMs ?? 0 } : undefined,
    });
    const flaw = flawOf(answer, ask.request, ask.askOptions);
    return flaw ? { flaw } : { answer };
  } catch (error) {
    const flaw = flawIn(error);
    if (flaw) return { flaw };
    throw attempts > 1 && isModelFailure(error) ? afterAll(error, attempts) : error;
  }
}

/** One call: its money is set aside before, counted after, and the call is kept before anything else happens. */
async function call(context: Context, { request, watch, why }: Ask): Promise<ModelAnswer> {
  const { model, clock } = context;
  watch.signal.throwIfAborted();
  const reserved = context.budget.reserve(needOf(context, request));
  const started = clock.now();
  const heard: Heard = { text: '' };
  let outcome: CallOutcome = { kind: 'cancelled', partial: '' };
  let usage = nothingUsed;
  try {
    const answer = await callOnce(model, request, watch, { callMs: context.callMs, heard });
    outcome = { kind: 'answered', answer };
    usage = answer.usage;
    return answer;
  } catch (error) {
    outcome = outcomeOf(error, heard, watch.signal);
    usage = usageIn(error, request, heard);
    throw error;
  } finally {
    const tokens = tokensIn(usage);
    const dollars = tokens === 0 ? 0 : context.price && costOf(context.price, usage);
    reserved.settle({ tokens, dollars });
    await context.record({
      number: (context.calls.made += 1),
      provider: model.provider,
      model: model.id,
      ...{ request, why, outcome, usage },
      ...(dollars === undefined ? {} : { dollars }),
      startedAt: new Date(started).toISOString(),
      ms: clock.now() - started,
    });
  }
}

function needOf({ model, price }: Context, request: ModelRequest) {
  const [inputTokens, outputTokens] = [inputTokensOf(request), request.maxTokens + (model.thinkingTokens ?? 0)];
  return {
    what: `a call of ${model.id} (${request.purpose})`,
    tokens: inputTokens + outputTokens,
    dollars: price && costOf(price, { inputTokens, outputTokens }),
  };
}

const nothingUsed: Usage = { inputTokens: 0, outputTokens: 0 };

const tokensIn = ({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage): number =>
  inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;

function outcomeOf(error: unknown, heard: Heard, signal: AbortSignal): CallOutcome {
  if (signal.aborted) return { kind: 'cancelled', partial: heard.text };
  if (!isModelFailure(error))
    return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
  const { code, message, partial } = error;
  return { kind: 'failed', code, message, ...(partial === undefined ? {} : { partial }) };
}

/** A provider charges for what it read and wrote, also where it came to nothing; only a refusal at the door is free. */
function usageIn(error: unknown, request: ModelRequest, { text }: Heard): Usage {
  if (!isModelFailure(error)) return estimatedUsage(request, text);
  if (error.usage) return error.usage;
  return atTheDoor.has(error.code) && text === '' ? nothingUsed : estimatedUsage(request, error.partial ?? text);
}

const atTheDoor: ReadonlySet<ModelFailureCode> = new Set([
  'throttled',
  'unavailable',
  'tooMuch',
  'credentials',
  'noModel',
  'rejected',
] as const);

const afterAll = (failure: ModelFailure, attempts: number): ModelFailure =>
  withWords(failure, `${failure.message} It was asked ${attempts} times.`);

const stillFlawed = ({ failure }: Flaw): ModelFailure =>
  withWords(
    failure,
    `${failure.message} It was told so, and did no better: say it in other words, or take another model.`,
  );

function withWords(failure: ModelFailure, message: string): ModelFailure {
  const { code, usage, partial, retryAfterMs } = failure;
  return new ModelFailure(code, message, {
    cause: failure,
    ...(usage ? { usage } : {}),
    ...(partial === undefined ? {} : { partial }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
