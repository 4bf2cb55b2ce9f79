import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { ModelFailure, type Model, type ModelAnswer, type ModelRequest, type ModelWatch } from '../agents/model.ts';
import { clientConfig, type AwsAccess } from './aws/access.ts';
import {
  dialectOf,
  modelIdIn,
  refusedFeature,
  thinkingTokensOf,
  type Dialect,
  type Feature,
} from './bedrock/families.ts';
import { toModelFailure } from './bedrock/failure.ts';
import { piecesOf, piecesOfWhole } from './bedrock/pieces.ts';
import { converseInput, usedFeatures } from './bedrock/request.ts';
import { idleLimitMs, type IdleWatch } from './idleWatch.ts';
import { talk } from './modelTalk.ts';
import type { Piece } from './modelTurn.ts';

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
    requestHandler: { requestTimeout: idleMs * wholeAnswer + 10_000 },
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
  readonly thinkingTokens: number;
  readonly #client: BedrockRuntimeClient;
  readonly #access: AwsAccess;
  readonly #idleMs: number;
  #dialect: Dialect;

  constructor(client: BedrockRuntimeClient, { id, access, idleMs }: { id: string; access: AwsAccess; idleMs: number }) {
    this.id = id;
    this.thinkingTokens = thinkingTokensOf(id);
    this.#client = client;
    this.#access = access;
    this.#idleMs = idleMs;
    this.#dialect = dialectOf(id);
  }

  /** A parameter that the model refuses by name is left out from then on; a refused request costs nothing. */
  async call(request: ModelRequest, watch: ModelWatch): Promise<ModelAnswer> {
    for (;;) {
      const dialect = this.#dialect;
      const used = usedFeatures(request, dialect);
      let refused: Feature | undefined;
      try {
        return await talk({
          ...{ request, watch, idleMs: isWhole(request, dialect) ? this.#idleMs * wholeAnswer : this.#idleMs },
          pieces: (idle) => this.#pieces(request, dialect, idle),
          failure: (error, turn) => {
            if (!turn.begun) refused = refusalIn(error, used);
            return toModelFailure(error, { modelId: this.id, access: this.#access, turn });
          },
        });
      } catch (error) {
        if (!refused) throw error;
        this.#dialect = { ...this.#dialect, [refused]: false };
      }
    }
  }

  async *#pieces(request: ModelRequest, dialect: Dialect, idle: IdleWatch): AsyncGenerator<Piece> {
    const input = converseInput(this.id, request, dialect);
    const options = { abortSignal: idle.signal };
    if (isWhole(request, dialect)) {
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

/** Nothing is heard of an answer that comes all at once until it is there. */
const wholeAnswer = 3;

const isWhole = ({ tools = [], answer }: ModelRequest, { streamedTools }: Dialect): boolean =>
  !streamedTools && (tools.length > 0 || answer !== undefined);

function refusalIn(error: unknown, used: ReadonlySet<Feature>): Feature | undefined {
  const isRefusal = error instanceof Error && /^(ValidationException|AccessDeniedException)$/.test(error.name);
  return isRefusal ? refusedFeature(error.message, used) : undefined;
}
