import assert from 'node:assert/strict';
import { createAsker, type CallRecord } from '../../src/agents/asker.ts';
import { createBudget } from '../../src/agents/budget.ts';
import type { ModelRequest } from '../../src/agents/model.ts';
import { createPrices } from '../../src/agents/prices.ts';
import { openModel, parseModelChoice, type OpenModel } from '../../src/services/modelChoice.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import type { Turn } from '../support/models/script.ts';
import { withEnvironment } from '../support/models/withEnvironment.ts';

const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'You plan.', cache: true }],
  messages: [{ role: 'user', text: 'Join them' }],
  tools: [{ name: 'look_up', description: 'Looks up.', schema: { type: 'object' } }],
  answer: { name: 'write_spec', description: 'The spec.', schema: { type: 'object' } },
  maxTokens: 1000,
};

for (const wire of ['bedrock', 'openai'] as const) {
  describe(`asking over the wire of ${wire}`, () => {
    let server: ModelServer;
    let open: OpenModel;
    let restore: () => void;
    beforeEach(async () => {
      server = await startModelServer(wire);
      restore = withEnvironment(server.environment);
      const choice = parseModelChoice(server.model);
      assert.ok(typeof choice === 'object' && choice.kind !== 'offline');
      open = await openModel(choice, { aws: {} });
    });
    afterEach(async () => {
      open.close();
      restore();
      await server.stop();
    });

    it('gets through everything that can be got through, and counts it all', async () => {
      const trouble: readonly Turn[] = [
        { kind: 'refuse', reason: 'throttled', retryAfterSeconds: 3 },
        { kind: 'failMidway', after: 'half an', reason: 'throttled' },
        { kind: 'cut', after: 'half an' },
        { kind: 'calls', calls: [{ name: 'drop_table', input: {} }] },
        { kind: 'refuse', reason: 'unavailable' },
        (request) => {
          assert.match(request.messages.at(-1)?.text ?? '', /called drop_table, which it was not offered/);
          return { kind: 'answer', value: { steps: [] }, usage: { input: 50, output: 20, cacheRead: 900 } };
        },
      ];
      server.script(...trouble);
      const { model } = open;
      const clock = fakeClock();
      const records: CallRecord[] = [];
      const budget = createBudget({ ceiling: { dollars: 1, tokens: 100_000 }, now: () => clock.now() });
      const asker = createAsker({
        ...{ model, budget, clock, price: createPrices().of(model.provider, model.id) },
        record: (call) => {
          records.push(call);
          return Promise.resolve();
        },
      });
      const answer = await asker.ask(ask, { signal: new AbortController().signal });
      assert.deepEqual(answer.kind === 'object' && answer.value, { steps: [] });
      assert.deepEqual(
        records.map(({ why, outcome }) => [why, outcome.kind === 'failed' ? outcome.code : outcome.kind]),
        [
          ['first', 'throttled'],
          ['retry', 'throttled'],
          ['retry', 'cut'],
          ['retry', 'malformed'],
          ['repair', 'unavailable'],
          ['retry', 'answered'],
        ],
      );
      assert.deepEqual(clock.waits, [3000, 2000, 4000, 1000]);
      assert.deepEqual(server.unplayed, []);
      assert.equal(budget.spent().dollars > 0, wire === 'bedrock');
      assert.equal(budget.spent().unpricedTokens > 0, wire === 'openai');
    });
  });
}
