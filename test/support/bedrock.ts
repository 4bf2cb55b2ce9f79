/** A loopback server that speaks Bedrock's Converse and ConverseStream over HTTP/2 and plays scripted answers in order. */
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';

export type BedrockAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: unknown; readonly text?: string }
  /** An HTTP error; 429 ThrottlingException is what a busy model answers. */
  | { readonly kind: 'refuse'; readonly status: number; readonly type: string; readonly message: string }
  /** The stream says the text, then an exception event. */
  | { readonly kind: 'errorEvent'; readonly after: string; readonly type: StreamException; readonly message: string }
  /** The stream ends in order, but before its message does: no client notices by itself. */
  | { readonly kind: 'cut'; readonly after: string }
  /** The stream is reset in the middle, as by a broken connection. */
  | { readonly kind: 'break'; readonly after: string }
  /** The first half at once, the rest when `until` resolves; the caller may go away in between. */
  | { readonly kind: 'slow'; readonly text: string; readonly until: Promise<void> };

type StreamException = 'throttlingException' | 'modelStreamErrorException' | 'internalServerException';

export const THROTTLE: BedrockAnswer = {
  kind: 'refuse',
  status: 429,
  type: 'ThrottlingException',
  message: 'Too many requests, please wait before trying again.',
};

export interface BedrockRequest {
  readonly operation: 'converse' | 'converse-stream';
  readonly modelId: string;
  readonly body: unknown;
}

export interface Bedrock {
  readonly url: string;
  /** Everything asked so far, retries included. */
  readonly requests: readonly BedrockRequest[];
  /** Adds answers to those not yet played. */
  script(...answers: readonly BedrockAnswer[]): void;
  /** Answers never asked for: a test that scripted too much is wrong. */
  readonly unplayed: readonly BedrockAnswer[];
  stop(): Promise<void>;
}

const NOTHING_LEFT: BedrockAnswer = {
  kind: 'refuse',
  status: 400,
  type: 'ValidationException',
  message: 'The script has no answer left.',
};
const USAGE = { inputTokens: 100, outputTokens: 20, totalTokens: 120 };
const codec = new EventStreamCodec(toUtf8, fromUtf8);

export async function startBedrock(...answers: readonly BedrockAnswer[]): Promise<Bedrock> {
  const requests: BedrockRequest[] = [];
  const unplayed = [...answers];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    // A caller that goes away resets its stream; that is its right.
    stream.on('error', () => undefined);
    void read(stream).then(async (body) => {
      const request = { ...route(headers[':path'] ?? ''), body: JSON.parse(body) as unknown };
      requests.push(request);
      const answer = unplayed.shift() ?? NOTHING_LEFT;
      await (request.operation === 'converse' ? respond(stream, answer) : respondInPieces(stream, answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    unplayed,
    script: (...more) => unplayed.push(...more),
    async stop() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function route(path: string): Pick<BedrockRequest, 'operation' | 'modelId'> {
  const [, modelId, operation] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(path) ?? [];
  if (modelId === undefined) throw new Error(`The Bedrock stand-in knows no ${path}`);
  return { operation: operation as BedrockRequest['operation'], modelId: decodeURIComponent(modelId) };
}

async function read(stream: ServerHttp2Stream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}

async function respond(stream: ServerHttp2Stream, answer: BedrockAnswer): Promise<void> {
  switch (answer.kind) {
    case 'text': {
      respondWhole(stream, [{ text: answer.text }], 'end_turn');
      return;
    }
    case 'slow':
      await answer.until;
      {
        respondWhole(stream, [{ text: answer.text }], 'end_turn');
        return;
      }
    case 'tool': {
      respondWhole(stream, [...textBlocks(answer.text), { toolUse: toolUse(answer) }], 'tool_use');
      return;
    }
    case 'refuse': {
      refuse(stream, answer);
      return;
    }
    case 'errorEvent': {
      refuse(stream, { status: 500, type: capitalised(answer.type), message: answer.message });
      return;
    }
    case 'cut':
    case 'break':
      stream.session?.destroy();
  }
}

function respondWhole(stream: ServerHttp2Stream, content: readonly unknown[], stopReason: string): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  const message = { role: 'assistant', content };
  stream.end(JSON.stringify({ output: { message }, stopReason, usage: USAGE, metrics: { latencyMs: 1 } }));
}

async function respondInPieces(stream: ServerHttp2Stream, answer: BedrockAnswer): Promise<void> {
  if (answer.kind === 'refuse') {
    refuse(stream, answer);
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
  send(stream, 'messageStart', { role: 'assistant' });
  switch (answer.kind) {
    case 'text':
      sendText(stream, pieces(answer.text));
      {
        finish(stream, 'end_turn');
        return;
      }
    case 'slow': {
      const [first = '', ...rest] = pieces(answer.text);
      sendText(stream, [first]);
      await answer.until;
      sendText(stream, rest);
      finish(stream, 'end_turn');
      return;
    }
    case 'tool':
      sendText(stream, pieces(answer.text ?? ''));
      sendTool(stream, answer);
      {
        finish(stream, 'tool_use');
        return;
      }
    case 'errorEvent':
      sendText(stream, pieces(answer.after));
      sendFrame(stream, { ':message-type': 'exception', ':exception-type': answer.type }, { message: answer.message });
      stream.end();
      return;
    case 'cut':
      sendText(stream, pieces(answer.after));
      stream.end();
      return;
    case 'break':
      // The frames must have left before the reset.
      stream.write(frame(EVENT('contentBlockDelta'), textDelta(answer.after)), () => {
        setImmediate(() => {
          stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        });
      });
  }
}

type Refusal = Pick<Extract<BedrockAnswer, { kind: 'refuse' }>, 'status' | 'type' | 'message'>;

function refuse(stream: ServerHttp2Stream, { status, type, message }: Refusal): void {
  stream.respond({ ':status': status, 'content-type': 'application/json', 'x-amzn-errortype': type });
  stream.end(JSON.stringify({ message }));
}

const EVENT = (type: string) => ({ ':message-type': 'event', ':event-type': type });
const textDelta = (text: string) => ({ contentBlockIndex: 0, delta: { text } });

function sendText(stream: ServerHttp2Stream, texts: readonly string[]): void {
  for (const text of texts) send(stream, 'contentBlockDelta', textDelta(text));
}

/** As Bedrock does it: the tool's name first, then its input as pieces of JSON text. */
function sendTool(stream: ServerHttp2Stream, answer: Extract<BedrockAnswer, { kind: 'tool' }>): void {
  const { input, ...start } = toolUse(answer);
  const contentBlockIndex = 1;
  send(stream, 'contentBlockStart', { contentBlockIndex, start: { toolUse: start } });
  for (const piece of pieces(JSON.stringify(input))) {
    send(stream, 'contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input: piece } } });
  }
  send(stream, 'contentBlockStop', { contentBlockIndex });
}

function finish(stream: ServerHttp2Stream, stopReason: string): void {
  send(stream, 'messageStop', { stopReason });
  send(stream, 'metadata', { usage: USAGE, metrics: { latencyMs: 1 } });
  stream.end();
}

function send(stream: ServerHttp2Stream, type: string, body: unknown): void {
  sendFrame(stream, EVENT(type), body);
}

function sendFrame(stream: ServerHttp2Stream, headers: Readonly<Record<string, string>>, body: unknown): void {
  if (!stream.destroyed) stream.write(frame(headers, body));
}

function frame(headers: Readonly<Record<string, string>>, body: unknown): Uint8Array {
  const all = { ...headers, ':content-type': 'application/json' };
  const typed: MessageHeaders = {};
  for (const [name, value] of Object.entries(all)) typed[name] = { type: 'string', value };
  return codec.encode({ headers: typed, body: fromUtf8(JSON.stringify(body)) });
}

function toolUse({ name, input }: Extract<BedrockAnswer, { kind: 'tool' }>) {
  return { toolUseId: `tool-${name}`, name, input };
}

function textBlocks(text: string | undefined): readonly { readonly text: string }[] {
  return text === undefined ? [] : [{ text }];
}

/** Two halves, so that a client that only looks at the first piece is found out. */
function pieces(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
