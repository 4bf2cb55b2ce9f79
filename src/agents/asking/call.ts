import { ModelFailure, type Model, type ModelAnswer, type ModelRequest, type ModelWatch } from '../model.ts';
import { estimatedUsage } from '../tokens.ts';

export interface Heard {
  /** What came, also of an answer that did not end. */
  text: string;
}

/**
 * One call, whatever the model does: it is left when the signal says so, when it takes too long and when it does not stop
 * writing, even if it does not obey.
 */
export async function callOnce(
  model: Model,
  request: ModelRequest,
  watch: ModelWatch,
  { callMs, heard }: { readonly callMs: number; readonly heard: Heard },
): Promise<ModelAnswer> {
  const ending = new AbortController();
  const timeout = AbortSignal.timeout(callMs);
  const signal = AbortSignal.any([watch.signal, timeout, ending.signal]);
  const left = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  const onText = (text: string): void => {
    heard.text += text;
    if (heard.text.length > request.maxTokens * longestToken) ending.abort(endless(request, heard));
    else watch.onText?.(text);
  };
  try {
    return await Promise.race([model.call(request, { signal, onText }), left]);
  } catch (error) {
    // An adapter rejects with words of its own when it is ended: why it was ended is what counts.
    if (watch.signal.aborted) throw watch.signal.reason;
    if (ending.signal.aborted) throw ending.signal.reason;
    throw timeout.aborted ? tooSlow(request, { callMs, heard }) : error;
  } finally {
    ending.abort();
  }
}

/** In characters, and more than any real one. */
const longestToken = 20;

const endless = (request: ModelRequest, { text }: Heard): ModelFailure =>
  new ModelFailure(
    'tooLong',
    `The answer was longer than ${request.maxTokens} tokens and did not stop by itself: ask for less at once, or take another model.`,
    { usage: estimatedUsage(request, text), partial: text.slice(0, mostKept) },
  );

const mostKept = 10_000;

const tooSlow = (request: ModelRequest, { callMs, heard: { text } }: { callMs: number; heard: Heard }): ModelFailure =>
  new ModelFailure(
    'timeout',
    `The model had not finished its answer after ${callMs / 1000} seconds, and was not waited for any longer.`,
    { usage: estimatedUsage(request, text), partial: text },
  );
