import assert from 'node:assert/strict';
import type { ModelRequest } from '../../src/agents/model.ts';
import { openBedrock, type BedrockModel } from '../../src/services/bedrock.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { withEnvironment } from '../support/models/withEnvironment.ts';
import { modelContract } from './contract.ts';
import type { RunningModel } from './factory.ts';
import { failureOf } from './outcomes.ts';

async function start(): Promise<RunningModel> {
  const server = await startModelServer('bedrock');
  const open: BedrockModel[] = [];
  let restore = withEnvironment(server.environment);
  return {
    async model({ idleMs, endpoint } = {}) {
      if (endpoint !== undefined) {
        restore();
        restore = withEnvironment({ ...server.environment, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint });
      }
      const model = await openBedrock({ access: {}, ...(idleMs === undefined ? {} : { idleMs }) });
      open.push(model);
      return model;
    },
    script: (...turns) => {
      server.script(...turns);
    },
    requests: server.requests,
    unplayed: server.unplayed,
    async stop() {
      for (const model of open) model.close();
      restore();
      await server.stop();
    },
  };
}

modelContract({
  name: 'Amazon Bedrock',
  start,
  wire: { ends: true, rawJson: true, retryAfter: true, network: true, cacheWrites: true },
});

const shape = (name: string, extra: object = {}) => ({
  name,
  description: name,
  schema: { type: 'object', properties: {}, additionalProperties: false, ...extra },
});
const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'Rules.', cache: true }, { text: 'Words.', cache: true }, { text: 'Today.' }],
  messages: [{ role: 'user', text: 'Join them' }],
  answer: shape('write_plan'),
  maxTokens: 4096,
  temperature: 0.3,
};

describe('Amazon Bedrock', () => {
  let server: ModelServer;
  let restore: () => void;
  let model: BedrockModel | undefined;
  beforeEach(async () => {
    server = await startModelServer('bedrock');
    server.otherwise({ kind: 'answer', value: { done: true } });
    restore = withEnvironment(server.environment);
  });
  afterEach(async () => {
    model?.close();
    restore();
    await server.stop();
  });

  const call = async (modelId: string | undefined, request = ask): Promise<unknown> => {
    model ??= await openBedrock({ access: {}, ...(modelId === undefined ? {} : { modelId }) });
    return model.call(request, { signal: new AbortController().signal });
  };
  const body = (place = 0): unknown => server.requests[place]?.body;
  afterEach(() => {
    model = undefined;
  });

  const tool = (more: object = {}) => ({
    toolSpec: { ...more, name: 'write_plan', description: 'write_plan', inputSchema: { json: ask.answer?.schema } },
  });
  const cachePoint = { cachePoint: { type: 'default' } };

  it('asks Claude Sonnet 4.5 by the profile of its region, with a strict tool, a cached prefix and the temperature', async () => {
    await call(undefined);
    assert.equal(server.requests[0]?.modelId, 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0');
    assert.deepEqual(body(), {
      system: [{ text: 'Rules.' }, cachePoint, { text: 'Words.' }, cachePoint, { text: 'Today.' }],
      messages: [{ role: 'user', content: [{ text: 'Join them' }] }],
      inferenceConfig: { maxTokens: 4096, temperature: 0.3 },
      toolConfig: { tools: [tool({ strict: true })], toolChoice: { tool: { name: 'write_plan' } } },
    });
  });

  it('tells the newest models in words what they may not be forced to, and gives them room to think, but no temperature', async () => {
    await call('eu.anthropic.claude-opus-5-5');
    assert.deepEqual(body(), {
      system: [
        { text: 'Rules.' },
        cachePoint,
        { text: 'Words.' },
        cachePoint,
        { text: 'Today.' },
        { text: 'Give your answer only by calling the tool write_plan, exactly once. Never write the answer as text.' },
      ],
      messages: [{ role: 'user', content: [{ text: 'Join them' }] }],
      inferenceConfig: { maxTokens: 4096 + 8192 },
      toolConfig: { tools: [tool()], toolChoice: { auto: {} } },
    });
  });

  it('asks models that take no tools in a stream by Converse', async () => {
    const answer = await call('us.meta.llama4-maverick-17b-instruct-v1:0');
    assert.deepEqual(answer, {
      kind: 'object',
      value: { done: true },
      text: '',
      usage: { inputTokens: 100, outputTokens: 20 },
    });
  });

  it('leaves out what a model refuses by name, one after the other, and remembers it', async () => {
    const profile = 'arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc';
    server.script(
      {
        kind: 'refuseParameter',
        message: 'The model returned the following errors: `temperature` is deprecated for this model.',
      },
      {
        kind: 'refuseParameter',
        message:
          'The model returned the following errors: tool_choice: type "tool" and "any" are not supported for this model.',
      },
      {
        kind: 'refuseParameter',
        message: 'You invoked an unsupported model or your request did not allow prompt caching.',
      },
      { kind: 'refuseParameter', message: "This model doesn't support tool use in streaming mode." },
    );
    await call(profile);
    await call(profile);
    assert.deepEqual(server.unplayed, []);
    assert.equal(server.requests.length, 6);
    assert.equal(server.requests[5]?.modelId, profile);
    assert.deepEqual(body(5), body(4));
    assert.deepEqual(body(4), {
      system: [
        { text: 'Rules.' },
        { text: 'Words.' },
        { text: 'Today.' },
        { text: 'Give your answer only by calling the tool write_plan, exactly once. Never write the answer as text.' },
      ],
      messages: [{ role: 'user', content: [{ text: 'Join them' }] }],
      inferenceConfig: { maxTokens: 4096 },
      toolConfig: { tools: [tool()], toolChoice: { auto: {} } },
    });
  });

  it('gives up strictness where the service cannot compile the schema', async () => {
    server.script({
      kind: 'refuseParameter',
      message:
        "The model returned the following errors: tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false",
    });
    await call(undefined);
    assert.deepEqual((body(1) as { toolConfig: unknown }).toolConfig, {
      tools: [tool()],
      toolChoice: { tool: { name: 'write_plan' } },
    });
  });

  it('does not ask for strictness where the schema cannot have it', async () => {
    await call(undefined, { ...ask, answer: shape('write_plan', { oneOf: [] }) });
    assert.doesNotMatch(JSON.stringify(body()), /strict/);
  });

  it('lets what one side says in a row be one message', async () => {
    await call(undefined, {
      ...ask,
      tools: [shape('look_up')],
      messages: [
        { role: 'user', text: 'Join them' },
        { role: 'assistant', text: ' ', calls: [{ id: 'a', name: 'look_up', input: {} }] },
        { role: 'results', results: [{ id: 'a', text: 'gone', failed: true }] },
        { role: 'user', text: 'Go on' },
      ],
    });
    const { messages, toolConfig } = body() as { messages: unknown; toolConfig: { toolChoice: unknown } };
    assert.deepEqual(toolConfig.toolChoice, { any: {} });
    assert.deepEqual(messages, [
      { role: 'user', content: [{ text: 'Join them' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'a', name: 'look_up', input: {} } }] },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'gone' }], status: 'error' } }, { text: 'Go on' }],
      },
    ]);
  });

  it('says that no region is set', async () => {
    restore();
    restore = withEnvironment({ AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' }, ['AWS_REGION']);
    const failure = await failureOf(openBedrock({ access: {} }));
    assert.equal(failure.code, 'credentials');
    assert.match(failure.message, /AWS_REGION/);
  });

  it('says that there are no credentials, and how to get them', async () => {
    restore();
    const { AWS_ENDPOINT_URL_BEDROCK_RUNTIME } = server.environment;
    restore = withEnvironment(
      {
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? '',
        AWS_CONFIG_FILE: '/nowhere',
        AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    );
    const failure = await failureOf(call(undefined));
    assert.equal(failure.code, 'credentials');
    assert.match(failure.message, /No AWS credentials were found\. Sign in with `aws sso login`/);
    assert.deepEqual(server.requests, []);
  });

  it('signs with a bearer token where one is set', async () => {
    restore();
    restore = withEnvironment({ ...server.environment, AWS_BEARER_TOKEN_BEDROCK: 'abcdef' }, ['AWS_ACCESS_KEY_ID']);
    await call(undefined);
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer abcdef');
  });
});
