/** Requests to a remediator: a real spec over the golden shop with its real programs, and faults as a run tells them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { JobFailure } from '../../src/agents/engine.ts';
import type { Fault, RemedyRequest } from '../../src/agents/ports.ts';
import { programsOf, type CompiledRun } from '../../src/agents/programs.ts';
import type { Outcome } from '../../src/agents/run/events.ts';
import type { Divergence } from '../../src/agents/validation/divergence.ts';
import type { Verdict } from '../../src/agents/verdict.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { shopTables } from '../golden/shop.ts';

export const totalsText = readFileSync(new URL('../golden/customer-totals.datamorph.json', import.meta.url), 'utf8');

export async function compiled(specText: string): Promise<Required<Pick<CompiledRun, 'problems' | 'programs'>>> {
  const { problems, programs } = await programsOf({
    ...{ specText, catalogue: catalogueOf(shopTables), parser: await loadSqlParser() },
    instant: '2026-01-01T00:00:00.000Z',
    prepare: () => Promise.resolve({ columns: [] }),
  });
  assert.ok(programs, JSON.stringify(problems));
  return { problems, programs };
}

export async function request(fault: Fault, more: Partial<RemedyRequest> = {}): Promise<RemedyRequest> {
  const specText = more.specText ?? totalsText;
  const { programs, problems } = await compiled(specText);
  return {
    ...{ specText, problems, programs, fault, rounds: [] },
    prompt: 'Join customers and orders on customer_id, calculate total order amount per customer',
    catalogue: catalogueOf(shopTables),
    code: { script: programs.script, origin: 'compiled' },
    ...more,
  };
}

export const failed = (
  message: string,
  more: Partial<Outcome> & { readonly reason?: JobFailure; readonly line?: number } = {},
): Fault => {
  const { reason = 'script', line, ...outcome } = more;
  return {
    kind: 'failed',
    outcome: { result: { kind: 'failed', reason, message, ...(line !== undefined && { line }) }, ...outcome },
  };
};

export const comparison = {
  expectedRows: 10,
  actualRows: 10,
  missing: 0,
  unexpected: 0,
  examples: [],
  tolerant: [],
} as const;

export const agreeing: Verdict & { readonly kind: 'failed' } = { kind: 'failed', comparison };

/** So many rows have another total. */
export const differing = (rows = 2): Verdict & { readonly kind: 'failed' } => ({
  kind: 'failed',
  comparison: { ...comparison, missing: rows, unexpected: rows },
  changes: {
    keys: ['customer_id'],
    ...{ missing: 0, unexpected: 0, changed: rows },
    byColumn: { total_amount: rows },
    rows: [
      {
        kind: 'changed',
        expected: '{"customer_id": 7, "name": "‹name 1›", "total_amount": 12.50}',
        actual: '{"customer_id": 7, "name": "‹name 1›", "total_amount": 99.25}',
        cells: ['total_amount'],
      },
    ],
  },
});

export const wrong = (verdict: Verdict, divergence?: Divergence): Fault => ({
  kind: 'wrong',
  verdict,
  ...(divergence && { divergence }),
});

export const at = (step: string): Divergence => ({
  kind: 'step',
  step,
  index: 0,
  expectedRows: '10',
  actualRows: '10',
  unseen: [],
});
