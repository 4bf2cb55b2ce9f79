/** What every model of the product does, whoever answers: run by one test file a model. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  isModelFailure,
  type ModelAnswer,
  type ModelFailure,
  type ModelFailureCode,
  type ModelRequest,
  type ToolShape,
} from '../../src/agents/model.ts';
import type { RefusalReason, Reply, Turn } from '../support/models/script.ts';
import type { ModelFactory, RunningModel } from './factory.ts';
import { asFailure, closedEndpoint, failureOf, tableOf, thrownBy, type Row } from './outcomes.ts';

const plan: ToolShape = {
  name: 'write_plan',
  description: 'The plan.',
  schema: {
    type: 'object',
    properties: { steps: { type: 'array', items: { type: 'string' } } },
    required: ['steps'],
    additionalProperties: false,
  },
};
const lookUp: ToolShape = {
  name: 'look_up',
  description: 'Describes a table.',
  schema: {
    type: 'object',
    properties: { table: { type: 'string' } },
    required: ['table'],
    additionalProperties: false,
  },
};

const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'You plan.', cache: true }],
  messages: [{ role: 'user', text: 'Join them' }],
  maxTokens: 500,
};
const askPlan: ModelRequest = { ...ask, answer: plan };
const askLookUp: ModelRequest = { ...ask, tools: [lookUp], answer: plan };

const itWhere = (possible: boolean): typeof it | (() => void) => (possible ? it : () => undefined);

export function modelContract(factory: ModelFactory): void {
  const { name, wire } = factory;
  describe(`the model contract: ${name}`, () => {
    let running: RunningModel;
    const rows: Row[] = [];
    beforeEach(async () => {
      running = await factory.start();
    });
    afterEach(() => running.stop());
    after(() => {
      console.log(tableOf(name, rows));
    });

    const call = async (request: ModelRequest, ...turns: readonly Turn[]): Promise<ModelAnswer> => {
      running.script(...turns);
      const model = await running.model();
      return model.call(request, { signal: new AbortController().signal });
    };
    const failing = async (request: ModelRequest, ...turns: readonly Turn[]): Promise<ModelFailure> =>
      failureOf(call(request, ...turns));
    /** One row of the table: what happened, and what became of it. */
    const becomes = async (
      what: string,
      expected: { readonly code: ModelFailureCode; readonly words: RegExp },
      failure: Promise<ModelFailure>,
    ): Promise<ModelFailure> => {
      const { code, message } = await failure;
      rows.push({ what, becomes: code, words: message });
      assert.equal(code, expected.code, message);
      assert.match(message, expected.words);
      assert.deepEqual(running.unplayed, []);
      return failure;
    };

    describe('an answer', () => {
      it('is a text, streamed as it comes', async () => {
        running.script({ kind: 'text', text: 'Très bien, merci' });
        const pieces: string[] = [];
        const model = await running.model();
        const answer = await model.call(ask, {
          signal: new AbortController().signal,
          onText: (text) => pieces.push(text),
        });
        assert.deepEqual({ kind: answer.kind, text: answer.text }, { kind: 'text', text: 'Très bien, merci' });
        assert.ok(pieces.length >= 2, 'in pieces');
        assert.equal(pieces.join(''), 'Très bien, merci');
      });

      it('is the object that was asked for', async () => {
        const value = { steps: ['join', 'sum "all"'] };
        const answer = await call(askPlan, { kind: 'answer', value });
        assert.deepEqual(answer.kind === 'object' && answer.value, value);
      });

      it('may be the object as text, in a fence, where a tool was not called', async () => {
        const answer = await call(askPlan, { kind: 'text', text: '```json\n{"steps": []}\n```' });
        assert.deepEqual(answer.kind === 'object' && answer.value, { steps: [] });
      });

      it('asks for look-ups first, gets their results, and then answers', async () => {
        const first = await call(askLookUp, {
          kind: 'calls',
          text: 'One moment.',
          calls: [
            { name: 'look_up', input: { table: 'orders' } },
            { name: 'look_up', input: { table: 'customers' } },
          ],
        });
        const calls = first.kind === 'calls' ? first.calls : [];
        assert.deepEqual(
          calls.map(({ name: tool, input }) => ({ tool, input })),
          [
            { tool: 'look_up', input: { table: 'orders' } },
            { tool: 'look_up', input: { table: 'customers' } },
          ],
        );
        assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
        const [one, two] = calls;
        const next: ModelRequest = {
          ...askLookUp,
          messages: [
            ...ask.messages,
            { role: 'assistant', text: first.text, calls },
            {
              role: 'results',
              results: [
                { id: one?.id ?? '', text: 'id, amount' },
                { id: two?.id ?? '', text: 'no such table', failed: true },
              ],
            },
          ],
        };
        const answer = await call(next, { kind: 'answer', value: { steps: ['join'] } });
        assert.deepEqual(answer.kind === 'object' && answer.value, { steps: ['join'] });
        const said = running.requests[1]?.messages.map(({ text }) => text).join('\n') ?? '';
        for (const word of ['Join them', 'One moment.', 'id, amount', 'no such table'])
          assert.ok(said.includes(word), word);
        assert.deepEqual(running.requests[1]?.tools, ['look_up', 'write_plan']);
      });

      it('beside look-ups waits for their results', async () => {
        const answer = await call(askLookUp, {
          kind: 'calls',
          calls: [
            { name: 'write_plan', input: { steps: [] } },
            { name: 'look_up', input: { table: 'orders' } },
          ],
        });
        assert.deepEqual(answer.kind === 'calls' && answer.calls.map((each) => each.name), ['look_up']);
      });

      it('says what it took', async () => {
        const usage = { input: 1000, output: 30, cacheRead: 600, cacheWrite: 200 };
        const answer = await call(ask, { kind: 'text', text: 'seven words are in this very answer', usage });
        const { cacheWriteTokens, ...rest } = answer.usage;
        if (!wire.ends) {
          assert.equal(rest.outputTokens, 7);
          assert.equal(rest.estimated, true);
          assert.ok(rest.inputTokens > 0);
          return;
        }
        assert.deepEqual(rest, { inputTokens: 1000, outputTokens: 30, cacheReadTokens: 600 });
        assert.equal(cacheWriteTokens, wire.cacheWrites ? 200 : undefined);
      });
    });

    describe('what is sent', () => {
      it('has the same bytes for the same request', async () => {
        await call(askLookUp, { kind: 'answer', value: {} });
        await call(askLookUp, { kind: 'answer', value: {} });
        const [one, two] = running.requests.map(({ body }) => JSON.stringify(body));
        assert.equal(one, two);
      });

      it('has the system first, then the messages in their order', async () => {
        await call(
          { ...ask, messages: [...ask.messages, { role: 'assistant', text: 'How?' }, { role: 'user', text: 'By id' }] },
          { kind: 'text', text: 'Good' },
        );
        const [seen] = running.requests;
        const all = [...(seen?.system ? [seen.system] : []), ...(seen?.messages ?? []).map(({ text }) => text)];
        assert.deepEqual(all, ['You plan.', 'Join them', 'How?', 'By id']);
      });
    });

    describe('no answer', () => {
      const refusals: readonly (readonly [RefusalReason, ModelFailureCode, RegExp])[] = [
        ['throttled', 'throttled', /no more requests/],
        ['unavailable', 'unavailable', /\S/],
        ['credentials', 'credentials', /key|credentials|allow it/],
        ['noModel', 'noModel', /model/],
        ['tooMuch', 'tooMuch', /does not fit into .*: name the tables that matter/],
      ];
      for (const [reason, code, words] of refusals) {
        it(`because of ${reason}: said so, with a way out`, async () => {
          const failure = await becomes(
            `refused: ${reason}`,
            { code, words },
            failing(askPlan, { kind: 'refuse', reason }),
          );
          assert.equal(failure.isRetryable, code === 'throttled' || code === 'unavailable');
          assert.equal(running.requests.length, 1, 'nobody but the asker asks again');
          assert.equal(failure.partial, undefined);
        });
      }

      itWhere(wire.retryAfter)('throttled for a time that is named', async () => {
        const failure = await failing(ask, { kind: 'refuse', reason: 'throttled', retryAfterSeconds: 7 });
        assert.equal(failure.retryAfterMs, 7000);
      });

      it('throttled in the middle', async () => {
        const failure = await becomes(
          'throttled in the middle',
          { code: 'throttled', words: /\S/ },
          failing(ask, { kind: 'failMidway', after: 'half an', reason: 'throttled' }),
        );
        keptWhatCame(failure, 'half an');
      });

      const cuts: readonly (readonly [string, Reply])[] = [
        ['the model broke in the middle', { kind: 'failMidway', after: 'half an', reason: 'broken' }],
        ['the connection broke in the middle', { kind: 'reset', after: 'half an' }],
      ];
      for (const [what, reply] of cuts) {
        it(`because ${what}`, async () => {
          keptWhatCame(await becomes(what, { code: 'cut', words: /\S/ }, failing(ask, reply)), 'half an');
        });
      }

      itWhere(wire.ends)('because the stream ended early, as if in order', async () => {
        const failure = await becomes(
          'the stream ended early',
          { code: 'cut', words: /broke off in the middle/ },
          failing(ask, { kind: 'cut', after: 'half an' }),
        );
        keptWhatCame(failure, 'half an');
      });

      itWhere(wire.rawJson)('because it is no JSON', async () => {
        const failure = await becomes(
          'invalid JSON',
          { code: 'malformed', words: /no valid JSON/ },
          failing(askPlan, { kind: 'json', json: '{"steps": [' }),
        );
        assert.match(failure.partial ?? '', /\{"steps": \[/);
        assert.equal(failure.usage?.outputTokens, 20);
      });

      itWhere(wire.ends)('wherever the stream ends early, and an answer where it is whole', async () => {
        const reply = { kind: 'answer', value: { steps: ['ü', 'b'] }, text: 'Gern.' } as const;
        let cuts = 0;
        // The step is no divisor of anything.
        for (let bytes = 1; ; bytes += 13) {
          const outcome = await call(askPlan, { kind: 'cutAt', bytes, reply }).catch(asFailure);
          if (!(outcome instanceof Error)) {
            assert.deepEqual(outcome.kind === 'object' && outcome.value, reply.value);
            break;
          }
          assert.ok(outcome.isRetryable, `cut at ${bytes}: ${outcome.message}`);
          cuts += 1;
        }
        assert.ok(cuts > 20);
      });

      it('because it calls a tool that nobody offered', () =>
        becomes(
          'a wrong tool',
          { code: 'malformed', words: /called drop_table, which it was not offered; it may call look_up, write_plan/ },
          failing(askLookUp, { kind: 'calls', calls: [{ name: 'drop_table', input: {} }] }),
        ));

      it('because it talks instead of answering', async () => {
        const failure = await becomes(
          'talk instead of the object',
          { code: 'malformed', words: /wrote text where write_plan was to be called/ },
          failing(askLookUp, { kind: 'text', text: 'I would join them.' }),
        );
        assert.equal(failure.partial, 'I would join them.');
      });

      it('because it says nothing', () =>
        becomes(
          'nothing at all',
          { code: 'malformed', words: /with nothing/ },
          failing(ask, { kind: 'text', text: '' }),
        ));

      itWhere(wire.ends)('because it is longer than it may be', async () => {
        const failure = await becomes(
          'longer than its tokens',
          { code: 'tooLong', words: /longer than 500 tokens/ },
          failing(ask, { kind: 'tooLong', text: 'and so on' }),
        );
        keptWhatCame(failure, 'and so on');
      });

      it('because it never ends: it is stopped, and the other side sees it', async () => {
        await becomes(
          'endless text',
          { code: 'tooLong', words: /did not stop by itself/ },
          failing({ ...ask, maxTokens: 50 }, { kind: 'endless', text: 'la la la ' }),
        );
        await running.requests[0]?.left;
      });

      it('because the model or its guard declined', () =>
        becomes('declined', { code: 'declined', words: /declined to answer/ }, failing(ask, { kind: 'decline' })));

      it('because it fell silent: it is left, and the other side sees it', async () => {
        running.script({ kind: 'stall', after: 'half an' });
        const model = await running.model({ idleMs: 300 });
        const failure = await becomes(
          'silence',
          { code: 'timeout', words: /said nothing for 0.3 seconds/ },
          failureOf(model.call(ask, { signal: new AbortController().signal })),
        );
        keptWhatCame(failure, 'half an');
        await running.requests[0]?.left;
      });

      itWhere(wire.network)('because nobody is there', async () => {
        const model = await running.model({ endpoint: await closedEndpoint() });
        await becomes(
          'nobody there',
          { code: 'unavailable', words: /ECONNREFUSED/ },
          failureOf(model.call(ask, { signal: new AbortController().signal })),
        );
      });
    });

    describe('cancelling', () => {
      it('in the middle of an answer ends the request on the wire, and is no failure of the model', async () => {
        running.script({ kind: 'stall', after: 'half an' });
        const leaving = new AbortController();
        const model = await running.model();
        const error = await thrownBy(
          model.call(ask, {
            signal: leaving.signal,
            onText: () => {
              leaving.abort();
            },
          }),
        );
        assert.ok(!isModelFailure(error), String(error));
        assert.equal((error as { code?: unknown }).code, 'ABORT_ERR');
        await running.requests[0]?.left;
      });

      it('before the first word does the same', async () => {
        const leaving = new AbortController();
        running.script(() => {
          leaving.abort();
          return { kind: 'stall' };
        });
        const model = await running.model();
        const error = await thrownBy(model.call(ask, { signal: leaving.signal }));
        assert.equal((error as { code?: unknown }).code, 'ABORT_ERR');
        await running.requests[0]?.left;
      });

      it('before the call asks nobody', async () => {
        const model = await running.model();
        const error = await thrownBy(model.call(ask, { signal: AbortSignal.abort() }));
        assert.equal((error as { code?: unknown }).code, 'ABORT_ERR');
        assert.deepEqual(running.requests, []);
      });
    });

    const keptWhatCame = (failure: ModelFailure, text: string): void => {
      assert.equal(failure.partial, text);
      assert.ok((failure.usage?.inputTokens ?? 0) > 0, 'it is not said to have cost nothing');
    };
  });
}
