import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Programs } from '../../src/agents/programs.ts';
import { reportOf } from '../../src/agents/report.ts';
import { maskedVerdict } from '../../src/agents/report/masked.ts';
import type { Verdict } from '../../src/agents/verdict.ts';
import type { Check } from '../../src/spec/spec.ts';
import { judge, openTotals, rightRows, steady, type CompiledTotals, type Totals } from '../support/totals.ts';

const checks: readonly Check[] = [
  { kind: 'unique', columns: ['customer_id'] },
  { kind: 'range', column: 'total', min: 8, severity: 'warning', name: 'small totals' },
  { kind: 'sql', name: 'nobody is sold less than nothing', query: 'select * from target where total < 0' },
];

describe('the verdict on a target, in a real PostgreSQL', () => {
  let totals: Totals;
  let spec: CompiledTotals;
  let programs: Programs;

  before(async () => {
    totals = await openTotals('verdict');
    spec = await totals.spec({ checks });
    programs = spec.programs;
  });
  after(() => totals.close());

  async function verdictOn(rows: string): Promise<Verdict> {
    await totals.put(rows);
    return (await judge(totals, spec)).verdict;
  }
  const reportOn = async (rows: string): Promise<string> => steady(reportOf(await verdictOn(rows), programs));

  it('passes what is right, and tells what was tested and what is warned of', async () => {
    assert.equal(
      await reportOn(rightRows),
      `# public.totals: passed with warnings (1), all 3 rows equal PostgreSQL's own answer

| | rows |
| --- | ---: |
| PostgreSQL's own answer | 3 |
| target | 3 |
| missing in the target | 0 |
| unexpected in the target | 0 |

Every column was compared exactly.

## Findings

- warning: small totals: 1 row breaks it. (spec /checks/1)
  - Cause: the data.
  - Every row equals PostgreSQL's own answer, which breaks the rule too: the data or the spec, not the job.

## Rules

- passed: customer_id is unique
- warning: small totals (1)
  - \`{"email": "‹email 1›", "total": 7.00, "customer_id": 2}\`
- passed: nobody is sold less than nothing
- passed: customer_id is never NULL

## Proof

3 rows compared in MS, all at one moment of the database (snapshot \`SNAPSHOT\`).

Not proven:

- That the spec is what the prompt asks for: There is no prompt to test against.

## Phases

- Rules that there are: passed. 4 rules: 3 of the spec, 1 of the target's keys and types, 0 of the workspace. (MS)
- Tests from the prompt: not run. There is no prompt to test against. (MS)
- Rules and tests run: warned. 4 rules (3 passed, 1 failed). Snapshot SNAPSHOT. (MS)
- Comparison: passed. 3 rows compared: equal to PostgreSQL's own answer. (MS)
- Failures looked into: passed. 1 failure looked into: 1 of the data. (MS)
- Verdict: warned. Passed with warnings: 1 warning. (MS)

Personal data is masked (email).
`,
    );
  });

  it('fails what is wrong by row and cell, with personal data masked in what is kept', async () => {
    const verdict = await verdictOn(
      `(1, 'ann@example.com', 14), (2, 'bob@example.com', 7), (2, 'bob@example.com', -1)`,
    );
    assert.ok(verdict.kind === 'failed' && verdict.changes);
    assert.deepEqual(
      { ...verdict.changes, rows: [] },
      {
        ...{ rows: [], keys: ['customer_id'], missing: 1, unexpected: 1, changed: 1, byColumn: { total: 1 } },
      },
    );
    assert.deepEqual(
      verdict.rules?.map(({ rule, kind }) => [rule.check.name ?? rule.check.kind, kind]),
      [
        ['unique', 'failed'],
        ['small totals', 'failed'],
        ['nobody is sold less than nothing', 'failed'],
        ['notNull', 'passed'],
      ],
    );
    const kept = JSON.stringify(maskedVerdict(verdict, programs.target.columns));
    assert.doesNotMatch(kept, /ann@|bob@|cat@/);
    const report = reportOf(verdict, programs);
    assert.match(
      report,
      /^# public\.totals: failed, 1 row missing, 1 row unexpected, 1 row changed and 2 rules broken\n/,
    );
    assert.match(report, /\| changed \| 1 \|/);
    assert.match(report, /What differs: `total` in 1 row\./);
    assert.match(
      report,
      /- changed in `total`:\n {2}- expected `\{.*"total": 15\.00.*\}`\n {2}- found `\{.*"total": 14\.00.*\}`\n/,
    );
    assert.doesNotMatch(report, /ann@|bob@|cat@/);
  });

  it('fails where only a rule is broken, though every row is the one that was asked for', async () => {
    await totals.postgres.query('update orders set amount = -7 where order_id = 3');
    const verdict = await verdictOn(rightRows.replace("'bob@example.com', 7", "'bob@example.com', -7"));
    await totals.postgres.query('update orders set amount = 7 where order_id = 3');
    assert.equal(verdict.kind, 'failed');
    assert.match(reportOf(verdict, programs), /^# public\.totals: failed, 1 rule broken\n/);
  });

  it('is no verdict where source and target stand on two connections: one database cannot tell', async () => {
    const sources = ['customers', 'orders'].map((name) => ({ name, table: `public.${name}`, connection: 'warehouse' }));
    const { reference, noReference } = (await totals.spec({ sources })).programs;
    assert.equal(reference, undefined);
    assert.match(noReference ?? '', /more than one connection/);
  });
});
