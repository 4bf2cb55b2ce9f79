import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelRequest } from '../../src/agents/model.ts';
import { openAiModel } from '../../src/services/openAiModel.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { modelContract } from './contract.ts';
import { failureOf } from './outcomes.ts';

modelContract({
  name: 'an OpenAI-compatible endpoint',
  async start() {
    const server = await startModelServer('openai');
    return {
      model: ({ idleMs, endpoint = server.url } = {}) =>
        Promise.resolve(
          openAiModel({
            endpoint,
            modelId: 'scripted',
            key: 'sk-very-secret',
            ...(idleMs === undefined ? {} : { idleMs }),
          }),
        ),
      script: (...turns) => {
        server.script(...turns);
      },
      requests: server.requests,
      unplayed: server.unplayed,
      stop: () => server.stop(),
    };
  },
  wire: { ends: true, rawJson: true, retryAfter: true, network: true, cacheWrites: false },
});

const schema = { type: 'object', properties: {}, additionalProperties: false };
const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'Rules.', cache: true }, { text: 'Today.' }],
  messages: [{ role: 'user', text: 'Join them' }],
  answer: { name: 'write_plan', description: 'The plan.', schema },
  maxTokens: 4096,
  temperature: 0.3,
};

describe('an OpenAI-compatible endpoint', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer('openai');
    server.otherwise({ kind: 'answer', value: { done: true } });
  });
  afterEach(() => server.stop());

  const signal = new AbortController().signal;
  const model = (key?: string) =>
    openAiModel({ endpoint: `${server.url}/`, modelId: 'qwen3', ...(key ? { key } : {}) });
  const body = (place: number): unknown => server.requests[place]?.body;

  it('is asked for an object by its schema', async () => {
    await model('sk-very-secret').call(ask, { signal });
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer sk-very-secret');
    assert.deepEqual(body(0), {
      model: 'qwen3',
      messages: [
        { role: 'system', content: 'Rules.\n\nToday.\n\nAnswer with one JSON object and nothing else. The plan.' },
        { role: 'user', content: 'Join them' },
      ],
      max_tokens: 4096,
      temperature: 0.3,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'write_plan', description: 'The plan.', schema, strict: true },
      },
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('gets no key where there is none', async () => {
    await model().call(ask, { signal });
    assert.equal(server.requests[0]?.headers['authorization'], undefined);
  });

  it('is asked in plainer and plainer ways, as far as it refuses, and the plainest is remembered', async () => {
    server.script(
      { kind: 'refuseParameter', message: "Unsupported value: 'temperature' does not support 0.3 with this model." },
      {
        kind: 'refuseParameter',
        message: "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'.",
      },
      { kind: 'refuseParameter', message: 'stream_options is not permitted' },
      { kind: 'refuseParameter', message: 'response_format json_schema is not supported' },
      { kind: 'refuseParameter', message: 'tool_choice must be auto' },
      { kind: 'refuseParameter', message: 'qwen3 does not support tools' },
    );
    const asked = model();
    await asked.call(ask, { signal });
    await asked.call(ask, { signal });
    assert.deepEqual(server.unplayed, []);
    assert.equal(server.requests.length, 8);
    assert.deepEqual(body(7), body(6));
    const content = `Rules.\n\nToday.\n\nAnswer with one JSON object and nothing else. The plan.\nIts JSON Schema: ${JSON.stringify(schema)}`;
    assert.deepEqual(body(6), {
      model: 'qwen3',
      messages: [
        { role: 'system', content },
        { role: 'user', content: 'Join them' },
      ],
      max_completion_tokens: 4096,
      stream: true,
    });
    assert.deepEqual((body(4) as { tool_choice: unknown }).tool_choice, {
      type: 'function',
      function: { name: 'write_plan' },
    });
  });

  it('never shows its key in a failure, though the server repeats it', async () => {
    server.script({ kind: 'refuseParameter', message: 'No such thing as sk-very-secret' });
    const failure = await failureOf(model('sk-very-secret').call(ask, { signal }));
    assert.equal(failure.code, 'rejected');
    assert.match(failure.message, /‹redacted›/);
    assert.doesNotMatch(`${failure.message} ${String(failure.cause)} ${JSON.stringify(failure)}`, /very-secret/);
  });

  it('may answer whole, without a stream', () =>
    withServer(
      'application/json',
      JSON.stringify({ choices: [{ message: { content: 'Good' }, finish_reason: 'stop' }] }),
      async (endpoint) => {
        const answer = await openAiModel({ endpoint, modelId: 'x' }).call(plain, { signal });
        assert.equal(answer.text, 'Good');
        assert.equal(answer.usage.estimated, true);
      },
    ));

  for (const [type, text] of [
    ['text/html', '<html>'],
    ['text/event-stream', 'data: <html>\n\n'],
    ['application/json', '[1'],
  ] as const)
    it(`that is none is told apart: ${type} ${text.trim()}`, () =>
      withServer(type, text, async (endpoint) => {
        const failure = await failureOf(openAiModel({ endpoint, modelId: 'x' }).call(plain, { signal }));
        assert.equal(failure.code, 'rejected');
        assert.match(failure.message, /no chat completion: check its address/);
      }));

  it('needs an address without a password', async () => {
    for (const endpoint of ['localhost:11434', 'http://ada:lace@localhost/v1'])
      assert.throws(() => openAiModel({ endpoint, modelId: 'x' }), { name: 'ModelFailure', code: 'rejected' });
    const wrongPath = openAiModel({ endpoint: server.url.replace('/v1', ''), modelId: 'x' });
    assert.match((await failureOf(wrongPath.call(plain, { signal }))).message, /most end in \/v1/);
  });
});

const plain: ModelRequest = {
  purpose: 'specs',
  system: [],
  messages: [{ role: 'user', text: 'Join them' }],
  maxTokens: 100,
};

async function withServer(type: string, text: string, use: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': type }).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
