import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { QueryGate } from '../../src/agents/queryPort.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { createQueryGate } from '../../src/services/queryGate.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create table t (id integer primary key, note text);
insert into t select n, 'row ' || n from generate_series(1, 1000) n;
create table secret (id integer);
create function sneak() returns integer language plpgsql volatile as $$
begin
  insert into t values (0, 'sneaked in');
  return 1;
end $$;
create function defiant() returns text language plpgsql volatile as $$
begin
  set transaction read write;
  delete from t;
  return 'gone';
end $$;
create function noisy() returns setof integer language plpgsql volatile as $$
begin
  for n in 1..2000000000 loop return next n; end loop;
end $$;
`;

describe('a query of a person or a model, in a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let gate: QueryGate;

  before(async () => {
    database = await createDatabase('gate');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    gate = createQueryGate(postgres, await loadSqlParser());
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  const count = async (): Promise<unknown> =>
    (await postgres.query<{ n: number }>('select count(*)::int as n from t'))[0]?.n;

  it('gives its rows as PostgreSQL writes them', async () => {
    const sql = `select 0.10::numeric(9,2) as a, 9007199254740993 as a, null::text, array[1,2], '2026-01-02 03:04:05.123456+00'::timestamptz, true as yes; -- end`;
    assert.deepEqual(await gate.readOnlyQuery(sql), {
      kind: 'rows',
      columns: ['a', 'a', 'text', 'array', 'timestamptz', 'yes'],
      rows: [['0.10', '9007199254740993', null, '{1,2}', '2026-01-02 03:04:05.123456+00', 't']],
      cut: false,
    });
    for (const [each, rows] of [
      [
        'table t limit 2',
        [
          ['1', 'row 1'],
          ['2', 'row 2'],
        ],
      ],
      ['values (1)', [['1']]],
      ['select 1 where false', []],
      ['with x as (select 1) select * from x', [['1']]],
    ] as const) {
      const answer = await gate.readOnlyQuery(each);
      assert.deepEqual(answer.kind === 'rows' && answer.rows, rows);
    }
  });

  it('stops at the limit, says so, and reads no more than it has to', async () => {
    for (const [maxRows, cut] of [
      [999, true],
      [1000, false],
      [1001, false],
      [0, true],
      [200, true],
    ] as const) {
      const answer = await gate.readOnlyQuery('select id from t order by id', { maxRows });
      assert.ok(answer.kind === 'rows');
      assert.deepEqual([answer.rows.length, answer.cut], [Math.min(maxRows, 1000), cut]);
    }
    const endless = await gate.readOnlyQuery('select a.id from t a, t b, t c, t d', { maxRows: 7, timeoutMs: 10_000 });
    assert.ok(endless.kind === 'rows' && endless.cut && endless.rows.length === 7);
    const long = await gate.readOnlyQuery("select repeat('x', 5000000) from t", { maxRows: 100 });
    assert.ok(long.kind === 'rows' && long.cut && long.rows.length === 3);
  });

  it('is refused before it reaches the server', async () => {
    const answer = await gate.readOnlyQuery('with x as (delete from t returning *) select * from x');
    assert.deepEqual([answer.kind, 'code' in answer && answer.code], ['refused', 'writes']);
    assert.equal(await count(), 1000);
  });

  it('cannot write through a function, even one that asks to', async () => {
    await assert.rejects(gate.readOnlyQuery('select sneak()'), /cannot execute INSERT in a read-only transaction/);
    await assert.rejects(gate.readOnlyQuery('select defiant()'), /read-write|read-only/);
    assert.equal(await count(), 1000);
  });

  it('ends when its time is over, or when nobody waits any more', async () => {
    await assert.rejects(gate.readOnlyQuery('select count(*) from noisy()', { timeoutMs: 50 }), {
      code: 'statement-timeout',
    });
    const abort = new AbortController();
    const running = gate.readOnlyQuery('select count(*) from noisy()', { signal: abort.signal });
    const sql = "select 1 from pg_stat_activity where state = 'active' and query like 'fetch % from datamorph_gate'";
    while ((await postgres.query(sql)).length === 0);
    abort.abort();
    await assert.rejects(running, { code: 'cancelled' });
  });

  it('sees what a low-right role sees, and is itself again afterwards', async () => {
    const { user: role } = await database.createRole('low');
    await database.run(`grant select (id) on t to ${role}`);
    const who = await gate.readOnlyQuery('select current_user', { role });
    assert.deepEqual(who.kind === 'rows' && who.rows, [[role]]);
    const asConfigured = await createQueryGate(postgres, await loadSqlParser(), { queryRole: role }).readOnlyQuery(
      'select current_user',
    );
    assert.deepEqual(asConfigured.kind === 'rows' && asConfigured.rows, [[role]]);
    await assert.rejects(gate.readOnlyQuery('select * from secret', { role }), {
      code: 'not-permitted-on',
      message: /lacks a right on secret/,
    });
    await assert.rejects(gate.readOnlyQuery('select note from t', { role }), { code: 'not-permitted-on' });
    assert.equal((await gate.readOnlyQuery('select * from secret')).kind, 'rows');
  });
});
