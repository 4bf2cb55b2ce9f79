import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Intent, IntentOutcome, IntentResult } from '../../src/agents/intentPort.ts';
import { usualLimits } from '../../src/agents/validation/intent/bounds.ts';
import type { IntentSides } from '../../src/agents/validation/intent/sides.ts';
import { testIntent } from '../../src/agents/validation/intentTests.ts';
import type { Snapshots } from '../../src/agents/validation/snapshot.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { until } from '../support/until.ts';

const ddl = `
create table orders (order_id integer primary key, customer_id integer, amount numeric(10,2), ordered_at timestamptz not null, note text);
insert into orders values
  (1, 1, 10, '2026-01-01', 'a'), (2, 1, 5, '2026-01-02', null), (3, 2, 7, '2026-02-01', ''), (4, null, 9, '2026-02-02', 'b');
create type tier as enum ('gold', 'tin');
create table totals (customer_id integer, total numeric(12,2), first date, tier tier);
insert into totals values (1, 15, '2026-01-01', 'gold'), (2, 7, '2026-02-01', 'tin');
create table target (customer_id integer, total numeric(12,2), first date, tier tier);
insert into target values (99, -1, null, null);
create table big (id integer primary key, value integer not null);
insert into big select n, n from generate_series(1, 3000) n;
create table empty (id integer, value text);
create table odd ("a b" text[], "from" jsonb, f double precision, u uuid, b boolean, c character(4), s smallint, j json, i interval);
insert into odd values ('{x,null}', '{"k": [1]}', 'NaN', '00000000-0000-0000-0000-000000000001', true, 'ab', 3, 'null', '1 day'),
  (null, 'null', '-Infinity', null, false, null, null, '{"a": "\\\\ ''"}', null);
`;
const reference = `select customer_id, sum(amount)::numeric(12,2) as total, min(ordered_at at time zone 'UTC')::date as first,
  case when sum(amount) > 10 then 'gold' else 'tin' end::tier as tier from orders where customer_id is not null group by customer_id`;
const columns = [
  { name: 'customer_id', type: 'integer' },
  { name: 'total', type: 'numeric(12,2)' },
  { name: 'first', type: 'date' },
  { name: 'tier', type: 'tier' },
];
const sides: IntentSides = {
  target: { table: '(select * from public.totals)', columns },
  reference,
  keys: ['customer_id'],
  instant: '2026-02-10T12:00:00Z',
};

describe('tests of intent, in a real PostgreSQL', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let postgres: Postgres;
  let snapshots: Snapshots;

  before(async () => {
    database = await createDatabase('intent');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    snapshots = snapshotsOf(postgres, await loadSqlParser());
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  const outcomeOf = (intent: Intent, on: IntentSides = sides, limits = usualLimits): Promise<IntentOutcome> =>
    snapshots.snapshot((snapshot) => testIntent(snapshot, intent, on, limits), {
      signal: new AbortController().signal,
    });
  async function results(queries: readonly string[], on: IntentSides = sides): Promise<readonly string[]> {
    const tests = queries.map((query, at) => ({ name: `test ${at}`, says: 'It tests.', query }));
    return (await outcomeOf({ tests }, on)).tests.map(told);
  }
  async function readAs(query: string, on: IntentSides = sides): Promise<unknown> {
    const { reading } = await outcomeOf({ tests: [], reading: { query, words: 'As it was read.' } }, on);
    assert.ok(reading);
    const { reading: read, ...rest } = reading;
    assert.equal(read.query, query);
    return rest;
  }

  it('are kept where a damaged copy of the target fails them, and say what was damaged', async () => {
    assert.deepEqual(
      await results([
        'select customer_id from orders where customer_id is not null except select customer_id from target',
        'select customer_id from target group by customer_id having count(*) > 1',
        'select * from target where total < 0',
        'select * from target where total > 1000',
        'select * from target where tier is null',
        `select * from target where first < '2025-12-31'`,
        'select * from target where customer_id not in (select customer_id from orders where customer_id is not null)',
        `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 3), totals as (select * from target)
         select n from numbers where n > 2 and (select count(*) from totals) > 3`,
        `select /* the sum */ 1 from (select sum(t.total) as "s" from target as t) x where s is distinct from (select sum(amount) from orders where customer_id > 0) -- ;`,
        'select 1 from target where first > current_date;',
      ]),
      [
        'passed: a copy: no rows',
        'passed: a copy: every row doubled',
        'passed: a copy: every total shifted down',
        'passed: a copy: every total shifted up',
        'passed: a copy: a row of NULLs added',
        'passed: a copy: every first shifted down',
        'passed: a copy: every customer_id shifted up',
        'passed: a copy: every row doubled',
        'passed: a copy: no rows',
        'passed: a copy: every first shifted up',
      ],
    );
  });

  it('that fail come with how many rows break them, and the first', async () => {
    assert.deepEqual(
      await results([
        'select * from target where total > 5',
        'select order_id from orders where customer_id is null and order_id not in (select customer_id from target)',
        `select repeat('x', 5000) as long from target`,
      ]),
      [
        'failed: 2 {"tier": "gold", "first": "2026-01-01", "total": 15.00, "customer_id": 1} {"tier": "tin", "first": "2026-02-01", "total": 7.00, "customer_id": 2}',
        'failed: 1 {"order_id": 4}',
        'failed: 2 ',
      ],
    );
  });

  it('that fail say what becomes of them on the rows of the second reading', async () => {
    const tests = ['total > 5', 'total > 14'].map((condition) => ({ name: condition, says: 'No.', query: `select * from target where ${condition};` })); // prettier-ignore
    const reading = { words: 'The largest.', query: 'select customer_id, max(amount), null::date, null::tier from orders where customer_id > 0 group by 1' }; // prettier-ignore
    const { tests: judged } = await outcomeOf({ tests, reading });
    assert.deepEqual(
      judged.map((result) => result.kind === 'failed' && [result.rows, result.onReading]),
      [
        [2, 'fails'],
        [1, 'passes'],
      ],
    );
  });

  it('are dropped where they cannot fail, do not read the target, or cannot be run, and say why', async () => {
    assert.deepEqual(
      await results([
        'select * from target where false',
        'select 1',
        'select o.* from orders o left join target on false',
        `select 1 from (values (1)) as target (x)`,
        'select * from orders where customer_id is null',
        'with target as (select * from orders) select * from target',
        'select * from public.target where total < 0',
        'select missing from target',
        'select 1; select 2',
        'delete from target',
        '',
      ]),
      [
        'dropped: It finds nothing wrong with any of 18 damaged copies of the target: it cannot fail.',
        'dropped: It does not read the target.',
        'dropped: It does not read the target.',
        'dropped: It does not read the target.',
        'dropped: It does not read the target.',
        'dropped: It does not read the target.',
        'dropped: It does not read the target.',
        'dropped: PostgreSQL refuses it: column "missing" does not exist.',
        'dropped: Only one statement can be run at a time.',
        'dropped: Only a SELECT can be run here.',
        'dropped: This does not parse: Query cannot be empty.',
      ],
    );
  });

  it('take a table that is called target for what it is: only the name with a schema reaches it', async () => {
    assert.deepEqual(
      await results(['select * from target where customer_id = 99', 'select * from TARGET where total < 0 limit 1']),
      [
        'dropped: It finds nothing wrong with any of 18 damaged copies of the target: it cannot fail.',
        'passed: a copy: every total shifted down',
      ],
    );
  });

  it('damage the first rows of a large target, and an empty one by a row of NULLs', async () => {
    const big: IntentSides = {
      target: {
        table: 'big',
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'value', type: 'integer' },
        ],
      },
      keys: ['id'],
    };
    assert.deepEqual(
      await results(
        [
          'select id from big except select id from target',
          'select * from target where value < 0',
          'select * from target where id > 2990',
        ],
        big,
      ),
      [
        'passed: a copy of the first 500 rows: nothing else',
        'passed: a copy of the first 500 rows: every value shifted down',
        'failed: 10 {"id": 2991, "value": 2991} {"id": 2992, "value": 2992} {"id": 2993, "value": 2993} {"id": 2994, "value": 2994} {"id": 2995, "value": 2995}',
      ],
    );
    const empty: IntentSides = {
      target: {
        table: 'empty',
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'value', type: 'text' },
        ],
      },
      keys: [],
    };
    assert.deepEqual(await results(['select * from target', 'select * from target where id > 1'], empty), [
      'passed: a copy: a row of NULLs added',
      'dropped: It finds nothing wrong with any of 13 damaged copies of the target: it cannot fail.',
    ]);
  });

  it('damage columns of every type, whatever they are called', async () => {
    const types = { 'a b': 'text[]', from: 'jsonb', f: 'double precision', u: 'uuid', b: 'boolean', c: 'character(4)', s: 'smallint', j: 'json', i: 'interval' }; // prettier-ignore
    const odd: IntentSides = {
      target: { table: 'odd', columns: Object.entries(types).map(([name, type]) => ({ name, type })) },
      keys: [],
    };
    assert.deepEqual(
      await results(
        [
          `select * from target where "a b" is not distinct from '{x,null}' and not b`,
          `select * from target where "from" is null and b`,
          `select * from target where u <> '00000000-0000-0000-0000-000000000001'`,
          `select * from target where f = 'Infinity' or f = 7 or f < 0 and b`,
          `select * from target where length(c) > 3`,
          'select * from target where s < 0',
          `select * from target where i is not null and not b`,
          `select * from target where j->>'a' = '\\ ''' and b`,
        ],
        odd,
      ),
      [
        'passed: a copy: every a b that of another row',
        'passed: a copy: NULL in every from',
        'passed: a copy: every u another one',
        'passed: a copy: every b turned round',
        'passed: a copy: every c written otherwise',
        'passed: a copy: every s shifted down',
        'passed: a copy: every b turned round',
        'passed: a copy: every b turned round',
      ],
    );
  });

  it('go no further than the first twenty', async () => {
    const told = await results(Array.from({ length: 22 }, (_, at) => `select * from target where total < -${at}`));
    assert.deepEqual(new Set(told.slice(0, 20)), new Set(['passed: a copy: every total shifted down', 'passed: a copy: no rows'].slice(0, 1))); // prettier-ignore
    assert.deepEqual(told.slice(20), Array(2).fill('dropped: Only the first 20 tests are run.'));
  });

  it('end when they are cancelled', async () => {
    const stop = new AbortController();
    const query = `select 1 from target, lateral (select count(*) from generate_series(1, 3000000) a, generate_series(1, 300) b where a <> 4711) x`;
    const running = snapshots.snapshot(
      (snapshot) => testIntent(snapshot, { tests: [{ name: 'slow', says: 'It takes long.', query }] }, sides),
      { signal: stop.signal },
    );
    const active = async (): Promise<number> => {
      const sql = `select count(*)::int as n from pg_stat_activity where query like '%4711%' and state = 'active' and pid <> pg_backend_pid()`;
      return (await postgres.query<{ n: number }>(sql))[0]?.n ?? 0;
    };
    await until(async () => (await active()) > 0);
    stop.abort();
    await assert.rejects(running, { code: 'cancelled' });
    await until(async () => (await active()) === 0);
  });

  describe('a second reading', () => {
    it('agrees whatever its types are, where its values are the same', async () => {
      assert.deepEqual(
        await readAs(
          `select customer_id::bigint, sum(amount) * 1.000, min(ordered_at), case when sum(amount) > 10 then 'gold' else 'tin' end
           from orders where customer_id > 0 group by 1 order by 1;`,
        ),
        { kind: 'agrees', rows: 2 },
      );
    });

    it('is rounded as the target rounds', async () => {
      const average: IntentSides = {
        ...sides,
        target: { table: 'totals', columns: [{ name: 'mean', type: 'numeric(6,2)' }] },
        reference: 'select avg(order_id)::numeric(6,2) / 1 as mean from orders where order_id < 3',
        keys: [],
      };
      assert.deepEqual(await readAs('select avg(order_id) + 0.001 from orders where order_id < 3', average), {
        kind: 'agrees',
        rows: 1,
      });
    });

    it('differs by rows, each side told: expected is what the reading gives', async () => {
      assert.deepEqual(
        await readAs(
          `select customer_id, max(amount), min(ordered_at)::date, 'gold' from orders where customer_id is not distinct from 1 or customer_id is null group by 1`,
        ),
        {
          kind: 'differs',
          changes: {
            keys: ['customer_id'],
            ...{ missing: 1, unexpected: 1, changed: 1, byColumn: { total: 1 } },
            rows: [
              {
                kind: 'changed',
                expected: '{"tier": "gold", "first": "2026-01-01", "total": 10.00, "customer_id": 1}',
                actual: '{"tier": "gold", "first": "2026-01-01", "total": 15.00, "customer_id": 1}',
                cells: ['total'],
              },
              {
                kind: 'missing',
                expected: '{"tier": "gold", "first": "2026-02-02", "total": 9.00, "customer_id": null}',
              },
              { kind: 'unexpected', actual: '{"tier": "tin", "first": "2026-02-01", "total": 7.00, "customer_id": 2}' },
            ],
          },
        },
      );
    });

    it('counts rows: what stands there twice is not what stands there once', async () => {
      const twice = `${reference} union all ${reference}`;
      const read = (await readAs(twice)) as { readonly kind: string; readonly changes: { readonly missing: number } };
      assert.deepEqual([read.kind, read.changes.missing], ['differs', 2]);
    });

    it('takes the clock of the run', async () => {
      const today: IntentSides = {
        target: { table: 'totals', columns: [{ name: 'day', type: 'date' }] },
        reference: `select date '2026-02-10' as day`,
        keys: [],
        instant: '2026-02-10T23:30:00-01:00',
      };
      assert.deepEqual(await readAs(`select current_date - 1`, today), { kind: 'agrees', rows: 1 });
      assert.deepEqual(await readAs(`select (now() - interval '1 day')::date`, today), { kind: 'agrees', rows: 1 });
    });

    it('is dropped where nothing can be said, with the reason', async () => {
      const reason = async (query: string, on = sides): Promise<unknown> => ((await readAs(query, on)) as { reason: unknown }).reason; // prettier-ignore
      assert.deepEqual(
        [
          await reason('select customer_id, total from totals'),
          await reason(`select *, 1 from totals`),
          await reason(`select customer_id, 'many', first, tier from totals`),
          await reason(`select customer_id, total, first, true from totals`),
          await reason(`select customer_id, total, first, 'silver' from totals`),
          await reason('select customer_id, total / (total - 7), first, tier from totals'),
          await reason('insert into totals values (1) returning *'),
          await reason(`select pg_sleep(1), 1, 2, 3`),
          await reason('select * from totals', { target: sides.target, keys: [] }),
        ],
        [
          'It does not give the 4 columns of the target. PostgreSQL refuses it: each UNION query must have the same number of columns.',
          'It does not give the 4 columns of the target. PostgreSQL refuses it: each UNION query must have the same number of columns.',
          "Its column total is text, and the target's is numeric(12,2).",
          "Its column tier is boolean, and the target's is tier.",
          'It cannot be compared. PostgreSQL refuses it: invalid input value for enum tier: "silver".',
          'It cannot be compared. PostgreSQL refuses it: division by zero.',
          'Only a SELECT can be run here.',
          'The function pg_sleep may not be called here.',
          'The spec has no reference to compare it with.',
        ],
      );
    });
  });
});

function told(result: IntentResult): string {
  switch (result.kind) {
    case 'passed':
      return `passed: ${result.damage}`;
    case 'failed':
      return `failed: ${result.rows} ${result.examples.join(' ')}`;
    case 'dropped':
      return `dropped: ${result.reason}`;
  }
}
