import assert from 'node:assert/strict';
import { modelChoiceOf, openModel, parseModelChoice, type ModelChoice } from '../../../src/services/modelChoice.ts';

const endpoint = 'http://localhost:11434/v1';

function problemOf(choice: ModelChoice | string): string {
  assert.equal(typeof choice, 'string');
  return choice as string;
}

describe('the choice of a model', () => {
  const notations: readonly (readonly [string, ModelChoice | RegExp])[] = [
    ['offline', { kind: 'offline' }],
    ['bedrock', { kind: 'bedrock' }],
    ['bedrock:eu.amazon.nova-pro-v1:0', { kind: 'bedrock', modelId: 'eu.amazon.nova-pro-v1:0' }],
    [' editor:gpt-4.1 ', { kind: 'editor', modelId: 'gpt-4.1' }],
    [`openai:${endpoint}#qwen3-coder:30b`, { kind: 'openai', endpoint, modelId: 'qwen3-coder:30b' }],
    [`openai:${endpoint}`, /needs its address and the name of a model/],
    ['openai:#qwen3', /needs its address/],
    ['openai:localhost#qwen3', /begins with http/],
    ['openai:http://ada:secret@localhost/v1#qwen3', /holds a password/],
    ['offline:gpt', /offline has none/],
    ['gpt-9', /names no model\. Write bedrock, bedrock:ID/],
    ['', /names no model/],
  ];
  for (const [text, expected] of notations) {
    it(`reads "${text}"`, () => {
      if (expected instanceof RegExp) assert.match(problemOf(parseModelChoice(text)), expected);
      else assert.deepEqual(parseModelChoice(text), expected);
    });
  }

  it('never repeats a password', () => {
    assert.doesNotMatch(problemOf(parseModelChoice('openai:http://ada:secret@localhost/v1#qwen3')), /secret/);
  });

  it('is read from the settings alike', () => {
    assert.deepEqual(
      [
        {},
        { provider: '', id: 'x' },
        { provider: 'bedrock', id: '' },
        { provider: 'bedrock', id: 'us.x' },
        { provider: 'openai', id: 'qwen3', endpoint },
      ].map(modelChoiceOf),
      [
        { kind: 'offline' },
        { kind: 'offline' },
        { kind: 'bedrock' },
        { kind: 'bedrock', modelId: 'us.x' },
        { kind: 'openai', endpoint, modelId: 'qwen3' },
      ],
    );
    assert.match(problemOf(modelChoiceOf({ provider: 'openai', id: 'qwen3' })), /needs its address/);
  });

  it('opens the adapter that it names', async () => {
    const { model } = await openModel({ kind: 'openai', endpoint, modelId: 'qwen3' }, { aws: {} });
    assert.deepEqual([model.provider, model.id], ['openai', 'qwen3']);
    const bedrock = await openModel({ kind: 'bedrock' }, { aws: { region: 'ap-northeast-1' } });
    bedrock.close();
    assert.equal(bedrock.model.id, 'jp.anthropic.claude-sonnet-4-5-20250929-v1:0');
  });

  it('says where the editor has no model, or is not there', async () => {
    const open = (openChat?: () => Promise<undefined>) =>
      openModel({ kind: 'editor', modelId: 'gpt' }, { aws: {}, ...(openChat ? { openChat } : {}) });
    await assert.rejects(open(), { name: 'ModelFailure', code: 'noModel', message: /in the editor only/ });
    await assert.rejects(
      open(() => Promise.resolve(undefined)),
      { code: 'noModel', message: /no language model gpt/ },
    );
  });
});
