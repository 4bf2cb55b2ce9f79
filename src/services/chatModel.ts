import type { Message, Model, ModelAnswer, ModelRequest, ToolShape, Usage } from '../agents/model.ts';
import { estimatedUsage } from '../agents/tokens.ts';
import { toModelFailure } from './chat/failure.ts';
import { idleLimitMs, type IdleWatch } from './idleWatch.ts';
import { talk } from './modelTalk.ts';
import type { Piece } from './modelTurn.ts';

/** A conversation with somebody else's model, as the editor offers it (views/editorChat.ts). */
export interface Chat {
  readonly id: string;
  /** Gives what the model says as it says it, and ends when the model has ended. */
  send(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPiece>;
  /** By the model's own tokenizer. */
  readonly countTokens?: (text: string, signal: AbortSignal) => Promise<number>;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolShape[];
  /** The model has to call the one tool. */
  readonly mustCall: boolean;
}

/** There is no role for a system: its words come first. */
export type ChatMessage =
  | { readonly role: 'user'; readonly text: string }
  | Extract<Message, { readonly role: 'assistant' }>
  | { readonly role: 'results'; readonly results: readonly { readonly id: string; readonly text: string }[] };

export type ChatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: unknown };

/** The editor's own models. They say neither what they cost nor why they stopped, and take no temperature. */
export function chatModel(chat: Chat, idleMs = idleLimitMs): Model {
  async function* pieces(request: ModelRequest, idle: IdleWatch): AsyncGenerator<Piece> {
    let calls = 0;
    let output = '';
    for await (const piece of chat.send(chatRequest(request), idle.signal)) {
      idle.heard();
      if (piece.kind === 'text') {
        output += piece.text;
        yield piece;
        continue;
      }
      const [key, json] = [String((calls += 1)), JSON.stringify(piece.input ?? {})];
      output += json;
      yield { kind: 'call', key, id: piece.id, name: piece.name };
      yield { kind: 'input', key, json };
    }
    yield { kind: 'usage', usage: await counted(chat, { request, output, signal: idle.signal }) };
    yield { kind: 'end', end: 'complete' };
  }
  return {
    id: chat.id,
    provider: 'editor',
    call: (request, watch): Promise<ModelAnswer> =>
      talk({
        ...{ request, watch, idleMs },
        pieces: (idle) => pieces(request, idle),
        failure: (error, turn) => toModelFailure(error, chat.id, turn),
      }),
  };
}

function chatRequest(request: ModelRequest): ChatRequest {
  const { system, messages, tools = [], answer } = request;
  const texts = system.map(({ text }) => text);
  if (answer) texts.push(mustCall(answer.name));
  const first: readonly ChatMessage[] = texts.length > 0 ? [{ role: 'user', text: texts.join('\n\n') }] : [];
  return {
    messages: [...first, ...messages.map(chatMessage)],
    tools: answer ? [...tools, answer] : tools,
    // The editor can demand a call of the only tool there is.
    mustCall: answer !== undefined && tools.length === 0,
  };
}

/** A result that failed has no mark of its own here. */
function chatMessage(message: Message): ChatMessage {
  if (message.role !== 'results') return message;
  const results = message.results.map(({ id, text, failed }) => ({ id, text: failed ? `Failed: ${text}` : text }));
  return { role: 'results', results };
}

const mustCall = (name: string): string =>
  `Give your answer only by calling the tool ${name}, exactly once. Never write the answer as text.`;

interface Said {
  readonly request: ModelRequest;
  readonly output: string;
  readonly signal: AbortSignal;
}

async function counted(chat: Chat, { request, output, signal }: Said): Promise<Usage> {
  const guess = estimatedUsage(request, output);
  if (!chat.countTokens) return guess;
  const input = JSON.stringify(chatRequest(request));
  const [inputTokens, outputTokens] = await Promise.all([
    chat.countTokens(input, signal),
    chat.countTokens(output, signal),
  ]);
  return { inputTokens, outputTokens, estimated: true };
}
