/**
 * A language model: Amazon Bedrock, the editor's own, or any OpenAI-compatible endpoint. Every implementation passes the same
 * contract suite (test/models/), and none of them retries, counts money or repairs: `Asker` does, once for all.
 */
export interface Model {
  /** As its provider calls it, such as `eu.anthropic.claude-sonnet-4-5-20250929-v1:0`. */
  readonly id: string;
  /** Where it is asked: `bedrock`, `editor`, `openai`. */
  readonly provider: string;
  /** What it may write beside its answer, for itself, beyond `maxTokens`; it is charged for. */
  readonly thinkingTokens?: number;
  /**
   * One request and its whole answer. Rejects with `ModelFailure` where there is none: a stream that ends early is a failure
   * too. An aborted signal ends the request on the wire; what then rejects is no `ModelFailure`.
   */
  call(request: ModelRequest, watch: ModelWatch): Promise<ModelAnswer>;
}

export interface ModelRequest {
  /** Who asks, for the record: `specs`, `code`, `tests`, `remedy`. */
  readonly purpose: string;
  /** What is the same in every request comes first: a provider may cache everything up to a part that says so. */
  readonly system: readonly SystemPart[];
  readonly messages: readonly Message[];
  /** What the model may call before it answers. */
  readonly tools?: readonly ToolShape[];
  /** The answer is one object of this shape; plain text where it is left out. */
  readonly answer?: ToolShape;
  readonly maxTokens: number;
  /** Left out for the models that refuse it. */
  readonly temperature?: number;
}

export interface SystemPart {
  readonly text: string;
  /** The prefix up to here is stable and worth caching. */
  readonly cache?: boolean;
}

export interface ToolShape {
  readonly name: string;
  readonly description: string;
  /** JSON Schema; its bytes are the same in every request of this purpose. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls?: readonly ToolCall[] }
  | { readonly role: 'results'; readonly results: readonly ToolResult[] };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it; checked by whoever offers the tool. */
  readonly input: unknown;
}

export interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly failed?: boolean;
}

export interface ModelWatch {
  readonly signal: AbortSignal;
  /** Text as it arrives. */
  readonly onText?: (text: string) => void;
  /** The asker's: the text so far does not count, the answer begins again. */
  readonly onRestart?: () => void;
  /** The asker's: it waits before it asks again. */
  readonly onWait?: (wait: { readonly ms: number; readonly reason: string }) => void;
}

export type ModelAnswer = { readonly usage: Usage } & (
  | { readonly kind: 'text'; readonly text: string }
  /** The object that `answer` asked for, as the model wrote it: its shape is still to be checked. */
  | { readonly kind: 'object'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'calls'; readonly calls: readonly ToolCall[]; readonly text: string }
);

export interface Usage {
  /** What was neither read from a cache nor written to one. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** The provider did not say; this is counted from the characters, on the high side. */
  readonly estimated?: true;
}

export type ModelFailureCode =
  | 'throttled'
  /** The provider is overloaded, or the line broke before the answer began. */
  | 'unavailable'
  /** The answer began and did not end. */
  | 'cut'
  /** It reached `maxTokens`. */
  | 'tooLong'
  /** What it wrote is no JSON, or calls no tool that was offered. */
  | 'malformed'
  /** The model, or its guard, declined. */
  | 'declined'
  /** The request does not fit into the model. */
  | 'tooMuch'
  | 'credentials'
  /** No such model here, or no access to it. */
  | 'noModel'
  | 'rejected'
  | 'timeout';

/** Bundles have classes of their own: `instanceof` does not work between them. */
const failureBrand: unique symbol = Symbol.for('datamorph.ModelFailure') as never;

export const isModelFailure = (error: unknown): error is ModelFailure =>
  error instanceof Error && failureBrand in error;

export interface FailureDetails {
  readonly cause?: unknown;
  readonly usage?: Usage;
  readonly partial?: string;
  readonly retryAfterMs?: number;
}

/** Why there is no answer, in words that say what to do. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly [failureBrand] = true;
  readonly code: ModelFailureCode;
  readonly isRetryable: boolean;
  /** What it cost nevertheless. */
  readonly usage?: Usage;
  /** What had arrived, so that it can be kept. */
  readonly partial?: string;
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs?: number;

  constructor(code: ModelFailureCode, message: string, more: FailureDetails = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.isRetryable = code === 'throttled' || code === 'unavailable' || code === 'cut';
    if (more.usage) this.usage = more.usage;
    if (more.partial !== undefined) this.partial = more.partial;
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
  }
}

/**
 * Asks the run's model within the run's budget: checks the estimate before every call, waits and asks again where that helps,
 * keeps request, answer, usage and cost in the run, redacted. All agents ask through this.
 */
export interface Asker {
  /** Rejects with `ModelFailure`, or with `BudgetSpent` before a call that the budget does not hold. */
  ask(request: ModelRequest, watch: ModelWatch, options?: AskOptions): Promise<ModelAnswer>;
}

export interface AskOptions {
  /** What is wrong with the object or the text, in words for the model, which then answers once more; undefined where nothing is. */
  readonly validate?: (value: unknown) => string | undefined;
}
