import assert from 'node:assert/strict';
import { createAsker, type CallRecord } from '../../../src/agents/asker.ts';
import { createBudget, isBudgetSpent, type Budget, type Ceiling } from '../../../src/agents/budget.ts';
import {
  isModelFailure,
  ModelFailure,
  type AskOptions,
  type ModelAnswer,
  type ModelRequest,
  type ModelWatch,
} from '../../../src/agents/model.ts';
import { inputTokensOf } from '../../../src/agents/tokens.ts';
import { fakeClock, type FakeClock } from '../../support/fakeClock.ts';
import {
  callsAnswer,
  objectAnswer,
  scriptedModel,
  textAnswer,
  usage,
  type ModelTurn,
  type ScriptedModel,
} from '../../support/models/scriptedModel.ts';

const answer = { name: 'write_spec', description: 'The spec.', schema: { type: 'object' } };
const ask: ModelRequest = {
  purpose: 'specs',
  system: [{ text: 'You plan.' }],
  messages: [{ role: 'user', text: 'Join them' }],
  answer,
  maxTokens: 100,
};
const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
/** Of one whole answer of the scripted model. */
const dollars = 0.0045;

interface Asked {
  readonly model: ScriptedModel;
  readonly clock: FakeClock;
  readonly budget: Budget;
  readonly records: readonly CallRecord[];
  readonly result: ModelAnswer | Error;
}

interface Setting {
  readonly request?: ModelRequest;
  readonly options?: AskOptions;
  readonly ceiling?: Ceiling;
  readonly watch?: Partial<ModelWatch>;
  readonly callMs?: number;
}

async function asked(turns: readonly ModelTurn[], setting: Setting = {}): Promise<Asked> {
  const { request = ask, options, ceiling = { dollars: 1, tokens: 100_000, minutes: 10 }, watch, callMs } = setting;
  const [model, clock] = [scriptedModel(...turns), fakeClock()];
  const budget = createBudget({ ceiling, now: () => clock.now() });
  const records: CallRecord[] = [];
  const record = (call: CallRecord): Promise<void> => {
    records.push(call);
    return Promise.resolve();
  };
  const asker = createAsker({ model, price, budget, record, clock, ...(callMs === undefined ? {} : { callMs }) });
  const result = await asker
    .ask(request, { signal: new AbortController().signal, ...watch }, options)
    .catch((error: unknown) => error as Error);
  return { model, clock, budget, records, result };
}

const throttled = (retryAfterMs?: number): ModelFailure =>
  new ModelFailure(
    'throttled',
    'It takes no more requests for the moment.',
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );

const plan = { steps: ['join'] };
const good = objectAnswer(plan);
const knownColumns = (value: unknown): string | undefined =>
  JSON.stringify(value).includes('colour') ? 'steps[0]: orders has no column "colour"; it has id, amount.' : undefined;

/** Never answers, and does not care to be told to stop. */
const deaf = (): Promise<ModelAnswer> => new Promise(() => undefined);

const endless: ModelTurn = (_, { onText, signal }) =>
  new Promise((_resolve, reject) => {
    const talk = (): void => {
      if (signal.aborted) reject(new Error('Stopped talking.'));
      else {
        onText?.('and then '.repeat(20));
        setImmediate(talk);
      }
    };
    talk();
  });

describe('a model that misbehaves costs at most a clear message', () => {
  interface Case {
    readonly what: string;
    readonly turns: readonly ModelTurn[];
    readonly setting?: Setting;
    /** A code of a failure, or `answered`. */
    readonly becomes: string;
    readonly words?: RegExp;
    readonly calls: number;
    readonly waits?: readonly number[];
  }
  const check: Setting = { options: { validate: knownColumns } };
  const unknownColumn = objectAnswer({ steps: ['colour'] });
  const cases: readonly Case[] = [
    { what: 'throttled once', turns: [throttled(), good], becomes: 'answered', calls: 2, waits: [1000] },
    { what: 'throttled, and says for how long', turns: [throttled(7000), good], becomes: 'answered', calls: 2, waits: [7000] },
    { what: 'throttled for an hour', turns: [throttled(3_600_000)], becomes: 'throttled', words: /for the moment/, calls: 1 },
    { what: 'throttled for ever', turns: [throttled(), throttled(), throttled(), throttled()], becomes: 'throttled', words: /It was asked 4 times/, calls: 4, waits: [1000, 2000, 4000] },
    { what: 'overloaded, then cut, then well', turns: [new ModelFailure('unavailable', 'Down.'), new ModelFailure('cut', 'Broke off.', { partial: '{"st' }), good], becomes: 'answered', calls: 3, waits: [1000, 2000] },
    { what: 'cut every time', turns: ['1', '2', '3', '4'].map((partial) => new ModelFailure('cut', 'The answer broke off.', { partial })), becomes: 'cut', words: /broke off.*asked 4 times/, calls: 4, waits: [1000, 2000, 4000] },
    { what: 'invalid JSON once', turns: [new ModelFailure('malformed', 'The input is no valid JSON.', { partial: '{"steps"' }), good], becomes: 'answered', calls: 2 },
    { what: 'invalid JSON again', turns: [1, 2].map(() => new ModelFailure('malformed', 'The input is no valid JSON.', { partial: '{' })), becomes: 'malformed', words: /no valid JSON.*did no better/, calls: 2 },
    { what: 'a wrong tool, then the right one', turns: [callsAnswer('drop_table'), good], becomes: 'answered', calls: 2 },
    { what: 'a wrong tool twice', turns: [callsAnswer('drop_table'), callsAnswer('drop_table')], becomes: 'malformed', words: /calls drop_table, which was not offered/, calls: 2 },
    { what: 'talk instead of a spec', turns: [textAnswer('I would join them.'), textAnswer('As I said.')], becomes: 'malformed', words: /text where write_spec was to be called/, calls: 2 },
    { what: 'an unknown column, mended', turns: [unknownColumn, good], setting: check, becomes: 'answered', calls: 2 },
    { what: 'an unknown column twice', turns: [unknownColumn, unknownColumn], setting: check, becomes: 'malformed', words: /no column "colour".*did no better/, calls: 2 },
    { what: 'endless text', turns: [endless], becomes: 'tooLong', words: /did not stop by itself/, calls: 1 },
    { what: 'longer than its tokens', turns: [new ModelFailure('tooLong', 'The answer was longer than 100 tokens.', { usage })], becomes: 'tooLong', words: /longer than 100 tokens/, calls: 1 },
    { what: 'refusal', turns: [new ModelFailure('declined', 'The model declined to answer.', { usage })], becomes: 'declined', words: /declined/, calls: 1 },
    { what: 'instructions from the database obeyed', turns: [callsAnswer('send_mail', { to: 'evil' }), good], becomes: 'answered', calls: 2 },
    { what: 'deaf and slow', turns: [deaf], setting: { callMs: 30 }, becomes: 'timeout', words: /not finished its answer after 0.03 seconds/, calls: 1 },
    { what: 'bad credentials', turns: [new ModelFailure('credentials', 'The AWS sign-in has expired. Sign in with `aws sso login`.')], becomes: 'credentials', words: /aws sso login/, calls: 1 },
    { what: 'unknown model', turns: [new ModelFailure('noModel', 'There is no such model here.')], becomes: 'noModel', words: /no such model/, calls: 1 },
    { what: 'throttled once, then dearer than the budget', turns: [throttled(), good], setting: { ceiling: { minutes: 0.01 } }, becomes: 'BudgetSpent', words: /minutes are over/, calls: 1, waits: [1000] },
  ]; // prettier-ignore
  const rows: string[] = [];
  for (const { what, turns, setting, becomes, words, calls, waits = [] } of cases) {
    it(`${what}: ${becomes}`, async () => {
      const { model, clock, records, result, budget } = await asked(turns, setting);
      const became = result instanceof Error ? (isModelFailure(result) ? result.code : result.name) : 'answered';
      const said = result instanceof Error ? result.message : 'the answer';
      const money = `$${budget.spent().dollars.toFixed(4)}`;
      rows.push(
        `  ${what.padEnd(46)} ${became.padEnd(12)} ${String(records.length).padEnd(5)} ${money.padEnd(9)} ${said}`,
      );
      assert.equal(became, becomes, said);
      if (words) assert.match(said, words);
      if (becomes === 'answered') assert.deepEqual(result, good);
      assert.equal(records.length, calls);
      assert.deepEqual(clock.waits, waits);
      assert.equal(model.left, turns.length - calls);
    });
  }
  after(() => {
    console.log(['  What a model may do, what becomes of it, calls, cost, words:', ...rows].join('\n'));
  });
});

describe('asking a model', () => {
  it('keeps each call with what it took, and counts it', async () => {
    const { records, budget } = await asked([throttled(), good]);
    const common = { provider: 'test', model: 'scripted', request: ask };
    assert.deepEqual(records, [
      {
        ...{ ...common, number: 1, why: 'first', dollars: 0, ms: 0, startedAt: '2026-11-25T08:00:00.000Z' },
        outcome: { kind: 'failed', code: 'throttled', message: 'It takes no more requests for the moment.' },
        usage: { inputTokens: 0, outputTokens: 0 },
      },
      {
        ...{ ...common, number: 2, why: 'retry', dollars, ms: 0, startedAt: '2026-11-25T08:00:01.000Z' },
        outcome: { kind: 'answered', answer: good },
        usage,
      },
    ]);
    assert.deepEqual(budget.spent(), { dollars, tokens: 1100, minutes: 1 / 60, unpricedTokens: 0 });
  });

  it('tells that it waits, and that the answer begins again', async () => {
    const told: unknown[] = [];
    const half: ModelTurn = (_, { onText }) => {
      onText?.('half');
      throw new ModelFailure('cut', 'The answer broke off.', { partial: 'half' });
    };
    await asked([half, textAnswer('Hm'), good], {
      watch: {
        onText: (text) => told.push(text),
        onWait: (wait) => told.push(wait),
        onRestart: () => told.push('again'),
      },
    });
    assert.deepEqual(told, ['half', { ms: 1000, reason: 'The answer broke off.' }, 'again', 'again']);
  });

  it('sets aside what the model may think, too', async () => {
    const model = { ...scriptedModel(good), thinkingTokens: 8192 };
    const budget = createBudget({ ceiling: { tokens: 8000 } });
    const asker = createAsker({ model, price, budget, record: () => Promise.resolve() });
    await assert.rejects(asker.ask(ask, { signal: new AbortController().signal }), isBudgetSpent);
  });

  it('sends the exact problem back, once', async () => {
    const { model, records } = await asked([objectAnswer({ steps: ['colour'] }), good], {
      options: { validate: knownColumns },
    });
    assert.deepEqual(model.requests[1], {
      ...ask,
      messages: [
        { role: 'user', text: 'Join them' },
        { role: 'assistant', text: '{"steps":["colour"]}' },
        {
          role: 'user',
          text: 'This answer cannot be used.\nsteps[0]: orders has no column "colour"; it has id, amount.\nCall write_spec again, with all of it corrected.',
        },
      ],
    });
    assert.deepEqual(
      records.map(({ why }) => why),
      ['first', 'repair'],
    );
  });

  it('counts what a broken answer has cost, by its characters where nobody says it', async () => {
    const cut = new ModelFailure('cut', 'The answer broke off.', { partial: 'x'.repeat(30) });
    const { records, budget } = await asked([cut, good]);
    const inputTokens = inputTokensOf(ask);
    assert.deepEqual(records[0]?.usage, { inputTokens, outputTokens: 10, estimated: true });
    assert.equal(budget.spent().tokens, inputTokens + 10 + 1100);
  });

  it('asks nobody where the budget does not hold the call', async () => {
    const { result, model, records } = await asked([good], { ceiling: { dollars: 0.001 } });
    assert.ok(isBudgetSpent(result));
    assert.match(
      result.message,
      /^The run's budget of \$0\.0010 does not hold a call of scripted \(specs\) \(at most \$0\.0\d+\): \$0\.00 is spent or set aside\. .*raise the budget, and resume/,
    );
    assert.deepEqual([model.requests, records], [[], []]);
  });

  it('does not wait for a model that is cancelled, though it does not listen, and says so in the record', async () => {
    const leaving = new AbortController();
    const stubborn: ModelTurn = (_, { onText }) => {
      onText?.('half an');
      return deaf();
    };
    const watch = {
      signal: leaving.signal,
      onText: () => {
        leaving.abort();
      },
    };
    const { result, records, budget } = await asked([stubborn], { watch });
    assert.equal((result as Error).name, 'AbortError');
    assert.deepEqual(records[0]?.outcome, { kind: 'cancelled', partial: 'half an' });
    assert.ok(budget.spent().tokens > 0);
  });

  it('neither asks nor counts anything where it was cancelled before', async () => {
    const { result, records, budget } = await asked([good], { watch: { signal: AbortSignal.abort() } });
    assert.equal((result as Error).name, 'AbortError');
    assert.deepEqual(records, []);
    assert.equal(budget.spent().tokens, 0);
  });

  it('checks a text as it checks an object', async () => {
    const { purpose, system, messages, maxTokens } = ask;
    const forText: ModelRequest = { purpose, system, messages, maxTokens };
    const validate = (text: unknown): string | undefined =>
      text === 'import os' ? 'line 1: os is not allowed' : undefined;
    const { result, model } = await asked([textAnswer('import os'), textAnswer('x = 1')], {
      request: forText,
      options: { validate },
    });
    assert.deepEqual(result, textAnswer('x = 1'));
    assert.deepEqual(model.requests[1]?.messages.slice(1), [
      { role: 'assistant', text: 'import os' },
      {
        role: 'user',
        text: 'This answer cannot be used.\nline 1: os is not allowed\nWrite the whole answer again, corrected.',
      },
    ]);
  });

  it('does not wait longer for another attempt than the signal allows', async () => {
    const leaving = new AbortController();
    const turn: ModelTurn = () => {
      leaving.abort();
      throw throttled();
    };
    const { result, clock, records } = await asked([turn], { watch: { signal: leaving.signal } });
    assert.equal((result as Error).name, 'AbortError');
    assert.deepEqual(clock.waits, []);
    assert.equal(records.length, 1);
  });

  it('goes on only when the call is kept', async () => {
    const model = scriptedModel(good);
    const budget = createBudget({ ceiling: {} });
    const asker = createAsker({
      ...{ model, price, budget },
      record: () => Promise.reject(new Error('The disk is full.')),
    });
    await assert.rejects(asker.ask(ask, { signal: new AbortController().signal }), /disk is full/);
  });

  it('does not take a bug for a failure of the model', async () => {
    const bug: ModelTurn = () => {
      throw new TypeError('x is not a function');
    };
    const { result, records } = await asked([bug]);
    assert.ok(result instanceof TypeError);
    assert.deepEqual(records[0]?.outcome, { kind: 'broken', message: 'x is not a function' });
  });
});
