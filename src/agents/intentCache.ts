import { contentKey, type Cache } from './cachePort.ts';
import type { Intent, IntentRequest, IntentWriter } from './intentPort.ts';
import { readIntent } from './intentWriter/answer.ts';
import { problemsOf, type IntentChecks } from './intentWriter/problems.ts';
import { intentAnswerShape, intentSystem } from './intentWriter/words.ts';
import { sliceOf, type RequestOptions } from './specsGenerator/request.ts';

export interface IntentCacheOptions extends RequestOptions, IntentChecks {
  readonly writer: IntentWriter;
  readonly cache: Cache;
  readonly modelId: string;
}

/**
 * The same prompt over the same schema for the same columns has the same tests. What cannot be run is not kept, for it is worth another
 * try, nor taken out, for the database may have gone on.
 */
export const createCachedIntentWriter = (options: IntentCacheOptions): IntentWriter => ({
  async write(request, signal) {
    const { writer, cache } = options;
    const key = keyOf(request, options);
    const text = await cache.get(key);
    const kept = text === undefined ? undefined : readIntent(parsed(text));
    const isWhole = async (intent: Intent): Promise<boolean> =>
      (await problemsOf({ intent, columns: request.columns, signal }, options)).length === 0;
    if (kept?.problems.length === 0 && (await isWhole(kept.intent))) return kept.intent;
    const written = await writer.write(request, signal);
    if (await isWhole(written)) await cache.put(key, JSON.stringify(written));
    return written;
  },
});

function keyOf(request: IntentRequest, { modelId, ...options }: IntentCacheOptions): string {
  const { prompt, answers = [], glossary = [], catalogue } = request;
  const columns = request.columns.map(({ name, type }) => ({ name, type }));
  return contentKey({
    what: 'intent',
    ...{ prompt, answers, glossary, columns, modelId },
    schema: sliceOf({ prompt, answers, catalogue }, options),
    words: [intentSystem, intentAnswerShape],
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No JSON: somebody else's text, and the model is asked.
    return undefined;
  }
}
