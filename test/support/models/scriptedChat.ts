/** A model of the editor's kind that plays a script: no wire, and errors as the editor throws them. */
import type { Chat, ChatMessage, ChatPiece, ChatRequest } from '../../../src/services/chatModel.ts';
import { callsIn, halves, Script, textIn, type RefusalReason, type Reply, type SeenRequest } from './script.ts';

export interface ScriptedChat extends Chat {
  readonly script: Script;
}

export function scriptedChat(): ScriptedChat {
  const script = new Script([]);
  return {
    id: 'scripted',
    script,
    async *send(request, signal) {
      const seen = seenIn(request, signal);
      yield* playChat(await script.next(seen), seen, signal);
    },
    // One token a word: a tokenizer that a test can count by.
    countTokens: (text) => Promise.resolve(text.split(/\s+/).filter((word) => word !== '').length),
  };
}

function seenIn(request: ChatRequest, signal: AbortSignal): SeenRequest {
  return {
    modelId: 'scripted',
    headers: {},
    body: request,
    system: '',
    messages: request.messages.map((message) => ({ role: message.role, text: textOf(message) })),
    tools: request.tools.map(({ name }) => name),
    wantsJson: false,
    left: new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    }),
  };
}

const textOf = (message: ChatMessage): string =>
  message.role === 'results' ? message.results.map(({ text }) => text).join('\n') : message.text;

async function* playChat(reply: Reply, request: SeenRequest, signal: AbortSignal): AsyncGenerator<ChatPiece> {
  const pieces = (text: string): ChatPiece[] => halves(text).map((piece) => ({ kind: 'text', text: piece }));
  switch (reply.kind) {
    case 'text':
    case 'answer':
    case 'calls':
    case 'json': {
      yield* pieces(textIn(reply, request));
      const calls = callsIn(reply, request);
      // The editor hands over objects: what is no JSON never gets so far.
      for (const [place, { name, json }] of calls.entries())
        yield { kind: 'call', id: `call_${place}`, name, input: JSON.parse(json) as unknown };
      return;
    }
    case 'tooLong':
    case 'cut':
      yield* pieces('text' in reply ? reply.text : reply.after);
      return;
    case 'decline':
      throw new Error('Sorry, the response was filtered by the Responsible AI Service.');
    case 'refuse':
      throw refusals[reply.reason]();
    case 'refuseParameter':
      throw new Error(reply.message);
    case 'cutAt':
      throw new Error('The editor hands over parts, not bytes.');
    case 'failMidway':
    case 'reset':
      yield* pieces(reply.after);
      throw new Error(
        reply.kind === 'failMidway' && reply.reason === 'throttled'
          ? 'Rate limit exceeded'
          : 'net::ERR_CONNECTION_RESET',
      );
    case 'stall':
      yield* pieces(reply.after ?? '');
      await request.left;
      // As the editor's own stream does when its token is cancelled.
      throw new Error('Canceled');
    case 'endless':
      while (!signal.aborted) yield { kind: 'text', text: reply.text };
      return;
  }
}

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const refusals: Readonly<Record<RefusalReason, () => Error>> = {
  throttled: () => new Error('Rate limit exceeded'),
  credentials: () => withCode('NoPermissions', 'The user did not consent.'),
  noAccess: () => withCode('NotFound', 'No such model.'),
  noModel: () => withCode('NotFound', 'No such model.'),
  tooMuch: () => new Error('Message exceeds token limit.'),
  unavailable: () => new Error('getaddrinfo ENOTFOUND api.example.com'),
  scriptIsOver: () => new Error('The script has no answer left.'),
};
