/**
 * What a scripted model answers, whatever wire it speaks. See modelServer.ts for the servers, scriptedChat.ts for the editor's
 * kind of model.
 */
export type Reply =
  | WholeReply
  | { readonly kind: 'tooLong'; readonly text: string }
  | { readonly kind: 'decline'; readonly text?: string }
  /** Not even a stream: an HTTP error before any word. */
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly retryAfterSeconds?: number }
  /** The service does not want a parameter, in the words of `message`. */
  | { readonly kind: 'refuseParameter'; readonly message: string }
  /** The text, then an error in the middle of the stream. */
  | { readonly kind: 'failMidway'; readonly after: string; readonly reason: 'throttled' | 'broken' }
  /** The stream ends in order, but before its answer does. */
  | { readonly kind: 'cut'; readonly after: string }
  /** The stream ends in order after so many bytes of the reply, be it in the middle of a letter. */
  | { readonly kind: 'cutAt'; readonly bytes: number; readonly reply: WholeReply }
  /** The connection breaks. */
  | { readonly kind: 'reset'; readonly after: string }
  /** The text, then silence until the client goes. */
  | { readonly kind: 'stall'; readonly after?: string }
  /** The text again and again until the client goes. */
  | { readonly kind: 'endless'; readonly text: string };

/** One that comes to its end. */
export type WholeReply =
  | { readonly kind: 'text'; readonly text: string; readonly usage?: ScriptedUsage }
  /** The object that was asked for, in whatever form the request asks for it: a call of its last tool, or JSON as text. */
  | { readonly kind: 'answer'; readonly value: object; readonly text?: string; readonly usage?: ScriptedUsage }
  | { readonly kind: 'calls'; readonly calls: readonly ScriptedCall[]; readonly text?: string }
  /** As `answer`, but the JSON is this text, which need not be JSON. */
  | { readonly kind: 'json'; readonly json: string };

export type RefusalReason =
  'throttled' | 'credentials' | 'noAccess' | 'noModel' | 'tooMuch' | 'unavailable' | 'scriptIsOver';

export interface ScriptedCall {
  readonly name: string;
  readonly input: unknown;
}

export interface ScriptedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** A reply, or what makes one of the request. */
export type Turn = Reply | ((request: SeenRequest) => Reply | Promise<Reply>);

export interface SeenRequest {
  readonly modelId: string;
  /** Lower-case names; empty where there is no HTTP. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came over the wire. */
  readonly body: unknown;
  /** The same in its parts. */
  readonly system: string;
  readonly messages: readonly SeenMessage[];
  readonly tools: readonly string[];
  /** The answer is to be text that is JSON. */
  readonly wantsJson: boolean;
  /** Resolves when the client went away before its answer had ended. */
  readonly left: Promise<void>;
}

export interface SeenMessage {
  readonly role: string;
  readonly text: string;
}

export const usualUsage: ScriptedUsage = { input: 100, output: 20 };

/** The replies still to be played, in order; `otherwise` answers when they are over. */
export class Script {
  readonly requests: SeenRequest[] = [];
  readonly #turns: Turn[];
  #otherwise: Turn = { kind: 'refuse', reason: 'scriptIsOver' };

  constructor(turns: readonly Turn[]) {
    this.#turns = [...turns];
  }

  get unplayed(): readonly Turn[] {
    return this.#turns;
  }

  add(...turns: readonly Turn[]): void {
    this.#turns.push(...turns);
  }

  otherwise(turn: Turn): void {
    this.#otherwise = turn;
  }

  async next(request: SeenRequest): Promise<Reply> {
    this.requests.push(request);
    const turn = this.#turns.shift() ?? this.#otherwise;
    return typeof turn === 'function' ? await turn(request) : turn;
  }
}

/** The calls that a reply makes, with their input as text. */
export function callsIn(reply: Reply, { tools, wantsJson }: SeenRequest): readonly { name: string; json: string }[] {
  if (reply.kind === 'calls') return reply.calls.map(({ name, input }) => ({ name, json: JSON.stringify(input) }));
  const json = jsonIn(reply);
  return json === undefined || wantsJson ? [] : [{ name: tools.at(-1) ?? 'nothing', json }];
}

/** The text of a reply that comes to an end. */
export function textIn(reply: Reply, { wantsJson }: SeenRequest): string {
  const json = jsonIn(reply);
  if (json !== undefined && wantsJson) return json;
  return 'text' in reply ? (reply.text ?? '') : '';
}

function jsonIn(reply: Reply): string | undefined {
  if (reply.kind === 'json') return reply.json;
  return reply.kind === 'answer' ? JSON.stringify(reply.value) : undefined;
}

/** Two halves, so that a client that only looks at the first piece is found out. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}
