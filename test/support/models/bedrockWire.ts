/** Bedrock's Converse and ConverseStream over HTTP/2 without TLS, as the AWS SDK speaks it. */
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { cutOf, limitedWrite, play, type Sink } from './play.ts';
import type { RefusalReason, Script, ScriptedUsage, SeenRequest } from './script.ts';

export async function startBedrockWire(script: Script): Promise<{ url: string; stop: () => Promise<void> }> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A caller that goes away breaks its line; that is its right.
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void answer(stream, headers, script);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, script: Script): Promise<void> {
  const path = String(headers[':path']);
  const [, modelId, operation] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(path) ?? [];
  if (modelId === undefined) throw new Error(`The Bedrock stand-in knows no ${path}`);
  // A stream that is reset also ends: only this event tells that its answer had not.
  const left = new Promise<void>((resolve) => stream.once('aborted', resolve));
  const request = seen(JSON.parse(await textOf(stream)) as Body, {
    modelId: decodeURIComponent(modelId),
    headers,
    left,
  });
  const { played, bytes } = cutOf(await script.next(request));
  await play(played, request, operation === 'converse' ? wholeSink(stream) : streamSink(stream, bytes));
}

interface Body {
  readonly system?: readonly { readonly text?: string }[];
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly toolConfig?: { readonly tools: readonly { readonly toolSpec: { readonly name: string } }[] };
}

interface Block {
  readonly text?: string;
  readonly toolUse?: object;
  readonly toolResult?: { readonly content: readonly { readonly text?: string }[] };
}

const seen = (
  body: Body,
  rest: Pick<SeenRequest, 'modelId' | 'left'> & { headers: IncomingHttpHeaders },
): SeenRequest => ({
  ...rest,
  headers: rest.headers as SeenRequest['headers'],
  body,
  system: (body.system ?? []).map(({ text }) => text ?? '').join(''),
  messages: body.messages.map(({ role, content }) => ({ role, text: content.map(blockText).join('\n') })),
  tools: (body.toolConfig?.tools ?? []).map(({ toolSpec }) => toolSpec.name),
  wantsJson: false,
});

const blockText = ({ text, toolUse, toolResult }: Block): string =>
  text ?? (toolUse ? JSON.stringify(toolUse) : (toolResult?.content.map((each) => each.text).join('') ?? ''));

async function textOf(stream: ServerHttp2Stream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}

const stopReasons = {
  complete: 'end_turn',
  called: 'tool_use',
  tooLong: 'max_tokens',
  declined: 'guardrail_intervened',
};

const wireUsage = ({ input, output, cacheRead, cacheWrite }: ScriptedUsage) => ({
  inputTokens: input,
  outputTokens: output,
  totalTokens: input + output + (cacheRead ?? 0) + (cacheWrite ?? 0),
  ...(cacheRead === undefined ? {} : { cacheReadInputTokens: cacheRead }),
  ...(cacheWrite === undefined ? {} : { cacheWriteInputTokens: cacheWrite }),
});

function streamSink(stream: ServerHttp2Stream, bytes: number): Sink {
  const write = limitedWrite(stream, bytes);
  const codec = new EventStreamCodec(toUtf8, fromUtf8);
  const frame = (headers: Readonly<Record<string, string>>, body: object): void => {
    if (stream.destroyed) return;
    if (!stream.headersSent) {
      stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
      frame({ ':message-type': 'event', ':event-type': 'messageStart' }, { role: 'assistant' });
    }
    const typed: MessageHeaders = {};
    for (const [name, value] of Object.entries({ ...headers, ':content-type': 'application/json' }))
      typed[name] = { type: 'string', value };
    write(codec.encode({ headers: typed, body: fromUtf8(JSON.stringify(body)) }));
  };
  const event = (type: string, body: object): void => {
    frame({ ':message-type': 'event', ':event-type': type }, body);
  };
  return {
    get gone() {
      return stream.destroyed;
    },
    text: (text) => {
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text } });
    },
    call: (place, name) => {
      const toolUse = { toolUseId: `tooluse_${place}`, name };
      event('contentBlockStart', { contentBlockIndex: place + 1, start: { toolUse } });
    },
    input: (place, input) => {
      event('contentBlockDelta', { contentBlockIndex: place + 1, delta: { toolUse: { input } } });
    },
    end: (reason, usage) => {
      event('messageStop', { stopReason: stopReasons[reason] });
      event('metadata', { usage: wireUsage(usage), metrics: { latencyMs: 1 } });
      stream.end();
    },
    refuse: (refusal, retryAfter) => {
      refuse(stream, refusal, retryAfter);
    },
    failMidway: (reason) => {
      const type = reason === 'throttled' ? 'throttlingException' : 'modelStreamErrorException';
      frame({ ':message-type': 'exception', ':exception-type': type }, { message: 'It broke in the middle.' });
      stream.end();
    },
    cut: () => {
      stream.end();
    },
    reset: () => {
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    },
  };
}

/** Converse: all at once, or not at all. */
function wholeSink(stream: ServerHttp2Stream): Sink {
  let text = '';
  const calls: { name: string; json: string }[] = [];
  return {
    get gone() {
      return stream.destroyed;
    },
    text: (piece) => void (text += piece),
    call: (_, name) => void calls.push({ name, json: '' }),
    input: (place, json) => {
      const call = calls[place];
      if (call) call.json += json;
    },
    end: (reason, usage) => {
      const uses = calls.map(({ name, json }, place) => ({
        toolUse: { toolUseId: `tooluse_${place}`, name, input: JSON.parse(json) as unknown },
      }));
      const content = [...(text === '' ? [] : [{ text }]), ...uses];
      const body = { output: { message: { role: 'assistant', content } }, stopReason: stopReasons[reason] };
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(JSON.stringify({ ...body, usage: wireUsage(usage), metrics: { latencyMs: 1 } }));
    },
    refuse: (refusal, retryAfter) => {
      refuse(stream, refusal, retryAfter);
    },
    failMidway: () => {
      stream.session?.destroy();
    },
    cut: () => {
      stream.session?.destroy();
    },
    reset: () => {
      stream.session?.destroy();
    },
  };
}

const refusals: Readonly<Record<RefusalReason, readonly [number, string, string]>> = {
  throttled: [429, 'ThrottlingException', 'Too many requests, please wait before trying again.'],
  credentials: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  noAccess: [403, 'AccessDeniedException', "You don't have access to the model with the specified model ID."],
  noModel: [400, 'ValidationException', 'The provided model identifier is invalid.'],
  tooMuch: [400, 'ValidationException', 'Input is too long for requested model.'],
  unavailable: [503, 'ServiceUnavailableException', 'Bedrock is unable to process your request.'],
  scriptIsOver: [400, 'ValidationException', 'The script has no answer left.'],
};

function refuse(
  stream: ServerHttp2Stream,
  refusal: RefusalReason | { readonly parameter: string },
  retryAfter: number | undefined,
): void {
  const [status, type, message] =
    typeof refusal === 'string' ? refusals[refusal] : [400, 'ValidationException', refusal.parameter];
  stream.respond({
    ':status': status,
    'content-type': 'application/json',
    'x-amzn-errortype': type,
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  stream.end(JSON.stringify({ message }));
}
