import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { contentKey, type Cache } from '../../../src/agents/cachePort.ts';
import { createCodeGate } from '../../../src/agents/codeGate.ts';
import { createCachedCodeWriter } from '../../../src/agents/codeCache.ts';
import type { CodeRequest, CodeWriter, WrittenCode } from '../../../src/agents/codeWriter.ts';
import { createCachedPlanner } from '../../../src/agents/planCache.ts';
import type { Plan, PlanRequest } from '../../../src/agents/planner.ts';
import type { SpecChecker } from '../../../src/agents/specsGenerator/ports.ts';
import { pythonParser } from '../../../src/services/pythonParser.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import type { Problem } from '../../../src/spec/problem.ts';
import { shopTables } from '../../golden/shop.ts';
import { honest } from '../../support/hostileScripts.ts';

const gate = createCodeGate({ parser: pythonParser, hidesSecret: () => false });
const watch = { signal: new AbortController().signal };

function memory(): Cache & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: (key) => Promise.resolve(entries.get(key)),
    put(key, text) {
      entries.set(key, text);
      return Promise.resolve();
    },
  };
}

describe('the key of a content', () => {
  it('is the same for the same content, and another for any other', () => {
    assert.equal(contentKey({ a: 1, b: { c: [1, 2], d: undefined } }), contentKey({ b: { c: [1, 2] }, a: 1 }));
    const others = [{}, { a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, { a: 1, b: '' }].map(contentKey);
    assert.equal(new Set(others).size, others.length);
    assert.match(others[0] ?? '', /^[0-9a-f]{64}$/);
  });
});

describe('the cache of plans', () => {
  const catalogue = catalogueOf(shopTables);
  const request: PlanRequest = { prompt: 'orders per customer', catalogue };
  const error: Problem = { code: 'unknown-column', severity: 'error', message: 'No.', span: { offset: 0, length: 1 } };
  const specText = JSON.stringify({ version: 1, name: 'x', sources: [], steps: [], target: {} });
  const question = { id: 'a', text: 'Which?', choices: [], free: true };

  function setUp(plan: Plan, problems: readonly Problem[] = [], refusal?: string) {
    const cache = memory();
    const asked: PlanRequest[] = [];
    const found = { problems };
    const checker: SpecChecker = {
      check: () => Promise.resolve(found.problems),
      rows: () => Promise.resolve(undefined),
      refusal: () => refusal,
    };
    const planner = {
      plan(wanted: PlanRequest) {
        asked.push(wanted);
        return Promise.resolve(plan);
      },
    };
    const options = { planner, cache, checker, gate };
    return { cache, asked, found, options, cached: createCachedPlanner({ ...options, modelId: 'm1' }) };
  }

  it('asks no model for an unchanged request, whatever was accepted in between', async () => {
    const plan: Plan = { kind: 'spec', specText, problems: [] };
    const { cached, asked } = setUp(plan);
    assert.deepEqual(await cached.plan(request, watch), plan);
    assert.deepEqual(await cached.plan({ ...request, accepted: [{ prompt: 'x', specText }] }, watch), plan);
    assert.equal(asked.length, 1);
  });

  it('does not answer with the plan that went wrong, and takes the next one in its place', async () => {
    const { cached, asked, cache } = setUp({ kind: 'spec', specText, problems: [] });
    await cached.plan(request, watch);
    const [[key] = ['']] = cache.entries;
    cache.entries.set(key, JSON.stringify({ kind: 'spec', specText: 'wrong' }));
    await cached.plan({ ...request, note: 'It was the other date.' }, watch);
    assert.equal(asked.length, 2);
    assert.deepEqual([...cache.entries], [[key, JSON.stringify({ kind: 'spec', specText })]]);
  });

  it('asks again where anything that counts has changed', async () => {
    const { cached, asked, options } = setUp({ kind: 'spec', specText, problems: [] });
    await cached.plan(request, watch);
    const [first, ...rest] = shopTables;
    assert.ok(first);
    const changes: readonly PlanRequest[] = [
      { ...request, prompt: 'orders per region' },
      { ...request, answers: [{ question: 'a', answer: 'b' }] },
      { ...request, target: { mode: 'append' } },
      { ...request, glossary: [{ term: 'order', meaning: 'paid ones' }] },
      { ...request, catalogue: catalogueOf([{ ...first, comment: 'changed' }, ...rest]) },
    ];
    for (const change of changes) await cached.plan(change, watch);
    assert.equal(asked.length, 1 + changes.length);
    await createCachedPlanner({ ...options, modelId: 'm2' }).plan(request, watch);
    assert.equal(asked.length, 2 + changes.length);
  });

  it('keeps questions, and neither drafts nor refusals', async () => {
    const plans: readonly (readonly [Plan, number])[] = [
      [{ kind: 'questions', questions: [question] }, 1],
      [{ kind: 'draft', specText, problems: [error] }, 2],
      [{ kind: 'refused', reason: 'No.' }, 2],
    ];
    for (const [plan, times] of plans) {
      const { cached, asked } = setUp(plan);
      assert.deepEqual([await cached.plan(request, watch), await cached.plan(request, watch)], [plan, plan]);
      assert.equal(asked.length, times, plan.kind);
    }
  });

  it('checks what it kept, for the database goes on and files are anybody’s', async () => {
    const { cached, asked, cache, found } = setUp({ kind: 'spec', specText, problems: [] });
    await cached.plan(request, watch);
    found.problems = [error];
    await cached.plan(request, watch);
    assert.equal(asked.length, 2);
    found.problems = [];
    const [key] = cache.entries.keys();
    assert.ok(key);
    for (const text of [
      '',
      '{}',
      '[]',
      '{"kind":"spec"}',
      '{"kind":"questions","questions":[]}',
      '{"kind":"refused"}',
    ]) {
      cache.entries.set(key, text);
      await cached.plan(request, watch);
    }
    assert.equal(asked.length, 8);
  });

  it('never takes a kept spec that reaches beyond the data', async () => {
    const code = 'def f(rows):\n    import os\n    return rows';
    const step = { name: 'f', kind: 'python', inputs: ['o'], code, columns: [{ name: 'a', type: 'text' }] };
    const target = { table: 't', from: 'f', mode: 'replace', columns: [{ name: 'a', type: 'text' }] };
    const evil = { version: 1, name: 'x', sources: [{ name: 'o', table: 'orders' }], steps: [step], target };
    const { cached, asked } = setUp({ kind: 'spec', specText: JSON.stringify(evil), problems: [] });
    await cached.plan(request, watch);
    await cached.plan(request, watch);
    assert.equal(asked.length, 2);
  });
});

describe('the cache of code', () => {
  const example = honest.replace('HERE', '');
  const request: CodeRequest = { specText: '{}', catalogue: catalogueOf([]), example };

  function setUp(written: WrittenCode) {
    const cache = memory();
    let asked = 0;
    const writer: CodeWriter = {
      write() {
        asked += 1;
        return Promise.resolve(written);
      },
    };
    return { cache, times: () => asked, cached: createCachedCodeWriter({ writer, cache, gate, modelId: 'm1' }) };
  }

  it('asks no model twice, but for a patch', async () => {
    const { cached, times } = setUp({ kind: 'script', script: example });
    assert.deepEqual(await cached.write(request, watch), await cached.write(request, watch));
    assert.equal(times(), 1);
    const failed = { script: example, message: 'division by zero' };
    await cached.write({ ...request, failed }, watch);
    await cached.write({ ...request, failed }, watch);
    assert.equal(times(), 3);
    await cached.write({ ...request, specText: '{ }' }, watch);
    assert.equal(times(), 4);
  });

  it('lets nothing out of the cache that the gate would refuse', async () => {
    const { cached, cache, times } = setUp({ kind: 'script', script: example });
    await cached.write(request, watch);
    for (const key of cache.entries.keys()) cache.entries.set(key, `import os\n${example}`);
    assert.deepEqual(await cached.write(request, watch), { kind: 'script', script: example });
    assert.equal(times(), 2);
  });

  it('keeps no script that was refused', async () => {
    const { cached, cache } = setUp({ kind: 'refused', script: 'x', problems: [] });
    await cached.write(request, watch);
    assert.equal(cache.entries.size, 0);
  });
});
