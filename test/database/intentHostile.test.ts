/** Tests and readings of somebody who means harm: whatever they are, nothing but a bounded read comes of them. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import type { IntentOutcome } from '../../src/agents/intentPort.ts';
import { usualLimits } from '../../src/agents/validation/intent/bounds.ts';
import type { IntentSides } from '../../src/agents/validation/intent/sides.ts';
import { testIntent } from '../../src/agents/validation/intentTests.ts';
import type { Snapshots } from '../../src/agents/validation/snapshot.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create table t (id integer primary key, note text);
insert into t select n, 'row ' || n from generate_series(1, 1000) n;
create index notes on t using gin (to_tsvector('english', note));
create sequence s;
create table target (id integer, note text);
insert into target values (1, 'the real one');
create function sneak() returns integer language plpgsql volatile as $$ begin insert into t values (0, 'sneaked in'); return 1; end $$;
create function pretender() returns integer language plpgsql immutable as $$ begin insert into t values (0, 'sneaked in'); return 1; end $$;
create function counts() returns bigint language sql volatile as $$ select nextval('s') $$;
create function defiant() returns integer language plpgsql volatile as $$
begin perform set_config('transaction_read_only', 'off', false); delete from t; return 1; end $$;
create function writable() returns integer language plpgsql volatile as $$ begin set transaction read write; delete from t; return 1; end $$;
create function patient() returns integer language plpgsql stable as $$
begin perform set_config('statement_timeout', '0', false); perform pg_sleep(600); return 1; end $$;
create function relaxed() returns integer language plpgsql stable as $$ begin perform set_config('work_mem', '64kB', false); return 1; end $$;
create function shout() returns integer language plpgsql stable as $$ begin perform pg_notify('intent', 'heard'); return 1; end $$;
create function ender() returns integer language plpgsql volatile as $$ begin commit; return 1; end $$;
create function trusting() returns integer language plpgsql stable as $$ begin return sneak(); end $$;
create function numbered() returns bigint language plpgsql stable as $$ begin return nextval('s'); end $$;
create function defied() returns integer language plpgsql immutable as $$ begin return defiant(); end $$;
create function described(t) returns integer language plpgsql volatile as $$ begin return sneak(); end $$;
create view looks_harmless as select sneak() as id;
create function eq(integer, text) returns boolean language plpgsql volatile as $$ begin insert into t values (0, 'by an operator'); return true; end $$;
create operator === (leftarg = integer, rightarg = text, function = eq);
create type pair as (a integer, b integer);
create function pair_of(integer) returns pair language plpgsql volatile as $$ begin insert into t values (0, 'by a cast'); return (1, 2)::pair; end $$;
create cast (integer as pair) with function pair_of(integer);
create function summed(integer, integer) returns integer language plpgsql volatile as $$ begin insert into t values (0, 'by an aggregate'); return 1; end $$;
create aggregate loudest (integer) (sfunc = summed, stype = integer, initcond = '0');
create extension if not exists dblink;
create extension if not exists tablefunc;
`;

/** What the gate refuses, by how it tries. */
const refused: Readonly<Record<string, readonly string[]>> = {
  'statements that write': [
    'delete from target',
    'with gone as (delete from t returning *) select * from gone',
    `with w as (insert into t values (0, 'x') returning id), target as (select 1) select * from w`,
    'with a as (with b as (update t set note = null returning 1) select * from b) select * from a',
    'select * into stolen from target',
    'select * from target for update',
    'select * from (select * from t for no key update) x',
    'create table stolen as select * from target',
    `copy target to program 'id'`,
    `do $$ begin delete from t; end $$`,
    'explain analyze delete from t',
    'begin',
    'set transaction read write',
    `declare c cursor for select 1`,
    'listen intent',
  ],
  'more than one statement': [
    'select 1; delete from t',
    'select 1 from target; -- \ndelete from t',
    'select 1 /* ; */; commit; delete from t; begin; select 1',
    `select $$ ' $$; delete from t; select $$ ' $$`,
    `select E'\\'; delete from t; --'; delete from t`,
    'select 1) as broken; delete from t; select * from (select 1',
    `select 1 from target) x; drop table t; --`,
    'select 1 /* never closed',
    `select 'never closed`,
    'select 1 \u0000; delete from t',
  ],
  'functions that reach beyond the data': [
    `select nextval('s') from target`,
    `select setval('s', 99)`,
    `select pg_catalog.setval('s', 99)`,
    `select "setval"('s', 99)`,
    `select U&"set\\0076al"('s', 99)`,
    `select U&"set!0076al" UESCAPE '!' ('s', 99)`,
    `select lo_create(4711)`,
    `select lo_from_bytea(4711, 'x')`,
    `select lo_import('/etc/passwd')`,
    `select pg_notify('intent', 'heard')`,
    `select set_config('transaction_read_only', 'off', true)`,
    `select * from target where set_config('statement_timeout', '0', false) <> ''`,
    `select pg_sleep(60)`,
    `select PG_SLEEP(60) from target`,
    `select pg_sleep_for('1 minute')`,
    `select * from target, pg_sleep_until(now() + interval '1 minute')`,
    `select pg_read_file('/etc/passwd')`,
    `select * from pg_ls_dir('.')`,
    `select pg_read_binary_file('PG_VERSION')`,
    `select pg_terminate_backend(pg_backend_pid())`,
    `select pg_advisory_lock(1)`,
    `select pg_switch_wal()`,
    `select query_to_xml('delete from t', true, true, '')`,
    `select table_to_xml('t', true, true, '')`,
    `select * from ts_stat('delete from t returning to_tsvector(note)')`,
    `select ts_rewrite('a & b'::tsquery, 'select sneak()::text::tsquery, null::tsquery')`,
    `select * from dblink('dbname=postgres', 'create table x ()') as x (a text)`,
    `select dblink_exec('dbname=postgres', 'create table x ()')`,
    `select * from crosstab('delete from t returning id, 1, 1') as x (a integer, b integer)`,
    `select gin_clean_pending_list('notes')`,
    `select (select (select array_agg(x) from (select case when true then pg_sleep(60) end) x))`,
    `select count(*) filter (where pg_sleep(60) is null) over (order by pg_sleep(60)) from target`,
    `select * from pg_shadow`,
    `select * from pg_catalog.pg_authid`,
  ],
};

/** What calls functions of the database that nobody has declared to read only, by the names of those. */
const own: Readonly<Record<string, string>> = {
  'select sneak() from target': 'sneak',
  'select U&"sn\\0065ak"() from target': 'sneak',
  'select public.sneak(), counts()': 'counts, sneak',
  'select 1 from target where exists (select from (values (defiant())) as x)': 'defiant',
  'select writable()': 'writable',
  'select ender()': 'ender',
  'select outside() from target': 'outside',
  'select t.described from t, target': 'described',
  'select (t).described from t, target': 'described',
  [`select 1 from target where id === 'a'`]: 'eq',
  [`select 1 from target where id operator(public.===) 'a'`]: 'eq',
  [`select 1 from target where id === any (array['a'])`]: 'eq',
  'select id::pair from target': 'pair_of',
  'select cast(id as public.pair) from target': 'pair_of',
  'select 1 from target having loudest(id) = 1': 'summed',
};

/** What passes the gate and is for PostgreSQL to refuse: it is a read-only transaction. */
const stopped: Readonly<Record<string, string>> = {
  'select 1 from target where pretender() = 1': 'INSERT is not allowed in a non-volatile function',
  'select 1 from target where trusting() = 1': 'cannot execute INSERT in a read-only transaction',
  'select 1 from target where numbered() = 1': 'cannot execute nextval() in a read-only transaction',
  'select 1 from target where defied() = 1': 'cannot set transaction read-write mode inside a read-only transaction',
  'select * from looks_harmless where id > 0': 'cannot execute INSERT in a read-only transaction',
  'select * from target, looks_harmless': 'cannot execute INSERT in a read-only transaction',
};

/** What only reads, and would never end or fill everything. */
const endless: readonly string[] = [
  'select 1 from target, t a, t b, t c, t d, t e where a.id + b.id + c.id + d.id + e.id < 0',
  'select count(*) from generate_series(1, 1000000000) a, generate_series(1, 1000000000) b, target having count(*) < 0',
  'with recursive forever (n) as (select 1 union all select n + 1 from forever) select n from forever where n < 0',
  'with recursive forever (n) as (select id from target union all select n from forever) select sum(n) from forever',
  `select repeat('x', 1000000) from t a, t b order by 1, a.id`,
  'select 1 from target where patient() = 1',
  `select * from target where note ~ '(((((((x*)*)*)*)*)*)*)*y' or (select count(*) from t a, t b, t c, t d) < 0`,
];

const limits = { ...usualLimits, statementMs: 400, testMs: 800, testsMs: 20_000, readingMs: 500 };

describe('hostile tests of intent, in a real PostgreSQL', function () {
  this.timeout(90_000);
  let database: TestDatabase;
  let postgres: Postgres;
  let snapshots: Snapshots;
  let sides: IntentSides;
  let initial: unknown;

  before(async () => {
    database = await createDatabase('hostile');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    snapshots = snapshotsOf(postgres, await loadSqlParser());
    sides = {
      target: {
        table: 't',
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'note', type: 'text' },
        ],
      },
      reference: 'select id, note from t',
      keys: ['id'],
      instant: '2026-01-01T00:00:00Z',
    };
    // By another connection: no read-only transaction would stop it.
    await database.run(`create function outside() returns text language sql volatile as
      $$ select dblink_exec('${process.env['DATAMORPH_TEST_PG']?.replace(/[^/]*$/, '') ?? ''}' || current_database(), 'insert into t values (-1, ''outside'')') $$`);
    await postgres.select('select outside()');
    assert.deepEqual(await postgres.query('delete from t where id = -1 returning note'), [{ note: 'outside' }]);
    initial = await state();
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });
  afterEach('nothing has changed', async () => {
    assert.deepEqual(await state(), initial);
  });

  /** Everything that a query could have written to: rows, objects, sequences, settings, locks, what is announced. */
  async function state(): Promise<unknown> {
    const [all] = await postgres.query(`select
      (select array[count(*), sum(id), min(id)] from t) as rows,
      (select array_agg(note) from target) as target,
      (select array_agg(relname || ' ' || relfilenode order by oid) from pg_class where relnamespace = 'public'::regnamespace) as relations,
      (select array[last_value::text, is_called::text] from s) as sequence,
      (select count(*) from pg_largeobject_metadata) as objects,
      (select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())) as locks,
      (select array_agg(datname order by 1) from pg_database where datname = current_database()) as databases,
      pg_notification_queue_usage() as announced, current_setting('work_mem') as memory, current_setting('default_transaction_read_only') as only,
      current_setting('statement_timeout') as timeout, current_setting('standard_conforming_strings') as strings`);
    return all;
  }

  const outcomeOf = (queries: readonly string[]): Promise<IntentOutcome> =>
    snapshots.snapshot(
      (snapshot) => {
        const tests = queries.map((query, at) => ({ name: `test ${at}`, says: 'It means harm.', query }));
        return testIntent(snapshot, { tests, reading: { query: queries[0] ?? '', words: 'Harm.' } }, sides, limits);
      },
      { signal: new AbortController().signal },
    );

  /** One at a time: each has its own snapshot, as a reading and as a test. */
  async function reasons(query: string): Promise<readonly string[]> {
    const { tests, reading } = await outcomeOf([query]);
    const [test] = tests;
    assert.ok(test && reading, query);
    assert.deepEqual([test.kind, reading.kind], ['dropped', 'dropped'], query);
    return [test, reading].map((result) => (result.kind === 'dropped' ? result.reason : ''));
  }

  for (const [how, queries] of Object.entries(refused)) {
    it(`are refused before PostgreSQL sees them: ${how}`, async () => {
      for (const query of queries) {
        for (const reason of await reasons(query)) {
          assert.match(
            reason,
            /may not be (called|read) here|Only (a SELECT|one statement) can|A WITH may hold|does not parse|leave (INTO|them) out|leave INTO/,
            query,
          );
        }
      }
    });
  }

  it('are refused where they call functions, operators or casts of the database that may do more than read', async () => {
    for (const [query, names] of Object.entries(own)) {
      const reason = `It calls ${names}, which may do more than read.`;
      assert.deepEqual(await reasons(query), [reason, reason], query);
    }
  });

  it('are not refused for what the database has of its own and declares to read', async () => {
    await database.run(
      'create function doubled(integer) returns integer language sql immutable as $$ select 2 * $1 $$',
    );
    const { tests } = await outcomeOf(['select * from target where doubled(id) < 0']);
    await database.run('drop function doubled');
    assert.deepEqual(
      tests.map(({ kind }) => kind),
      ['passed'],
    );
  });

  it('are refused by PostgreSQL where views write, or functions that are declared not to', async () => {
    for (const [query, message] of Object.entries(stopped)) {
      const [test, reading] = await reasons(query);
      assert.equal(test, `PostgreSQL refuses it: ${message}.`, query);
      assert.ok(reading, query);
    }
  });

  it('leave no setting behind and announce nothing, where a function of the database does', async () => {
    const listener = await heard(async () => {
      await outcomeOf([
        'select 1 from target where relaxed() = 1',
        'select shout() from target',
        'select shout(), note from target',
      ]);
    });
    assert.deepEqual(listener, []);
  });

  it('end in time where they would not end, and take no other test with them', async () => {
    const honest = 'select * from target where id < 1';
    for (const query of endless) {
      const started = performance.now();
      const { tests } = await outcomeOf([query, honest]);
      const ms = performance.now() - started;
      assert.deepEqual(
        tests.map(({ kind }) => kind),
        ['dropped', 'passed'],
        query,
      );
      assert.match(
        tests[0]?.kind === 'dropped' ? tests[0].reason : '',
        /did not end within|expects it to cost|cannot fail|does not read|In the time that there is/,
        query,
      );
      assert.ok(ms < 5000, `${query}: ${ms} ms`);
    }
  });

  it('give no more than they may where they give everything', async () => {
    const { tests } = await outcomeOf([
      'select a.* from target a, t b',
      `select repeat(note, 100000) as long, id from target`,
      'select a.id from target a, t b, t c, t d',
    ]);
    assert.deepEqual(
      tests.map((test) => [test.kind, test.kind === 'failed' && [test.rows, test.examples.length]]),
      [
        ['failed', [1_000_000, 5]],
        ['failed', [1000, 0]],
        ['failed', [1_000_000, 5]],
      ],
    );
  });

  it('are read with the quotes of the standard, however the server reads them', async () => {
    const [row] = await postgres.query<{ name: string }>('select current_database() as name');
    await database.run(`alter database ${row?.name ?? ''} set standard_conforming_strings = off`);
    const other = await openPostgres(database.options);
    try {
      const own = snapshotsOf(other, await loadSqlParser());
      // Where a backslash escapes, the text goes on behind it, and what the gate took for a text is a call.
      const query = String.raw`select 1 from target where note = '\' or note = ' || pg_sleep(60)::text || '-- '`;
      const outcome = await own.snapshot(
        (snapshot) => testIntent(snapshot, { tests: [{ name: 'quotes', says: 'It hides.', query }] }, sides, limits),
        { signal: new AbortController().signal },
      );
      assert.equal(outcome.tests[0]?.kind, 'dropped');
      assert.match(outcome.tests[0].reason, /cannot fail/);
    } finally {
      await other.close();
      await database.run(`alter database ${row?.name ?? ''} reset standard_conforming_strings`);
    }
  });

  async function heard(work: () => Promise<void>): Promise<readonly string[]> {
    const messages: string[] = [];
    await postgres.session(async (client) => {
      client.on('notification', ({ payload }) => messages.push(payload ?? ''));
      await client.query('listen intent');
      await work();
      // What was announced at a commit arrives with the next answer.
      await client.query('select 1');
      await client.query('unlisten intent');
    });
    return messages;
  }
});
