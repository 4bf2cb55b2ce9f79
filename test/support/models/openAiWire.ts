/** OpenAI's chat completions as server-sent events, as Ollama, vLLM and LM Studio speak them too. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cutOf, limitedWrite, play, type Sink } from './play.ts';
import type { RefusalReason, Script, ScriptedUsage, SeenRequest } from './script.ts';

export async function startOpenAiWire(script: Script): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((message, response) => void answer(message, response, script));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  if (message.method !== 'POST' || message.url !== '/v1/chat/completions') {
    response.writeHead(404).end('404 page not found');
    return;
  }
  const left = new Promise<void>((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
  const request = seen(JSON.parse(await textOf(message)) as Body, {
    headers: message.headers as SeenRequest['headers'],
    left,
  });
  const { played, bytes } = cutOf(await script.next(request));
  await play(played, request, sinkOf(response, bytes));
}

interface Body {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: string; readonly tool_calls?: object }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly response_format?: object;
}

function seen(body: Body, rest: Pick<SeenRequest, 'headers' | 'left'>): SeenRequest {
  const text = ({ content = '', tool_calls: calls }: Body['messages'][number]): string =>
    calls ? `${content}${JSON.stringify(calls)}` : content;
  const all = body.messages.map((message) => ({ role: message.role, text: text(message) }));
  const tools = (body.tools ?? []).map(({ function: { name } }) => name);
  return {
    ...rest,
    modelId: body.model,
    body,
    system: all
      .filter(({ role }) => role === 'system')
      .map((message) => message.text)
      .join('\n'),
    messages: all.filter(({ role }) => role !== 'system'),
    tools,
    wantsJson: tools.length === 0,
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
  return text;
}

const finishReasons = { complete: 'stop', called: 'tool_calls', tooLong: 'length', declined: 'content_filter' };

const wireUsage = ({ input, output, cacheRead = 0 }: ScriptedUsage) => ({
  prompt_tokens: input + cacheRead,
  completion_tokens: output,
  total_tokens: input + cacheRead + output,
  prompt_tokens_details: { cached_tokens: cacheRead },
});

function sinkOf(response: ServerResponse, bytes: number): Sink {
  const write = limitedWrite(response, bytes);
  const data = (text: string): void => {
    if (response.destroyed) return;
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    write(Buffer.from(`data: ${text}\n\n`));
  };
  const chunk = (body: object): void => {
    data(JSON.stringify({ object: 'chat.completion.chunk', ...body }));
  };
  const delta = (said: object): void => {
    chunk({ choices: [{ index: 0, delta: said, finish_reason: null }] });
  };
  return {
    get gone() {
      return response.destroyed;
    },
    text: (content) => {
      delta({ content });
    },
    call: (index, name) => {
      delta({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] });
    },
    input: (index, text) => {
      delta({ tool_calls: [{ index, function: { arguments: text } }] });
    },
    end: (reason, usage) => {
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishReasons[reason] }] });
      chunk({ choices: [], usage: wireUsage(usage) });
      data('[DONE]');
      response.end();
    },
    refuse: (refusal, retryAfter) => {
      const [status, message] = typeof refusal === 'string' ? refusals[refusal] : [400, refusal.parameter];
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      });
      response.end(JSON.stringify({ error: { message } }));
    },
    failMidway: (reason) => {
      const message = reason === 'throttled' ? 'Rate limit reached' : 'It broke in the middle.';
      data(JSON.stringify({ error: { message } }));
      response.end();
    },
    cut: () => {
      response.end();
    },
    reset: () => {
      response.destroy();
    },
  };
}

const refusals: Readonly<Record<RefusalReason, readonly [number, string]>> = {
  throttled: [429, 'Rate limit reached'],
  credentials: [401, 'Incorrect API key provided'],
  noAccess: [403, 'This key may not use the model'],
  noModel: [404, 'model "scripted" not found, try pulling it first'],
  tooMuch: [400, "This model's maximum context length is 4096 tokens"],
  unavailable: [503, 'The server is overloaded'],
  scriptIsOver: [400, 'The script has no answer left.'],
};
