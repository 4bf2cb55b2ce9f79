import { contentKey, type Cache } from './cachePort.ts';
import type { IntentRequest, IntentWriter } from './intentPort.ts';
import { readIntent } from './intentWriter/answer.ts';
import { intentAnswerShape, intentSystem } from './intentWriter/words.ts';
import { sliceOf, type RequestOptions } from './specsGenerator/request.ts';

export interface IntentCacheOptions extends RequestOptions {
  readonly writer: IntentWriter;
  readonly cache: Cache;
  readonly modelId: string;
}

/** The same prompt over the same schema for the same columns has the same tests. Whoever runs them gates them like new ones. */
export const createCachedIntentWriter = ({ writer, cache, modelId, ...options }: IntentCacheOptions): IntentWriter => ({
  async write(request, signal) {
    const key = keyOf(request, modelId, options);
    const kept = await cache.get(key);
    const { intent, problems } = readIntent(kept === undefined ? undefined : parsed(kept));
    if (problems.length === 0) return intent;
    const written = await writer.write(request, signal);
    await cache.put(key, JSON.stringify(written));
    return written;
  },
});

function keyOf(request: IntentRequest, modelId: string, options: RequestOptions): string {
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
