import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedCodeWriter, cachedPlanner } from '../../../src/agents/answerCache.ts';
import type { Plan, PlanRequest } from '../../../src/agents/planner.ts';
import { answerFiles } from '../../../src/services/answerFiles.ts';
import { catalogueOf, type CatalogueTable } from '../../../src/spec/catalogue.ts';

const watch = { signal: new AbortController().signal };
const table: CatalogueTable = {
  schema: 'public',
  name: 'orders',
  kind: 'table',
  columns: [],
  uniqueKeys: [],
  foreignKeys: [],
};
const request: PlanRequest = { prompt: 'Totals', catalogue: catalogueOf([{ ...table, rowEstimate: 10 }]) };
const spec: Plan = { kind: 'spec', specText: '{}', problems: [] };

describe('what was answered before', () => {
  let workspace: string;
  let asked: number;
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'datamorph-cache-'));
    asked = 0;
  });
  afterEach(() => rm(workspace, { recursive: true }));

  const planner = (plan: Plan = spec, by = 'model 1') => {
    const plans = () => {
      asked++;
      return Promise.resolve(plan);
    };
    return cachedPlanner({ plan: plans }, answerFiles(workspace), by);
  };

  it('is not asked for again, whatever the estimates of the tables are by now', async () => {
    assert.deepEqual(await planner().plan(request, watch), spec);
    const grown = { ...request, catalogue: catalogueOf([{ ...table, rowEstimate: 1000 }]) };
    assert.deepEqual(await planner().plan(grown, watch), spec);
    assert.equal(asked, 1);
  });

  it('is asked for anew where the prompt, the answers, a table or the model is another one', async () => {
    const others: readonly (readonly [PlanRequest, string])[] = [
      [request, 'model 1'],
      [{ ...request, prompt: 'Total' }, 'model 1'],
      [{ ...request, answers: [{ question: 'q', answer: 'a' }] }, 'model 1'],
      [{ ...request, catalogue: catalogueOf([{ ...table, comment: 'all of them' }]) }, 'model 1'],
      [request, 'model 2'],
    ];
    for (const [other, by] of others) await planner(spec, by).plan(other, watch);
    assert.equal(asked, others.length);
  });

  it('is a spec: questions and refusals are asked again, and so is what somebody has broken', async () => {
    for (let time = 0; time < 2; time++) await planner({ kind: 'questions', questions: [] }).plan(request, watch);
    assert.equal(asked, 2);
    await planner().plan(request, watch);
    const folder = join(workspace, '.datamorph', 'cache');
    for (const text of ['no JSON', 'null', '{"kind":"spec"}']) {
      for (const file of await readdir(folder)) await writeFile(join(folder, file), text);
      assert.deepEqual(await planner().plan(request, watch), spec);
    }
    assert.equal(asked, 6);
  });

  it('is code for the same spec and the same failure', async () => {
    const scripts = ['one', 'two'];
    const writer = cachedCodeWriter(
      { write: () => Promise.resolve({ kind: 'script', script: scripts[asked++] ?? '' }) },
      answerFiles(workspace),
      'model 1',
    );
    const code = { specText: '{}', catalogue: request.catalogue, example: 'x' };
    const failed = { script: 'one', message: 'NameError' };
    const written = [];
    for (const each of [code, code, { ...code, failed }, { ...code, failed }])
      written.push(await writer.write(each, watch));
    assert.deepEqual(
      written.map(({ script }) => script),
      ['one', 'one', 'two', 'two'],
    );
  });
});
