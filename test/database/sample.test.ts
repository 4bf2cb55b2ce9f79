import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import type { ComparedColumn } from '../../src/agents/comparison.ts';
import { compareSample, type Sample } from '../../src/agents/validation/sample.ts';
import type { Verdict } from '../../src/agents/verdict.ts';
import { headline } from '../../src/agents/report/words.ts';
import { judge, openTotals, type Totals } from '../support/totals.ts';

const ddl = `
create table expected (id integer, code text, amount numeric(10,2), ratio double precision, body json);
insert into expected select n, 'c' || lpad((n * 7919 % 10000)::text, 5, '0'), n * 1.5, n / 3.0, '{}' from generate_series(1, 10000) n;
create table actual as select * from expected;`;

const columns: readonly ComparedColumn[] = [
  { name: 'id', type: 'integer' },
  { name: 'code', type: 'text' },
  { name: 'amount', type: 'numeric(10,2)' },
];

describe('a sample of very many rows, in a real PostgreSQL', () => {
  let totals: Totals;
  before(async () => {
    totals = await openTotals('sampling');
  });
  after(() => totals.close());
  beforeEach(() => totals.postgres.query(`drop table if exists expected, actual; ${ddl}`));

  interface Wanted {
    readonly keys?: readonly string[];
    readonly mostRows?: number;
    readonly of?: readonly ComparedColumn[];
  }
  const sampled = ({ keys = ['id'], mostRows = 800, of = columns }: Wanted = {}): Promise<Sample | undefined> => {
    const names = of.map(({ name }) => name).join(', ');
    const request = { table: `(select ${names} from actual) as rows`, reference: `select ${names} from expected`, columns: of }; // prettier-ignore
    return totals.snapshots.snapshot((snapshot) => compareSample(snapshot, request, { keys, mostRows }), {
      signal: new AbortController().signal,
    });
  };
  const counts = ({ said, comparison }: Sample) => {
    const { expectedRows, actualRows, missing, unexpected } = comparison;
    return { ...said, expectedRows, actualRows, missing, unexpected };
  };
  const whole = { expectedRows: 10_000, actualRows: 10_000, missing: 0, unexpected: 0 };

  it('is of ranges of the key that are spread evenly, the same each time, and is not taken where all can be compared', async () => {
    const first = await sampled();
    assert.ok(first);
    assert.deepEqual(counts(first), { rows: 807, of: 10_000, range: '8 ranges of id, spread evenly over its values', ...whole }); // prettier-ignore
    assert.deepEqual(await sampled(), first);
    assert.equal(await sampled({ mostRows: 10_000 }), undefined);
  });

  it('finds a wrong row in its ranges, at both edges too, and a lost or doubled one anywhere', async () => {
    const after = async (change: string): Promise<readonly number[]> => {
      await totals.postgres.query(`drop table actual; create table actual as select * from expected; ${change}`);
      const found = await sampled();
      return found ? [found.comparison.missing, found.comparison.unexpected] : [];
    };
    assert.deepEqual(await after('update actual set amount = 0 where id = 50'), [1, 1]);
    assert.deepEqual(await after('update actual set id = 0 where id = 1'), [1, 1]);
    assert.deepEqual(await after('update actual set id = 20000 where id = 10000'), [1, 1]);
    assert.deepEqual(await after('delete from actual where id = 700'), [1, 0]);
    assert.deepEqual(await after('insert into actual select * from actual where id = 700'), [0, 1]);
    assert.deepEqual(await after('delete from actual where id = 50'), [1, 0]);
    // What only counts is not seen: the verdict says that it was not looked at.
    assert.deepEqual(await after('update actual set amount = 0 where id = 700'), [0, 0]);
  });

  it('goes by text under its bytes, and by no column that is inexact or has no order', async () => {
    const byCode = await sampled({ keys: ['code'] });
    assert.ok(byCode);
    assert.deepEqual([byCode.said.rows, byCode.comparison.missing], [807, 0]);
    const odd = { name: 'ratio', type: 'double precision' };
    const body = { name: 'body', type: 'json' };
    assert.equal(await sampled({ keys: [], of: [odd, body] }), undefined);
    assert.match((await sampled({ keys: [], of: [odd, ...columns] }))?.said.range ?? '', /of id,/);
  });

  it('is said in the verdict, its headline and what was not proven', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => `(${n}, null, null)`).join(', ');
    await totals.put(rows);
    await totals.postgres.query(`truncate orders, customers;
      insert into customers select n, '' from generate_series(0, 29) n`);
    const verdictOn = async (): Promise<Verdict> =>
      (await judge(totals, await totals.spec(), { options: { compareRows: 8 } })).verdict;
    await totals.postgres.query(`update totals set email = ''`);
    const verdict = await verdictOn();
    const sample = { rows: 14, of: 30, range: '8 ranges of customer_id, spread evenly over its values' };
    assert.deepEqual([verdict.kind, verdict.proof?.sample, verdict.proof?.rows], ['passed', sample, sample.rows]);
    assert.equal(headline(verdict), `passed, 14 of 30 rows were compared, and equal PostgreSQL's own answer`);
    assert.equal(
      verdict.proof?.notProven[0],
      'That 16 of 30 rows are right: only counted, outside 8 ranges of customer_id, spread evenly over its values.',
    );
    await totals.postgres.query(`delete from totals where customer_id = 29`);
    assert.equal(headline(await verdictOn()), 'failed, 1 row missing');
  });
});
