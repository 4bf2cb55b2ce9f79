import { isModelFailure, type ModelFailureCode } from '../../agents/model.ts';
import type { AwsAccess } from '../aws/access.ts';
import { asFailure, AwsFailure, type AwsFailureKind } from '../aws/failure.ts';
import type { ModelTurn } from '../modelTurn.ts';

export interface Asked {
  readonly modelId: string;
  readonly access: AwsAccess;
  /** How far the answer had come. */
  readonly turn: ModelTurn;
}

/** What Bedrock or its SDK threw, as a failure with a way out; an abort and a bug stay what they are. */
export function toModelFailure(error: unknown, { modelId, access, turn }: Asked): unknown {
  if (!(error instanceof Error) || isModelFailure(error) || error.name === 'AbortError') return error;
  const retryAfterMs = retryAfterOf(error);
  const more = { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const special = specials.find(({ name, words }) => name.test(error.name) && words.test(error.message));
  if (special) return turn.failure(special.code, special.say(modelId, error.message), more);
  if (inTransit.test(`${error.name} ${error.message} ${String((error as { code?: unknown }).code)}`))
    return turn.failure(turn.begun ? 'cut' : 'unavailable', transitText(error.message, turn.begun), more);
  const action = 'bedrock:InvokeModelWithResponseStream';
  const failure = asFailure(error, { action, resource: `the model ${modelId}`, access });
  if (!(failure instanceof AwsFailure)) return failure;
  const code = codes[failure.kind];
  return turn.failure(code === 'unavailable' && turn.begun ? 'cut' : code, failure.message, more);
}

const codes: Readonly<Record<AwsFailureKind, ModelFailureCode>> = {
  credentials: 'credentials',
  region: 'credentials',
  denied: 'noModel',
  missing: 'noModel',
  conflict: 'rejected',
  busy: 'throttled',
  throttled: 'throttled',
  unanswered: 'unavailable',
  refused: 'rejected',
};

interface Special {
  readonly name: RegExp;
  readonly words: RegExp;
  readonly code: ModelFailureCode;
  readonly say: (modelId: string, reason: string) => string;
}

/** What only Bedrock says. */
const specials: readonly Special[] = [
  {
    name: /^ValidationException$/,
    words: /maximum tokens you requested|max_?tokens/i,
    code: 'rejected',
    say: (modelId, reason) => `${modelId} does not write answers as long as was asked for. It says: ${brief(reason)}`,
  },
  {
    name: /^ValidationException$/,
    words: /too long|too large|too many (input )?tokens|exceeds? the (maximum|model|context)|context (window|length)/i,
    code: 'tooMuch',
    say: (modelId) =>
      `The request does not fit into ${modelId}: name the tables that matter, or take a model that holds more.`,
  },
  {
    name: /^ValidationException$/,
    words: /on-demand throughput/i,
    code: 'noModel',
    say: (modelId) =>
      `Bedrock serves ${modelId} by an inference profile only: put its area before it, such as eu.${modelId} or us.${modelId}.`,
  },
  {
    name: /^(ValidationException|ResourceNotFoundException)$/,
    words:
      /model identifier is invalid|could not resolve|end of its life|not (found|supported in)|operation not allowed/i,
    code: 'noModel',
    say: (modelId, reason) =>
      `Bedrock knows no model ${modelId} in this region: look its id up in the model catalogue. It says: ${brief(reason)}`,
  },
  {
    name: /^(AccessDeniedException|ResourceNotFoundException)$/,
    words: /access to the model|model access|use case|marketplace|legacy/i,
    code: 'noModel',
    say: (modelId, reason) =>
      `This account has no access to ${modelId}: ask for it on Bedrock's page of the model (docs/models.md). It says: ${brief(reason)}`,
  },
  {
    name: /^(ThrottlingException|ServiceQuotaExceededException)$/,
    words: /per day|quota/i,
    code: 'rejected',
    say: (_, reason) =>
      `The account's quota for this model is used up. Raise it in Service Quotas, or wait. ${brief(reason)}`,
  },
  {
    name: /^ModelNotReadyException$/,
    words: /.*/s,
    code: 'throttled',
    say: (modelId) => `Bedrock is still making ${modelId} ready.`,
  },
];

/** A line that broke, or a model that did: nobody knows what became of the answer, and asking again helps. */
const inTransit =
  /ModelTimeoutException|ModelErrorException|ModelStreamErrorException|ERR_HTTP2|NGHTTP2|HTTP\/2|Protocol error|http2 request did not|Truncated event message|[Cc]hecksum/;

function transitText(reason: string, begun: boolean): string {
  if (/Protocol error/.test(reason))
    return 'The endpoint of Bedrock does not speak HTTP/2: check AWS_ENDPOINT_URL_BEDROCK_RUNTIME and the proxy.';
  return begun
    ? `Bedrock did not finish the answer: ${brief(reason)}`
    : `Bedrock did not answer: ${brief(reason)} Check the network, a proxy, and the AWS status page.`;
}

function retryAfterOf(error: Error): number | undefined {
  const { $response } = error as { readonly $response?: { readonly headers?: Readonly<Record<string, string>> } };
  const seconds = Number($response?.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

const brief = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300);
