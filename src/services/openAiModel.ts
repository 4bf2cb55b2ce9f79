import { ModelFailure, type Model, type ModelAnswer, type ModelRequest, type ModelWatch } from '../agents/model.ts';
import { idleLimitMs, type IdleWatch } from './idleWatch.ts';
import { talk } from './modelTalk.ts';
import type { Piece } from './modelTurn.ts';
import { everything, refusedFeature, type Dialect, type Feature } from './openAi/dialect.ts';
import { endpointProblem } from './openAi/endpoint.ts';
import { Refused, toModelFailure } from './openAi/failure.ts';
import { chunkReader, noCompletion } from './openAi/pieces.ts';
import { chatBody, usedFeatures } from './openAi/request.ts';
import { serverEvents } from './openAi/serverEvents.ts';

export interface OpenAiOptions {
  /** Up to and without `/chat/completions`, such as `http://localhost:11434/v1`. */
  readonly endpoint: string;
  readonly modelId: string;
  readonly key?: string;
  /** How long the server may say nothing. */
  readonly idleMs?: number;
}

/** Any server that speaks OpenAI's chat completions: Ollama, vLLM, LM Studio, and the hosted ones. */
export function openAiModel({ endpoint, modelId, key, idleMs = idleLimitMs }: OpenAiOptions): Model {
  const problem = endpointProblem(endpoint);
  if (problem !== undefined) throw new ModelFailure('rejected', problem);
  const url = `${endpoint.replace(/\/+$/, '')}/chat/completions`;
  let dialect = everything;

  async function* pieces(request: ModelRequest, spoken: Dialect, idle: IdleWatch): AsyncGenerator<Piece> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
      },
      body: JSON.stringify(chatBody(modelId, request, spoken)),
      // Whoever is named in an answer does not get the key.
      redirect: 'error',
      signal: idle.signal,
    });
    if (!response.ok) throw await refusedBy(response, key);
    const read = chunkReader();
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/html')) throw noCompletion();
    if (type.includes('application/json')) {
      yield* read(await response.text());
      return;
    }
    for await (const event of serverEvents(heard(response.body, idle))) yield* read(event);
  }

  return {
    id: modelId,
    provider: 'openai',
    async call(request: ModelRequest, watch: ModelWatch): Promise<ModelAnswer> {
      for (;;) {
        const spoken = dialect;
        let refused: Feature | undefined;
        try {
          return await talk({
            ...{ request, watch, idleMs },
            pieces: (idle) => pieces(request, spoken, idle),
            failure: (error, turn) => {
              if (error instanceof Refused && [400, 422, 500, 501].includes(error.status))
                refused = refusedFeature(error.reason, usedFeatures(request, spoken));
              return toModelFailure(error, { endpoint, modelId, turn });
            },
          });
        } catch (error) {
          if (!refused) throw error;
          // From now on without it; each can be refused once only.
          dialect = { ...dialect, [refused]: false };
        }
      }
    },
  };
}

async function* heard(body: AsyncIterable<Uint8Array> | null, idle: IdleWatch): AsyncGenerator<Uint8Array> {
  for await (const bytes of body ?? []) {
    idle.heard();
    yield bytes;
  }
}

async function refusedBy(response: Response, key: string | undefined): Promise<Refused> {
  const text = await shortText(response);
  const seconds = Number(response.headers.get('retry-after') ?? undefined);
  // Some servers repeat the key that they do not know.
  const reason = key ? reasonIn(text).replaceAll(key, '‹redacted›') : reasonIn(text);
  return new Refused(response.status, reason, seconds >= 0 ? seconds * 1000 : undefined);
}

/** As OpenAI writes it, as others do, or whatever it is. */
function reasonIn(text: string): string {
  const found = /"(?:message|error|detail)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return found === undefined ? text.trim() : String(JSON.parse(found));
}

const longestReason = 10_000;

async function shortText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > longestReason) break;
  }
  return text;
}
