import {
  ModelFailure,
  type FailureDetails,
  type ModelAnswer,
  type ModelFailureCode,
  type ModelRequest,
  type ModelWatch,
  type ToolCall,
  type Usage,
} from '../agents/model.ts';
import { estimatedUsage } from '../agents/tokens.ts';

/** What a provider says in the course of one answer, whichever it is. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** A call begins; pieces of its input follow under the same key. */
  | { readonly kind: 'call'; readonly key: string; readonly id: string; readonly name: string }
  | { readonly kind: 'input'; readonly key: string; readonly json: string }
  | { readonly kind: 'end'; readonly end: TurnEnd }
  | { readonly kind: 'usage'; readonly usage: Usage };

export type TurnEnd = 'complete' | Extract<ModelFailureCode, 'tooLong' | 'declined' | 'malformed' | 'tooMuch'>;

interface BegunCall {
  readonly id: string;
  readonly name: string;
  json: string;
}

/** Collects the pieces of one answer, and says at the end what it is, or why it is none. */
export class ModelTurn {
  readonly #request: ModelRequest;
  readonly #watch: ModelWatch;
  readonly #calls = new Map<string, BegunCall>();
  #text = '';
  #length = 0;
  #end: TurnEnd | undefined;
  #usage: Usage | undefined;

  constructor(request: ModelRequest, watch: ModelWatch) {
    this.#request = request;
    this.#watch = watch;
  }

  /** Whether anything of the answer has come. */
  get begun(): boolean {
    return this.#length > 0 || this.#calls.size > 0;
  }

  take(piece: Piece): void {
    switch (piece.kind) {
      case 'text':
        this.#grow(piece.text);
        this.#text += piece.text;
        if (piece.text !== '') this.#watch.onText?.(piece.text);
        return;
      case 'call':
        this.#calls.set(piece.key, { id: piece.id, name: piece.name, json: '' });
        return;
      case 'input':
        this.#grow(piece.json);
        this.#begunCall(piece.key).json += piece.json;
        return;
      case 'end':
        this.#end = piece.end;
        return;
      case 'usage':
        this.#usage = piece.usage;
        return;
    }
  }

  /** The answer, when nothing more comes. */
  answer(): ModelAnswer {
    switch (this.#end) {
      case undefined:
        throw this.failure('cut', 'The answer broke off in the middle: the connection to the model ended early.');
      case 'complete':
        return this.#read();
      case 'tooLong':
        throw this.failure('tooLong', tooLongText(this.#request.maxTokens));
      case 'declined':
        throw this.failure('declined', declinedText(this.#text));
      case 'malformed':
        throw this.failure('malformed', 'The model wrote something that its provider could not read.');
      case 'tooMuch':
        throw this.failure('tooMuch', 'Request and answer together do not fit into the model: send fewer tables.');
    }
  }

  /** With what it cost and what had arrived. */
  failure(code: ModelFailureCode, message: string, more: Pick<FailureDetails, 'cause' | 'retryAfterMs'> = {}) {
    return new ModelFailure(code, message, {
      ...more,
      ...(this.begun || this.#usage ? { usage: this.#usageOrEstimate(), partial: this.#partial() } : {}),
    });
  }

  #read(): ModelAnswer {
    const { answer } = this.#request;
    const calls = this.#parsedCalls();
    const others = calls.filter(({ name }) => name !== answer?.name);
    const [usage, text] = [this.#usageOrEstimate(), this.#text];
    // Whoever answers beside its own look-ups has not seen their results yet.
    if (others.length > 0) return { kind: 'calls', calls: others, text, usage };
    const [first] = calls;
    if (answer && first) return { kind: 'object', value: first.input, text, usage };
    if (answer) return { kind: 'object', value: this.#objectInText(answer.name), text, usage };
    if (text.trim() === '') throw this.failure('malformed', 'The model answered with nothing.');
    return { kind: 'text', text, usage };
  }

  #parsedCalls(): readonly ToolCall[] {
    const { tools = [], answer } = this.#request;
    const offered = [...tools, ...(answer ? [answer] : [])].map(({ name }) => name);
    return [...this.#calls.values()].map(({ id, name, json }) => {
      if (!offered.includes(name)) throw this.failure('malformed', wrongToolText(name, offered));
      return { id, name, input: this.#parsed(json === '' ? '{}' : json, `The input of ${name}`) };
    });
  }

  /** Some models write the object as text, most in a fence; where a tool cannot be forced that is an answer too. */
  #objectInText(name: string): unknown {
    const bare = this.#text.trim().replace(/^```\w*\s*([\s\S]*?)\s*```$/, '$1');
    if (bare.startsWith('{')) return this.#parsed(bare, 'The answer');
    throw this.failure('malformed', `The model wrote text where ${name} was to be called.`);
  }

  #parsed(json: string, what: string): unknown {
    try {
      return JSON.parse(json);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw this.failure('malformed', `${what} is no valid JSON: ${reason}`, { cause });
    }
  }

  #begunCall(key: string): BegunCall {
    const call = this.#calls.get(key);
    if (!call) throw this.failure('malformed', 'The model wrote the input of a tool that it did not call.');
    return call;
  }

  /** `maxTokens` is the provider's to keep; some servers do not. */
  #grow(piece: string): void {
    this.#length += piece.length;
    if (this.#length > this.#request.maxTokens * longestToken)
      throw this.failure('tooLong', `${tooLongText(this.#request.maxTokens)} It did not stop by itself.`);
  }

  #usageOrEstimate(): Usage {
    return this.#usage ?? estimatedUsage(this.#request, this.#partial());
  }

  #partial(): string {
    return [this.#text, ...[...this.#calls.values()].map(({ name, json }) => `${name}(${json})`)]
      .filter((part) => part !== '')
      .join('\n');
  }
}

/** In characters, and more than any real one: an answer beyond it is beyond its tokens for sure. */
const longestToken = 20;

const tooLongText = (maxTokens: number): string =>
  `The answer was longer than ${maxTokens} tokens and was cut there: ask for less at once, or raise the limit.`;

const wrongToolText = (name: string, offered: readonly string[]): string =>
  offered.length > 0
    ? `The model called ${name}, which it was not offered; it may call ${offered.join(', ')}.`
    : `The model called ${name}, but it was offered no tool.`;

const declinedText = (words: string): string =>
  words.trim() === ''
    ? 'The model declined to answer, without a reason. Say it in other words, or take another model.'
    : `The model declined to answer: ${words.trim().slice(0, 300)}`;
