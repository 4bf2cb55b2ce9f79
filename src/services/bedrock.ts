import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { ModelFailure, type Model, type ModelAnswer, type ModelRequest, type ModelWatch } from '../agents/model.ts';
import { clientConfig, type AwsAccess } from './aws/access.ts';
import { dialectOf, modelIdIn, refusedFeature, type Dialect } from './bedrock/families.ts';
import { toModelFailure } from './bedrock/failure.ts';
import { piecesOf, piecesOfWhole } from './bedrock/pieces.ts';
import { converseInput, usedFeatures } from './bedrock/request.ts';
import { idleLimitMs, watchIdle, type IdleWatch } from './idleWatch.ts';
import { ModelTurn, type Piece } from './modelTurn.ts';
import { abortError } from './unlessAborted.ts';

export interface BedrockOptions {
  readonly access: AwsAccess;
  /** Of a model, an inference profile or their ARN; Claude Sonnet 4.5 where it is left out. */
  readonly modelId?: string;
  /** How long the service may say nothing. */
  readonly idleMs?: number;
}

export interface BedrockModel extends Model {
  close(): void;
}

/**
 * Amazon Bedrock by ConverseStream: a stream shows that the model is alive, can be ended in the middle, and leaves what had
 * come where it breaks. Only models that take no tools in a stream are asked by Converse.
 */
export async function openBedrock({ access, modelId, idleMs = idleLimitMs }: BedrockOptions): Promise<BedrockModel> {
  const client = new BedrockRuntimeClient({
    // Asking again is the asker's business: it knows the budget.
    ...clientConfig(access, 1),
    // Ours ends first, and tells a silence from a broken line.
    requestHandler: { requestTimeout: idleMs + 10_000 },
  });
  const id = modelIdIn(await regionOf(client), modelId);
  return new Bedrock(client, { id, access, idleMs });
}

async function regionOf(client: BedrockRuntimeClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (cause) {
    const words = 'No AWS region is set: name one in the settings, in AWS_REGION, or in the profile.';
    throw new ModelFailure('credentials', words, { cause });
  }
}

class Bedrock implements BedrockModel {
  readonly provider = 'bedrock';
  readonly id: string;
  readonly #client: BedrockRuntimeClient;
  readonly #access: AwsAccess;
  readonly #idleMs: number;
  #dialect: Dialect;

  constructor(client: BedrockRuntimeClient, { id, access, idleMs }: { id: string; access: AwsAccess; idleMs: number }) {
    this.id = id;
    this.#client = client;
    this.#access = access;
    this.#idleMs = idleMs;
    this.#dialect = dialectOf(id);
  }

  /** A parameter that the model refuses by name is left out from then on; a refused request costs nothing. */
  async call(request: ModelRequest, watch: ModelWatch): Promise<ModelAnswer> {
    for (;;) {
      const turn = new ModelTurn(request, watch);
      const dialect = this.#dialect;
      try {
        return await this.#ask(request, watch, { turn, dialect });
      } catch (error) {
        if (watch.signal.aborted) throw abortError(watch.signal);
        const refused = refusalIn(error, usedFeatures(request, dialect));
        if (turn.begun || !refused) throw toModelFailure(error, { modelId: this.id, access: this.#access, turn });
        this.#dialect = { ...this.#dialect, [refused]: false };
      }
    }
  }

  async #ask(request: ModelRequest, watch: ModelWatch, { turn, dialect }: Attempt): Promise<ModelAnswer> {
    const idle = watchIdle(watch.signal, this.#idleMs);
    try {
      for await (const piece of this.#pieces(request, dialect, idle)) turn.take(piece);
      // Over HTTP/2 an ended request ends its stream as if in order.
      if (!idle.signal.aborted) return turn.answer();
    } catch (error) {
      if (!idle.signal.aborted) throw error;
    } finally {
      idle.end();
    }
    watch.signal.throwIfAborted();
    throw turn.failure('timeout', `${this.id} said nothing for ${Math.round(this.#idleMs / 1000)} seconds.`);
  }

  async *#pieces(request: ModelRequest, dialect: Dialect, idle: IdleWatch): AsyncGenerator<Piece> {
    const input = converseInput(this.id, request, dialect);
    const options = { abortSignal: idle.signal };
    if (input.toolConfig && !dialect.streamedTools) {
      yield* piecesOfWhole(await this.#client.send(new ConverseCommand(input), options));
      return;
    }
    const { stream = [] } = await this.#client.send(new ConverseStreamCommand(input), options);
    for await (const event of stream) {
      idle.heard();
      yield* piecesOf(event);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

interface Attempt {
  readonly turn: ModelTurn;
  readonly dialect: Dialect;
}

function refusalIn(error: unknown, used: ReturnType<typeof usedFeatures>) {
  const isRefusal = error instanceof Error && /^(ValidationException|AccessDeniedException)$/.test(error.name);
  return isRefusal ? refusedFeature(error.message, used) : undefined;
}
