import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { ruleTitle, rulesOf, type Rule } from '../../src/agents/validation/rules.ts';
import type { Snapshots } from '../../src/agents/validation/snapshot.ts';
import { testRules, type RuleResult } from '../../src/agents/validation/testRules.ts';
import type { ResolvedTarget } from '../../src/compiler/resolved.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import type { Check } from '../../src/spec/spec.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { until } from '../support/until.ts';

const ddl = `
create table customers (id integer primary key);
insert into customers values (1), (2);
create table "Totals" (id integer, customer_id integer, "Tier" text, amount numeric(12,2), day date);
insert into "Totals" values
  (1, 1, 'gold', 10.00, '2026-01-01'), (2, 2, 'silver', -1.00, '2026-01-02'), (2, 3, 'gold', 5.00, '2025-12-31'),
  (4, null, null, null, null), (null, 1, 'tin', 0, '2026-01-03'), (null, 1, 'tin', 0, '2026-01-03');
`;
const types = { id: 'integer', customer_id: 'integer', Tier: 'text', amount: 'numeric(12,2)', day: 'date' };
const target = {
  table: '"Totals"',
  columns: Object.entries(types).map(([name, type]) => ({ name, type })),
};
const never = new AbortController().signal;

describe('the rules of a target, in a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let snapshots: Snapshots;

  before(async () => {
    database = await createDatabase('rules');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    snapshots = snapshotsOf(postgres, await loadSqlParser());
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  const resolved = { target: { mode: 'replace' }, columns: [] } as unknown as ResolvedTarget;
  const test = (...checks: readonly Check[]): Promise<readonly RuleResult[]> =>
    snapshots.snapshot((snapshot) => testRules(snapshot, rulesOf(checks, resolved), target), { signal: never });
  const told = (result: RuleResult): string => {
    const title = ruleTitle(result.rule);
    switch (result.kind) {
      case 'passed':
        return `${title}: passed`;
      case 'failed':
        return `${title}: ${result.rows} ${result.examples.join(' ')}`;
      case 'notRun':
        return `${title}: not run, ${result.reason}`;
    }
  };

  it('find the rows that break them, and no others; a NULL breaks none but its own', async () => {
    const results = await test(
      { kind: 'notNull', column: 'id' },
      { kind: 'notNull', column: 'Tier', severity: 'warning' },
      { kind: 'unique', columns: ['id'] },
      { kind: 'unique', columns: ['id', 'customer_id'] },
      { kind: 'accepted', column: 'Tier', values: ['gold', 'silver', 'tin'] },
      { kind: 'accepted', column: 'id', values: [1, 4] },
      { kind: 'range', column: 'amount', min: 0 },
      { kind: 'range', column: 'day', min: '2026-01-01', max: '2026-12-31' },
      { kind: 'references', columns: ['customer_id'], table: 'public.customers', tableColumns: ['id'] },
      { kind: 'rowCount', min: 7 },
      { kind: 'rowCount', min: 1, max: 6 },
      {
        kind: 'sql',
        name: 'no gold below six',
        query: `select id from target where "Tier" = 'gold' and amount < 6 -- ;`,
      },
    );
    assert.deepEqual(results.map(told), [
      'id is never NULL: 2 {"id": null, "day": "2026-01-03", "Tier": "tin", "amount": 0.00, "customer_id": 1} {"id": null, "day": "2026-01-03", "Tier": "tin", "amount": 0.00, "customer_id": 1}',
      'Tier is never NULL: 1 {"id": 4, "day": null, "Tier": null, "amount": null, "customer_id": null}',
      'id is unique: 1 {"id": 2, "rows": 2}',
      'id, customer_id are unique: passed',
      'Tier is one of "gold", "silver", "tin": passed',
      'id is one of 1, 4: 2 {"id": 2, "day": "2026-01-02", "Tier": "silver", "amount": -1.00, "customer_id": 2} {"id": 2, "day": "2025-12-31", "Tier": "gold", "amount": 5.00, "customer_id": 3}',
      'amount is at least 0: 1 {"id": 2, "day": "2026-01-02", "Tier": "silver", "amount": -1.00, "customer_id": 2}',
      'day lies between 2026-01-01 and 2026-12-31: 1 {"id": 2, "day": "2025-12-31", "Tier": "gold", "amount": 5.00, "customer_id": 3}',
      'customer_id stands in public.customers: 1 {"id": 2, "day": "2025-12-31", "Tier": "gold", "amount": 5.00, "customer_id": 3}',
      'the number of rows is at least 7: 1 ',
      'the number of rows lies between 1 and 6: passed',
      'no gold below six: 1 {"id": 2}',
    ]);
  });

  it('that cannot be run say why, and the others run', async () => {
    const results = await test(
      { kind: 'range', column: 'id', min: 'many' },
      { kind: 'notNull', column: 'gone' },
      { kind: 'sql', query: 'select pg_read_file($$/etc/passwd$$)' },
      { kind: 'sql', query: 'with gone as (delete from target returning 1) select 1' },
      { kind: 'rowCount', max: 6 },
    );
    const reasons = [
      'id is at least many: not run, invalid input syntax for type integer: "many"',
      'gone is never NULL: not run, column target.gone does not exist',
      'a query finds no row: not run, The function pg_read_file may not be called',
      'a query finds no row: not run, A WITH may hold SELECTs only',
      'the number of rows is at most 6: passed',
    ];
    assert.deepEqual(
      results.map((result, at) => told(result).slice(0, reasons[at]?.length)),
      reasons,
    );
    assert.deepEqual(results.map(({ kind }) => kind), ['notRun', 'notRun', 'notRun', 'notRun', 'passed']); // prettier-ignore
    assert.deepEqual(await postgres.query('select count(*)::int as n from "Totals"'), [{ n: 6 }]);
  });

  it('end when they are cancelled, and are not taken for run', async () => {
    const stop = new AbortController();
    const rules = rulesOf(
      [{ kind: 'sql', query: 'select 1 from target a, target b, generate_series(1, 100000000)' }],
      resolved,
    );
    const running = snapshots.snapshot((snapshot) => testRules(snapshot, rules, target), { signal: stop.signal });
    const active = async (): Promise<number> => {
      const sql = `select count(*)::int as n from pg_stat_activity where query like '%100000000%' and state = 'active' and pid <> pg_backend_pid()`;
      return (await postgres.query<{ n: number }>(sql))[0]?.n ?? 0;
    };
    await until(async () => (await active()) > 0);
    stop.abort();
    await assert.rejects(running, { code: 'cancelled' });
    await until(async () => (await active()) === 0);
  });

  it('follow from the target too, and what the spec says already is not said twice', () => {
    const followed = {
      target: { mode: 'upsert', keys: ['id'] },
      columns: [
        { name: 'id', nullable: false },
        { name: 'code', nullable: true },
      ],
      table: { primaryKey: ['id'], uniqueKeys: [['code'], ['elsewhere']] },
    } as unknown as ResolvedTarget;
    const rules: readonly Rule[] = rulesOf([{ kind: 'unique', columns: ['id'], name: 'one row an id' }], followed);
    assert.deepEqual(
      rules.map((rule) => [ruleTitle(rule), rule.index]),
      [
        ['one row an id', 0],
        ['id is never NULL', undefined],
        ['code is unique', undefined],
      ],
    );
  });
});
