import { contentKey, type Cache } from './cachePort.ts';
import type { CodeGate } from './codeGate.ts';
import type { CodeWriter } from './codeWriter.ts';
import { codeAnswerShape, codeSystem } from './modelCodeWriter/words.ts';

export interface CodeCacheOptions {
  readonly writer: CodeWriter;
  readonly cache: Cache;
  readonly gate: CodeGate;
  readonly modelId: string;
}

/** The same spec over the same compiled script gets the same code. A patch is never kept: what failed has to be looked at anew. */
export const createCachedCodeWriter = ({ writer, cache, gate, modelId }: CodeCacheOptions): CodeWriter => ({
  async write(request, watch) {
    const { specText, example, failed } = request;
    if (failed) return writer.write(request, watch);
    const key = contentKey({ what: 'code', specText, example, modelId, words: [codeSystem, codeAnswerShape] });
    const kept = await cache.get(key);
    // Whatever stands in the cache passes the gate like a script that was just written.
    if (kept !== undefined && gate.script(kept, example).length === 0) return { kind: 'script', script: kept };
    const written = await writer.write(request, watch);
    if (written.kind === 'script') await cache.put(key, written.script);
    return written;
  },
});
