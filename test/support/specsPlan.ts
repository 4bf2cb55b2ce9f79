import assert from 'node:assert/strict';
import { createCodeGate } from '../../src/agents/codeGate.ts';
import { createLookups } from '../../src/agents/lookups.ts';
import type { ModelRequest } from '../../src/agents/model.ts';
import type { Plan, PlanRequest } from '../../src/agents/planner.ts';
import { createSpecsGenerator } from '../../src/agents/specsGenerator.ts';
import type { SpecChecker } from '../../src/agents/specsGenerator/ports.ts';
import { checkSpec } from '../../src/compiler/check.ts';
import { compileExpression } from '../../src/compiler/expressions/compile.ts';
import { checkQuery } from '../../src/services/checkQuery.ts';
import { pythonParser } from '../../src/services/pythonParser.ts';
import { createRedactor } from '../../src/services/redact.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { formatPgType } from '../../src/spec/pgTypes.ts';
import { shopTables } from '../golden/shop.ts';
import type { ScriptedAsker, Turn } from './scriptedAsker.ts';

export const prompt = 'Total amount per customer';
/** A spec as a model writes it, over the golden shop. */
export const totals = {
  name: 'totals',
  sources: [{ name: 'orders', table: 'public.orders', columns: ['customer_id', 'amount'] }],
  steps: [
    {
      name: 'per_customer',
      kind: 'aggregate',
      from: 'orders',
      by: [{ name: 'customer_id' }],
      columns: [{ name: 'total', expr: 'sum(amount)' }],
    },
  ],
  target: { table: 'public.totals', from: 'per_customer', mode: 'replace' },
};
export const empty = { reason: '', questions: [], decisions: [], spec: '' };
export const specTurn = (spec: unknown, decisions: unknown[] = []): Turn => ({
  object: { ...empty, kind: 'spec', decisions, spec: typeof spec === 'string' ? spec : JSON.stringify(spec) },
});

/** What a scripted model makes of a prompt, with the real checker and gate. */
export async function plan(asker: ScriptedAsker, more: Partial<PlanRequest> = {}, signal?: AbortSignal): Promise<Plan> {
  const { redact } = createRedactor();
  const generator = createSpecsGenerator({
    asker,
    checker: await shopChecker(),
    gate: createCodeGate({ parser: pythonParser, hidesSecret: (text) => redact(text) !== text }),
    lookups: ({ catalogue }) => createLookups({ catalogue }),
  });
  const request = { prompt, catalogue: catalogueOf(shopTables), ...more };
  return generator.plan(request, { signal: signal ?? new AbortController().signal });
}

export const userText = (request: ModelRequest | undefined, at = 0): string => {
  const message = request?.messages[at];
  assert.ok(message && message.role === 'user');
  return message.text;
};

export async function shopChecker(): Promise<SpecChecker> {
  const parser = await loadSqlParser();
  return {
    check: ({ specText, catalogue }) =>
      Promise.resolve(checkSpec(specText, { catalogue, parser, compile: compileExpression }).problems),
    rows({ specText, catalogue }) {
      const { resolved } = checkSpec(specText, { catalogue, parser, compile: compileExpression });
      const from = resolved?.target.from;
      const columns = from?.columns.map(({ name, type }) => ({ name, type: formatPgType(type) }));
      return Promise.resolve(from?.known ? columns : undefined);
    },
    refusal: (sql) => checkQuery(sql, parser)?.message,
  };
}
