import assert from 'node:assert/strict';
import type { Plan, Planner } from '../../../src/agents/planner.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { assertAccepted } from '../../compiler/spec/accepted.ts';
import {
  allExamples,
  catalogueFor,
  examplesOf,
  lineOf,
  loadPlanner,
  planOf,
  schemaNames,
  type Example,
} from './corpus.ts';
import { promptsPage } from './promptsPage.ts';
import { shown } from './shown.ts';

describe("the offline planner's corpus", function () {
  this.timeout(60_000);
  let planner: Planner;
  const plans = new Map<Example, Plan>();
  before(async () => {
    planner = await loadPlanner();
    for (const example of allExamples) plans.set(example, await planOf(planner, example));
  });

  for (const schema of schemaNames) {
    it(`gives what was read and accepted, over the ${schema} schema`, async () => {
      const parts: string[] = [];
      for (const example of examplesOf(schema)) {
        const lines = shown(await planOf(planner, example));
        parts.push([`> ${lineOf(example)}`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
      }
      assertAccepted(`test/core/planner/golden/${schema}.txt`, parts.join('\n'));
    });
  }

  it('is big enough, and refuses enough', () => {
    const kinds = [...plans.values()].map(({ kind }) => kind);
    assert.ok(kinds.length >= 300, `${kinds.length} prompts`);
    assert.ok(kinds.filter((kind) => kind !== 'spec').length >= 60);
    assert.ok(schemaNames.length >= 6);
  });

  it('writes only what compiles, to SQL and to PySpark', async () => {
    const parser = await loadSqlParser();
    for (const [example, plan] of plans) {
      if (plan.kind !== 'spec') continue;
      const { spec, positions } = readSpec(plan.specText);
      assert.ok(spec);
      const compiled = compile({
        spec,
        positions,
        catalogue: catalogueFor(example.schema),
        parser,
        compile: (text, scope, use) => compileExpression(text, scope, use, parser),
      });
      const errors = compiled.problems.filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors, [], example.prompt);
      assert.ok(compiled.reference?.sql !== undefined && compiled.pyspark, example.prompt);
    }
  });

  it('never ends in a spec that does not check', () => {
    const drafts = [...plans].filter(([, { kind }]) => kind === 'draft').map(([example]) => example.prompt);
    assert.deepEqual(drafts, []);
  });

  it('refuses with the words that were not understood, at their places', () => {
    for (const [{ prompt }, plan] of plans) {
      if (plan.kind !== 'refused') continue;
      assert.ok((plan.words ?? []).length > 0, prompt);
      for (const { text, offset } of plan.words ?? []) assert.equal(prompt.slice(offset, offset + text.length), text);
    }
  });

  it('is what docs/prompts.md is made of', () => {
    assertAccepted('docs/prompts.md', promptsPage(plans));
  });
});
