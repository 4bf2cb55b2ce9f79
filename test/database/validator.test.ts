import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { programsOf, type Programs } from '../../src/agents/programs.ts';
import { maskedVerdict, reportOf } from '../../src/agents/report.ts';
import type { Verdict } from '../../src/agents/verdict.ts';
import { validatorOn } from '../../src/agents/validator.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create table customers (customer_id integer primary key, email text not null);
insert into customers values (1, 'ann@example.com'), (2, 'bob@example.com'), (3, 'cat@example.com');
create table orders (order_id integer primary key, customer_id integer not null, amount numeric(10,2) not null);
insert into orders values (1, 1, 10), (2, 1, 5), (3, 2, 7);
create table totals (customer_id integer not null, email text, total numeric(12,2));
`;
const spec = JSON.stringify({
  version: 1,
  name: 'totals',
  sources: [
    { name: 'customers', table: 'public.customers' },
    { name: 'orders', table: 'public.orders' },
  ],
  steps: [
    { name: 'sums', kind: 'aggregate', from: 'orders', by: [{ name: 'customer_id' }], columns: [{ name: 'total', expr: 'sum(amount)' }] }, // prettier-ignore
    { name: 'named', kind: 'join', left: 'customers', right: 'sums', how: 'left', on: [{ left: 'customer_id', right: 'customer_id' }] }, // prettier-ignore
  ],
  target: {
    ...{ table: 'public.totals', from: 'named', mode: 'replace' },
    columns: [
      { name: 'customer_id', type: 'integer', nullable: false },
      { name: 'email', type: 'text' },
      { name: 'total', type: 'numeric(12,2)' },
    ],
  },
  checks: [
    { kind: 'unique', columns: ['customer_id'] },
    { kind: 'range', column: 'total', min: 8, severity: 'warning', name: 'small totals' },
    { kind: 'sql', name: 'nobody is sold less than nothing', query: 'select * from target where total < 0' },
  ],
});
const right = `(1, 'ann@example.com', 15), (2, 'bob@example.com', 7), (3, 'cat@example.com', null)`;

describe('the verdict on a target, in a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let programs: Programs;

  before(async () => {
    database = await createDatabase('verdict');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    programs = await compiled(spec);
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  async function compiled(specText: string): Promise<Programs> {
    const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
    const run = await programsOf({
      specText,
      catalogue: catalogueOf(tables, searchPath, facts),
      parser: await loadSqlParser(),
      instant: '2026-01-01T00:00:00Z',
      prepare: (sql) => postgres.prepare(sql),
    });
    assert.ok(run.programs, JSON.stringify(run.problems));
    return run.programs;
  }

  async function verdictOn(rows: string): Promise<Verdict> {
    await postgres.query(`truncate totals; insert into totals values ${rows}`);
    const validator = validatorOn(snapshotsOf(postgres, await loadSqlParser()));
    const request = { specText: spec, programs, rows: programs.target.table, ownRows: false };
    return validator.validate(request, { signal: new AbortController().signal });
  }
  const reportOn = async (rows: string): Promise<string> => reportOf(await verdictOn(rows), programs);

  it('passes what is right, and tells what was tested and what is warned of', async () => {
    assert.equal(
      await reportOn(right),
      `# public.totals: passed, all 3 rows equal PostgreSQL's own answer, 1 warning

| | rows |
| --- | ---: |
| PostgreSQL's own answer | 3 |
| target | 3 |
| missing in the target | 0 |
| unexpected in the target | 0 |

Every column was compared exactly.

## Rules

- passed: customer_id is unique
- warning: small totals (1)
  - \`{"email": "‹email 1›", "total": 7.00, "customer_id": 2}\`
- passed: nobody is sold less than nothing
- passed: customer_id is never NULL

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
    assert.match(report, /^# public\.totals: failed, 2 rows missing and 2 rows unexpected and 2 rules broken\n/);
    assert.match(report, /\| changed \| 1 \|/);
    assert.match(report, /What differs: `total` in 1 row\./);
    assert.match(
      report,
      /- changed in `total`:\n {2}- expected `\{.*"total": 15\.00.*\}`\n {2}- found `\{.*"total": 14\.00.*\}`\n/,
    );
    assert.doesNotMatch(report, /ann@|bob@|cat@/);
  });

  it('fails where only a rule is broken, though every row is the one that was asked for', async () => {
    await postgres.query('update orders set amount = -7 where order_id = 3');
    const verdict = await verdictOn(right.replace("'bob@example.com', 7", "'bob@example.com', -7"));
    await postgres.query('update orders set amount = 7 where order_id = 3');
    assert.equal(verdict.kind, 'failed');
    assert.match(reportOf(verdict, programs), /^# public\.totals: failed, 1 rule broken\n/);
  });

  it('is no verdict where source and target stand on two connections: one database cannot tell', async () => {
    const { reference, noReference } = await compiled(
      spec.replace('"target":{', '"target":{"connection":"warehouse",'),
    );
    assert.equal(reference, undefined);
    assert.match(noReference ?? '', /more than one connection/);
  });
});
