import assert from 'node:assert/strict';
import { createBudget, isBudgetSpent, type BudgetSpent, type Ceiling, type Need } from '../../../src/agents/budget.ts';
import { costOf, createPrices, dollarsText } from '../../../src/agents/prices.ts';
import { estimateRun, estimateText, exceeded, specsCalls } from '../../../src/agents/costEstimate.ts';
import { tokensOf } from '../../../src/agents/tokens.ts';

const call = (dollars: number | undefined, tokens = 1000): Need => ({ what: 'a call', tokens, dollars });

function refusal(ceiling: Ceiling, need: Need): BudgetSpent | undefined {
  try {
    createBudget({ ceiling }).reserve(need);
    return undefined;
  } catch (error) {
    assert.ok(isBudgetSpent(error), String(error));
    return error;
  }
}

describe('the budget of a run', () => {
  it('holds a step that fits, and counts what it took in the end', () => {
    const budget = createBudget({ ceiling: { dollars: 1 }, now: () => 0 });
    budget.reserve(call(0.9)).settle({ tokens: 200, dollars: 0.1 });
    budget.reserve(call(0.9));
    assert.deepEqual(budget.spent(), { dollars: 0.1, tokens: 200, minutes: 0, unpricedTokens: 0 });
  });

  it('does not let two steps side by side spend the same money', () => {
    const budget = createBudget({ ceiling: { dollars: 1 } });
    const first = budget.reserve(call(0.6));
    assert.throws(() => budget.reserve(call(0.6)), isBudgetSpent);
    first.settle({ tokens: 0, dollars: 0 });
    first.settle({ tokens: 0, dollars: 5 });
    budget.reserve(call(0.6)).settle({ dollars: 0.6 });
    assert.equal(budget.spent().dollars, 0.6);
  });

  it('says which ceiling it is, in words', () => {
    const refusals = [
      refusal({ dollars: 0.5 }, call(0.6)),
      refusal({ tokens: 999 }, call(0)),
      refusal({ minutes: 0 }, call(0)),
      refusal({ dollars: 0.5, tokens: 5000 }, call(undefined)),
      refusal({ dollars: 0.5 }, call(undefined)),
      refusal({}, call(undefined)),
    ].map((each) => each && [each.ceiling, each.message]);
    const wayOut = 'What was made so far is kept: raise the budget, and resume the run.';
    assert.deepEqual(refusals, [
      [
        'dollars',
        `The run's budget of $0.50 does not hold a call (at most $0.60): $0.00 is spent or set aside. ${wayOut}`,
      ],
      [
        'tokens',
        `The run's budget of 999 tokens does not hold a call (at most 1,000): 0 are spent or set aside. ${wayOut}`,
      ],
      ['minutes', `The run's 0 minutes are over, before a call. ${wayOut}`],
      undefined,
      [
        'dollars',
        "The price of a call is not known, so a budget of $0.50 cannot be kept: give the model's price in the settings, or a budget of tokens.",
      ],
      undefined,
    ]);
  });

  it('goes on with what was spent before the run was interrupted', () => {
    let now = 0;
    const first = createBudget({ ceiling: { minutes: 10 }, now: () => now });
    first.reserve(call(0.2)).settle({ tokens: 50, dollars: undefined });
    now = 6 * 60_000;
    const kept = JSON.parse(JSON.stringify(first.spent())) as ReturnType<typeof first.spent>;
    now = 1_000_000_000;
    const second = createBudget({ ceiling: { minutes: 10 }, spent: kept, now: () => now });
    assert.deepEqual(second.spent(), { dollars: 0, tokens: 50, minutes: 6, unpricedTokens: 50 });
    now += 5 * 60_000;
    assert.throws(() => second.reserve(call(0)), /10 minutes are over/);
  });

  it('counts what a job took on Glue, and nothing for a local one', () => {
    const budget = createBudget({ ceiling: {}, now: () => 0 });
    assert.equal(budget.addJobCost({ seconds: 900, dpuSeconds: 3600 }, 0.44), 0.44);
    assert.equal(budget.addJobCost({ seconds: 900 }, 0.44), 0);
    assert.equal(budget.spent().dollars, 0.44);
  });
});

describe('prices', () => {
  const prices = createPrices();

  it('are those of the model, and a tenth more where it stays within an area', () => {
    const id = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    assert.deepEqual(prices.of('bedrock', `global.${id}`), { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 });
    assert.deepEqual(prices.of('bedrock', `eu.${id}`), {
      input: 3.3,
      output: 16.5,
      cacheRead: 0.33,
      cacheWrite: 4.125,
    });
    assert.equal(prices.of('bedrock', 'us.anthropic.claude-opus-5')?.input, 5.5);
    assert.equal(prices.of('bedrock', 'global.anthropic.claude-opus-5-5')?.input, 4);
    assert.equal(prices.of('bedrock', 'eu.amazon.nova-pro-v1:0')?.input, 0.8);
  });

  it('are unknown rather than nothing, for what is not in the table', () => {
    assert.equal(prices.of('bedrock', 'eu.anthropic.claude-sonnet-9'), undefined);
    assert.equal(prices.of('bedrock', 'arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc'), undefined);
    assert.equal(prices.of('openai', 'claude-sonnet-4-5'), undefined);
    assert.equal(prices.of('openai', 'constructor'), undefined);
  });

  it('can be overridden, which is told', () => {
    const own = createPrices({ models: { qwen3: { input: 0, output: 0 } }, glueDpuHour: 0.5 });
    assert.deepEqual(own.of('openai', 'qwen3'), { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
    assert.deepEqual([own.glueDpuHour, prices.glueDpuHour], [0.5, 0.44]);
    assert.deepEqual([own.date, prices.date], ['2026-11-25, partly from the settings', '2026-11-25']);
  });

  it('count the cache by prices of its own', () => {
    const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
    const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 10_000, cacheWriteTokens: 2000 };
    assert.equal(costOf(price, usage), 0.003 + 0.0015 + 0.003 + 0.0075);
  });

  it('are written in cents, and finer only where that is nothing', () => {
    assert.deepEqual([0, 1.5, 0.014, 0.0034].map(dollarsText), ['$0.00', '$1.50', '$0.01', '$0.0034']);
  });
});

describe('the estimate before a run', () => {
  const prices = createPrices();
  const model = { provider: 'bedrock', id: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' };

  it('goes from one good answer on a quick job to every round on a slow one', () => {
    const estimate = estimateRun(
      { model, calls: [specsCalls(6000, 4)], job: { minutes: { least: 2, most: 10 }, dpus: 4 } },
      prices,
    );
    assert.deepEqual(estimate.tokens, { least: 6300, most: 7 * (6000 + 4096) });
    assert.equal(estimateText(estimate), 'About 6,300–71,000 tokens, 3–20 min, $0.08–$0.85 (prices of 2026-11-25)');
    assert.deepEqual(exceeded(estimate, { dollars: 0.5, tokens: 5000, minutes: 60 }), [
      { ceiling: 'dollars', surely: false },
      { ceiling: 'tokens', surely: true },
    ]);
  });

  it('says that a price is unknown', () => {
    const unknown = estimateRun({ model: { provider: 'openai', id: 'qwen3' }, calls: [specsCalls(6000, 0)] }, prices);
    assert.equal(
      estimateText(unknown),
      'About 6,300–30,000 tokens, 1–5 min, and what the model costs, which is not known',
    );
    assert.deepEqual(exceeded(unknown, { dollars: 0.01 }), []);
  });

  it('is free without a model and without a cluster', () => {
    const local = estimateRun({ calls: [specsCalls(6000, 4)], job: { minutes: { least: 1, most: 3 } } }, prices);
    assert.equal(estimateText(local), 'About 1–3 min, free of charge');
  });
});

describe('the number of tokens', () => {
  it('is guessed on the high side', () => {
    assert.equal(tokensOf('select id from orders'), 7);
    assert.equal(tokensOf('注文を結合する'), 7);
  });
});
