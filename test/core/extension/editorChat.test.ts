import assert from 'node:assert/strict';
import type { ModelRequest } from '../../../src/agents/model.ts';
import { chatModel } from '../../../src/services/chatModel.ts';
import { editorModels, openEditorChat } from '../../../src/views/editorChat.ts';
import {
  LanguageModelChatMessage,
  LanguageModelChatToolMode,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
  type CancellationTokenSource,
  type FakeLanguageModel,
} from '../../support/fakeLanguageModels.ts';

const { User, Assistant } = LanguageModelChatMessage;

interface Sent {
  readonly messages: readonly unknown[];
  readonly options: unknown;
  readonly token: CancellationTokenSource['token'];
}

function fakeModel(id: string, sent: Sent[], parts: () => AsyncIterable<unknown>): FakeLanguageModel {
  return {
    ...{ id, name: id.toUpperCase(), vendor: 'copilot', family: `family-${id}` },
    sendRequest(messages, options, token) {
      sent.push({ messages, options, token });
      return Promise.resolve({ stream: parts() });
    },
    countTokens: (text) => Promise.resolve(text.length),
  };
}

async function* said(...parts: readonly unknown[]): AsyncGenerator {
  yield* await Promise.resolve(parts);
}

const schema = { type: 'object' };
const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'You plan.' }, { text: 'Today.' }],
  messages: [{ role: 'user', text: 'Join them' }],
  maxTokens: 100,
};
const watch = { signal: new AbortController().signal };

describe("the editor's language models", () => {
  const sent: Sent[] = [];
  beforeEach(() => {
    sent.length = 0;
    lm.models = [
      fakeModel('small', sent, () =>
        said(new LanguageModelTextPart('Hm'), { image: 1 }, new LanguageModelTextPart('m.')),
      ),
      fakeModel('big', sent, () => said(new LanguageModelToolCallPart('c1', 'write_plan', { steps: [] }))),
    ];
  });
  afterEach(() => {
    lm.models = [];
  });

  it('are found by id, by family, or because they are the first', async () => {
    const ids = await Promise.all(
      [undefined, 'big', 'family-big', 'huge'].map(async (id) => (await openEditorChat(id))?.id),
    );
    assert.deepEqual(ids, ['small', 'big', 'big', undefined]);
    assert.deepEqual(await editorModels(), [
      { id: 'small', name: 'SMALL (copilot)' },
      { id: 'big', name: 'BIG (copilot)' },
    ]);
  });

  it('say text, and what is neither text nor a call is left out', async () => {
    const chat = await openEditorChat('small');
    assert.ok(chat);
    const answer = await chatModel(chat).call(ask, watch);
    assert.deepEqual(answer, {
      kind: 'text',
      text: 'Hmm.',
      usage: { inputTokens: answer.usage.inputTokens, outputTokens: 4, estimated: true },
    });
    assert.deepEqual(sent[0]?.messages, [User('You plan.\n\nToday.'), User('Join them')]);
    assert.deepEqual(sent[0].options, { justification: 'DataMorph writes your pipeline from your sentence.' });
  });

  it('must call the only tool there is', async () => {
    const chat = await openEditorChat('big');
    assert.ok(chat);
    const answer = { name: 'write_plan', description: 'The plan.', schema };
    const { kind } = await chatModel(chat).call({ ...ask, answer }, watch);
    assert.equal(kind, 'object');
    assert.deepEqual(sent[0]?.options, {
      justification: 'DataMorph writes your pipeline from your sentence.',
      tools: [{ name: 'write_plan', description: 'The plan.', inputSchema: schema }],
      toolMode: LanguageModelChatToolMode.Required,
    });
  });

  it('get back what their calls gave', async () => {
    const chat = await openEditorChat('big');
    assert.ok(chat);
    const tools = [{ name: 'look_up', description: 'Looks up.', schema }];
    const answer = { name: 'write_plan', description: 'The plan.', schema };
    const calls = [{ id: 'a', name: 'look_up', input: { table: 'orders' } }];
    await chatModel(chat).call(
      {
        ...{ ...ask, tools, answer },
        messages: [
          ...ask.messages,
          { role: 'assistant', text: 'Wait.', calls },
          { role: 'results', results: [{ id: 'a', text: 'id, amount' }] },
        ],
      },
      watch,
    );
    assert.deepEqual(sent[0]?.messages.slice(2), [
      Assistant([
        new LanguageModelTextPart('Wait.'),
        new LanguageModelToolCallPart('a', 'look_up', { table: 'orders' }),
      ]),
      User([new LanguageModelToolResultPart('a', [new LanguageModelTextPart('id, amount')])]),
    ]);
    assert.equal((sent[0].options as { toolMode: unknown }).toolMode, LanguageModelChatToolMode.Auto);
  });

  it('hear of it when they are left', async () => {
    const leaving = new AbortController();
    lm.models = [
      fakeModel('slow', sent, async function* () {
        yield await Promise.resolve(new LanguageModelTextPart('half an'));
        while (!sent[0]?.token.isCancellationRequested) await new Promise(setImmediate);
        throw new Error('Canceled');
      }),
    ];
    const chat = await openEditorChat(undefined);
    assert.ok(chat);
    const answer = chatModel(chat).call(ask, {
      signal: leaving.signal,
      onText: () => {
        leaving.abort();
      },
    });
    await assert.rejects(answer, { code: 'ABORT_ERR' });
    assert.equal(sent[0]?.token.isCancellationRequested, true);
  });
});
