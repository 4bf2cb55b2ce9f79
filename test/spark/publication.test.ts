/** Publication as an operation of its own: later, by DataMorph's connection or by a small job; and which targets it takes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { giveUp, publish, type Published } from '../../src/services/publication.ts';
import { publicationStatements, type Publication } from '../../src/services/publicationStatements.ts';
import { publicationOf, publicationScript } from '../../src/services/publicationTarget.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { shopSql, shopTables } from '../golden/shop.ts';
import { instant, startWorld, type Database, type World } from './support/world.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../golden/${name}.datamorph.json`, import.meta.url), 'utf8');
const never = new AbortController().signal;

async function refusalOf(publishing: Promise<Published>): Promise<string> {
  const result = await publishing;
  assert.equal(result.kind, 'refused');
  return result.reason;
}

describe('publication', function () {
  this.timeout(180_000);
  let world: World;
  let shop: Database;

  before(async () => {
    world = await startWorld();
    shop = await world.database('publication', shopSql);
  });
  after(() => world.stop());

  const rows = async (sql: string): Promise<readonly string[]> =>
    (await shop.client.query<{ r: string }>(`select (r.*)::text as r from (${sql}) as r order by 1`)).rows.map(
      ({ r }) => r,
    );
  const stages = (): Promise<readonly string[]> =>
    rows(`select relname from pg_class where relname ~ '^datamorph_stage' and relkind = 'r'`);

  /** Runs a golden spec up to its staging table. */
  async function staged(name: string, runId: string): Promise<Publication> {
    const ran = await shop.run(golden(name), { runId, args: ['--publish', 'later'] });
    assert.equal(ran.failure, null, ran.failure ?? '');
    assert.deepEqual(
      ran.events.map(({ event }) => event).filter((event) => event !== 'mark'),
      ['start', 'staged'],
    );
    assert.ok(ran.compiled.resolved);
    return publicationOf(ran.compiled.resolved.target, { runId, instant });
  }

  for (const name of ['customer-totals', 'append', 'upsert-incremental', 'history-events', 'history-snapshot']) {
    it(`${name}: published later, it is what the job itself would have published`, async () => {
      const now = await shop.run(golden(name), { runId: `${name}-now` });
      assert.equal(now.failure, null, now.failure ?? '');
      const table = (JSON.parse(golden(name)) as { target: { table: string } }).target.table;
      const expected = await rows(`select * from ${table}`);
      await shop.client.query(`drop table ${table}`);
      const publication = await staged(name, `${name}-later`);
      assert.equal((await stages()).length, 1);
      assert.deepEqual(await publish(shop.client, publication, never), {
        kind: 'published',
        rows: now.events.at(-1)?.['rows'],
        repeated: false,
      });
      assert.deepEqual(await rows(`select * from ${table}`), expected);
      assert.deepEqual(await stages(), []);
    });
  }

  it('by a small job of its own, in a database whose session is in another zone', async () => {
    const publication = await staged('customer-totals', 'small job');
    await shop.client.query('delete from customer_totals');
    const ran = await shop.runScript(publicationScript(publication), { runId: 'the job that publishes' });
    assert.equal(ran.failure, null, ran.failure ?? '');
    assert.equal(ran.events.at(-1)?.['event'], 'published');
    assert.notDeepEqual(await rows('select * from customer_totals'), []);
    assert.deepEqual(await stages(), []);
  });

  it('what waits survives other runs of the target, until it is published or given up', async () => {
    const first = await staged('append', 'waiting');
    const between = await shop.run(golden('append'), { runId: 'between' });
    assert.equal(between.failure, null, between.failure ?? '');
    assert.equal((await stages()).length, 1);
    await publish(shop.client, first, never);
    assert.deepEqual(await publish(shop.client, first, never), {
      kind: 'published',
      rows: 0,
      repeated: true,
    });
    const second = await staged('append', 'given up');
    await giveUp(shop.client, second);
    assert.deepEqual(await stages(), []);
    assert.match(await refusalOf(publish(shop.client, second, never)), /nothing is staged/);
  });

  it('refuses rows that a crash of the server has emptied', async () => {
    const publication = await staged('customer-totals', 'crashed');
    const before = await rows('select * from customer_totals');
    const [stage] = await stages();
    await shop.client.query(`truncate ${String(stage).slice(1, -1)}`);
    assert.match(await refusalOf(publish(shop.client, publication, never)), /0 rows are staged, [0-9]+ expected/);
    assert.deepEqual(await rows('select * from customer_totals'), before);
    await giveUp(shop.client, publication);
  });

  it('refuses a character that PostgreSQL cannot hold, and says in which column', async () => {
    const before = await rows('select * from customer_totals');
    const compiled = (await shop.compile(golden('customer-totals'))).pyspark?.text ?? '';
    const ran = await shop.runScript(
      compiled.replace('job.write(', `totals = totals.withColumn("name", F.lit("a\\0b"))\njob.write(`),
      {
        runId: 'nul',
      },
    );
    assert.match(
      ran.failure ?? '',
      /JobError: Staging for public\.customer_totals failed: the column "name" holds the character NUL/,
    );
    assert.deepEqual(await rows('select * from customer_totals'), before);
    assert.deepEqual(await stages(), []);
  });

  it('drops what dead jobs left, not what living ones hold', async () => {
    const leftover = (run: string): string => `datamorph_stage_00000000_${run.padEnd(16, '0')}`;
    for (const run of ['a', 'b']) {
      await shop.client.query(`create table ${leftover(run)} (c1 integer)`);
      await shop.client.query(`comment on table ${leftover(run)} is 'datamorph: staging of public.customer_totals'`);
    }
    await shop.client.query('create table datamorph_stage_of_mine (n integer)');
    await shop.client.query(`select pg_advisory_lock(hashtextextended('${leftover('a')}', 0))`);
    const ran = await shop.run(golden('customer-totals'), { runId: 'tidy' });
    assert.equal(ran.failure, null, ran.failure ?? '');
    assert.deepEqual(await stages(), [`(${leftover('a')})`, '(datamorph_stage_of_mine)']);
    await shop.client.query(`select pg_advisory_unlock(hashtextextended('${leftover('a')}', 0))`);
    await shop.client.query(`drop table ${leftover('a')}, datamorph_stage_of_mine`);
  });

  it('waits for a lock and tries again; two at once come one after the other', async () => {
    const [one, two] = [await staged('append', 'one at once'), await staged('append', 'two at once')];
    const before = Number((await rows('select count(*) from open_log'))[0]?.slice(1, -1));
    const others = await Promise.all([openClient(), openClient()]);
    await shop.client.query('begin; lock table open_log in access exclusive mode');
    const running = Promise.all([publish(others[0], one, never), publish(others[1], two, never)]);
    await untilWaiting(2);
    await shop.client.query('rollback');
    const published = await running;
    const after = Number((await rows('select count(*) from open_log'))[0]?.slice(1, -1));
    assert.equal(
      after,
      before + published.reduce((sum, each) => sum + (each.kind === 'published' ? each.rows : NaN), 0),
    );
    await Promise.all(others.map((client) => client.end()));
  });

  const targets: readonly (readonly [string, string, RegExp | null])[] = [
    ['a view', 'create view t as select 1 as customer_id', /t is a view: rows go into tables only/],
    ['a materialized view', 'create materialized view t as select 1 as customer_id', /is a materialized view/],
    [
      'a table with a generated column among the columns',
      'create table t (customer_id integer, name text generated always as (1::text) stored, total_amount numeric(14,2), order_count bigint)',
      /fills name itself/,
    ],
    [
      'a table that numbers a column itself',
      'create table t (customer_id integer generated always as identity, name text, total_amount numeric(14,2), order_count bigint)',
      /fills customer_id itself/,
    ],
    ['a table without one of the columns', 'create table t (customer_id integer, name text)', /has no column/],
    [
      'a table with a column that must be filled and is not',
      'create table t (customer_id integer, name text, total_amount numeric, order_count bigint, extra text not null)',
      /must not be without extra/,
    ],
    [
      'a table whose rows are referred to with cascade',
      `create table t (customer_id integer unique, name text, total_amount numeric, order_count bigint);
       create table u (n integer references t (customer_id) on delete cascade)`,
      /is referred to by kinds\.u/,
    ],
    [
      'a table with rules',
      `create table t (customer_id integer, name text, total_amount numeric, order_count bigint);
       create rule r as on insert to t do also notify x`,
      /has rewrite rules/,
    ],
    [
      'a table with identity, default and generated columns beside those that are written, and a trigger',
      `create table u (n bigint);
       create table t (id integer generated always as identity, customer_id integer, name text, total_amount numeric(14,2),
         order_count bigint, upper_name text generated always as (upper(name)) stored, made timestamptz not null default now());
       create function count_rows() returns trigger language plpgsql as $$ begin insert into kinds.u values (new.customer_id); return new; end $$;
       create trigger watch after insert on t for each row execute function count_rows()`,
      null,
    ],
    [
      'a partitioned table',
      `create table t (customer_id integer, name text, total_amount numeric(14,2), order_count bigint) partition by range (customer_id);
       create table t_low partition of t for values from (minvalue) to (3);
       create table t_high partition of t for values from (3) to (maxvalue);
       insert into t values (1, 'old', 1, 1), (100, 'old', 1, 1)`,
      null,
    ],
  ];

  for (const [what, sql, refused] of targets) {
    it(`${refused ? 'refuses' : 'writes'} ${what}`, async () => {
      await shop.client.query(
        `drop schema if exists kinds cascade; create schema kinds; set search_path to kinds, public; ${sql}`,
      );
      await shop.client.query('set search_path to public');
      const spec = JSON.parse(golden('customer-totals')) as { target: { table: string } };
      spec.target.table = 'kinds.t';
      const ran = await shop.run(JSON.stringify(spec), { runId: what, catalogue: catalogueOf(shopTables) });
      if (refused) {
        assert.match(ran.failure ?? 'no failure', refused);
        return;
      }
      assert.equal(ran.failure, null, ran.failure ?? '');
      const columns = 'customer_id, name, total_amount, order_count';
      const reference = ran.compiled.reference?.sql ?? '';
      assert.deepEqual(await shop.difference(`select ${columns} from kinds.t`, reference), []);
    });
  }

  it('refuses a table some of whose rows are hidden from the role', async () => {
    await shop.client.query(`
      drop schema if exists kinds cascade; create schema kinds;
      create role careful_${process.pid} login password 'x';
      create table kinds.t (customer_id integer, name text, total_amount numeric, order_count bigint);
      alter table kinds.t enable row level security;
      grant all on schema kinds to careful_${process.pid}; grant all on kinds.t to careful_${process.pid}`);
    const client = await openClient();
    await client.query(`set role careful_${process.pid}`);
    const publication: Publication = {
      ...{ table: 'kinds.t', mode: 'replace', keys: [], required: [], instant, runId: 'rls' },
      columns: [{ name: 'customer_id', type: 'integer' }],
    };
    const [drop] = publicationStatements({ ...publication, schema: 'kinds' }, 'give_up');
    const stage = String(drop).replace('drop table if exists ', '');
    await client.query(`create table ${stage} (c1 integer); insert into ${stage} values (1)`);
    await client.query(`comment on table ${stage} is 'datamorph: 1 rows wait to be published in kinds.t'`);
    assert.match(await refusalOf(publish(client, publication, never)), /kinds\.t has row-level security/);
    await client.end();
    await shop.client.query(`drop schema kinds cascade; drop role careful_${process.pid}`);
  });

  async function openClient(): Promise<pg.Client> {
    const url = new URL(process.env['DATAMORPH_TEST_PG'] ?? '');
    url.pathname = `/${shop.name}`;
    const client = new pg.Client(url.href);
    await client.connect();
    return client;
  }

  async function untilWaiting(count: number): Promise<void> {
    for (;;) {
      const { rows: found } = await shop.client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (found[0]?.n === count) return;
    }
  }
});
