/** Targets that keep what earlier runs wrote: run again with late, repeated and out-of-order rows, and with the same run id. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { targetNames } from '../../src/compiler/reference/expected.ts';
import type { Marks } from '../../src/compiler/reference/reference.ts';
import { shopSql } from '../golden/shop.ts';
import { startWorld, type Database, type Ran, type World } from './support/world.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../golden/${name}.datamorph.json`, import.meta.url), 'utf8');

/** What came since the first run: later than all, late, repeated, in no order, and one that changes nothing. */
const newChanges = `
  insert into changes values
    (10, 2, '2026-02-01 00:00+00', 'west', 60), (9, 4, '2026-01-30 00:00+00', 'north', 1),
    (8, 1, '2026-01-15 00:00+00', 'east', 110), (7, 1, '2026-01-18 00:00+00', 'east', 100),
    (11, 3, '2026-02-02 00:00+00', null, null), (12, 1, '2025-12-01 00:00+00', 'first', 5),
    (13, 2, '2026-02-01 12:00+00', 'west', 60)`;

describe('targets that keep what earlier runs wrote', function () {
  this.timeout(180_000);
  let world: World;
  let number = 0;

  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  const freshShop = (): Promise<Database> => world.database(`modes${++number}`, shopSql);

  /** Runs the spec and compares the whole target with what the reference expects of the target as it was before. */
  async function runAndCompare(shop: Database, text: string, options: Run): Promise<Ran> {
    const table = (JSON.parse(text) as { target: { table: string } }).target.table;
    const exists = await shop.client.query<{ yes: boolean }>(`select to_regclass($1) is not null as yes`, [table]);
    if (exists.rows[0]?.yes) await shop.client.query(`create table before_run as table ${table}`);
    const ran = await shop.run(text, options);
    assert.equal(ran.failure, null, ran.failure ?? '');
    if (!exists.rows[0]?.yes) await shop.client.query(`create table before_run as select * from ${table} where false`);
    const { resolved, reference } = ran.compiled;
    assert.ok(resolved && reference?.expected);
    const columns = targetNames(resolved.target)
      .map((name) => `"${name}"`)
      .join(', ');
    const expected = `select ${columns} from (${reference.expected('before_run')}) as r`;
    assert.deepEqual(await shop.difference(`select ${columns} from ${table}`, expected), [], expected);
    await shop.client.query('drop table before_run');
    return ran;
  }

  const all = async (shop: Database, sql: string): Promise<readonly string[]> =>
    (await shop.client.query<{ r: string }>(`select (r.*)::text as r from (${sql}) as r order by 1`)).rows.map(
      ({ r }) => r,
    );

  it('append adds the rows of every run, but not twice those of the same run', async () => {
    const shop = await freshShop();
    const text = golden('append');
    await runAndCompare(shop, text, { runId: 'first' });
    await runAndCompare(shop, text, { runId: 'second' });
    const repeated = await shop.run(text, { runId: 'second' });
    assert.equal(repeated.failure, null);
    assert.deepEqual(repeated.events.at(-1), {
      event: 'published',
      table: 'public.open_log',
      mode: 'append',
      rows: 0,
      repeated: true,
    });
    assert.deepEqual(await all(shop, 'select count(*) from open_log'), ['(150)']);
    assert.deepEqual(await leftBehind(shop), ['datamorph_publication']);
  });

  it('upsert reads from the mark on, with the lateness, and replaces what it reads', async () => {
    const shop = await freshShop();
    const text = golden('upsert-incremental');
    const first = await runAndCompare(shop, text, { runId: 'first' });
    const mark = String(first.events.find(({ event }) => event === 'mark')?.['value']);
    assert.equal(mark, '2026-01-20 00:00:00+00');
    await shop.client.query(newChanges);
    const marks: Readonly<Record<string, Marks>> = { changes: { after: mark, upTo: '2026-02-02 00:00:00+00' } };
    await runAndCompare(shop, text, { runId: 'second', args: ['--mark', `changes=${mark}`], marks });
    assert.deepEqual(await all(shop, 'select customer_id, changed_at, region, credit from customer_state'), [
      '(1,"2026-01-20 00:00:00+00",east,120.00)',
      '(2,"2026-02-01 12:00:00+00",west,60.00)',
      '(3,"2026-02-02 00:00:00+00",,)',
      '(4,"2026-01-30 00:00:00+00",north,1.00)',
    ]);
  });

  it('history draws the timeline anew, whatever the order in which its versions came', async () => {
    const [twice, once] = [await freshShop(), await freshShop()];
    const text = golden('history-events');
    await runAndCompare(twice, text, { runId: 'first' });
    await twice.client.query(newChanges);
    await runAndCompare(twice, text, { runId: 'second' });
    await runAndCompare(twice, text, { runId: 'second' });
    await once.client.query(newChanges);
    await runAndCompare(once, text, { runId: 'only' });
    const rows = await all(once, 'select * from customer_history');
    assert.deepEqual(await all(twice, 'select * from customer_history'), rows);
    assert.deepEqual(rows.slice(0, 4), [
      '(1,east,100.00,"2026-01-10 00:00:00+00","2026-01-15 00:00:00+00",f)',
      '(1,east,100.00,"2026-01-18 00:00:00+00","2026-01-20 00:00:00+00",f)',
      '(1,east,110.00,"2026-01-15 00:00:00+00","2026-01-18 00:00:00+00",f)',
      '(1,east,120.00,"2026-01-20 00:00:00+00",,t)',
    ]);
  });

  it('history of snapshots closes what changed at the instant of the run', async () => {
    const shop = await freshShop();
    const text = golden('history-snapshot');
    await runAndCompare(shop, text, { runId: 'first', instant: '2026-01-31T00:00:00+00:00' });
    await shop.client.query(newChanges);
    await runAndCompare(shop, text, { runId: 'second', instant: '2026-02-10T00:00:00+00:00' });
    await runAndCompare(shop, text, { runId: 'third', instant: '2026-02-11T00:00:00+00:00' });
    assert.deepEqual(await all(shop, 'select * from customer_versions where customer_id in (2, 3)'), [
      '(2,south,50.00,"2026-01-31 00:00:00+00","2026-02-10 00:00:00+00",f)',
      '(2,west,60.00,"2026-02-10 00:00:00+00",,t)',
      '(3,,,"2026-01-31 00:00:00+00",,t)',
    ]);
  });

  it('a replaced table keeps its views, indexes, grants, comments and foreign keys', async () => {
    const shop = await freshShop();
    const text = golden('customer-totals');
    await runAndCompare(shop, text, { runId: 'first' });
    await shop.client.query(`
      create unique index totals_key on customer_totals (customer_id);
      create view dear_customers as select name from customer_totals where total_amount > 1000;
      create table notes (customer_id integer references customer_totals (customer_id));
      insert into notes select customer_id from customer_totals;
      comment on table customer_totals is 'kept';
      grant select on customer_totals to public`);
    const described = `select obj_description('customer_totals'::regclass), relacl::text,
      (select count(*) from pg_index where indrelid = c.oid), (select count(*) from dear_customers) > 0
      from pg_class c where oid = 'customer_totals'::regclass`;
    const before = await all(shop, described);
    await runAndCompare(shop, text, { runId: 'second' });
    assert.deepEqual(await all(shop, described), before);
  });

  it('a publication that fails leaves the old rows, and the next run leaves nothing behind', async () => {
    const shop = await freshShop();
    const text = golden('customer-totals');
    await runAndCompare(shop, text, { runId: 'first' });
    const rows = await all(shop, 'select * from customer_totals');
    await shop.client.query('alter table customer_totals add check (total_amount < 0) not valid');
    const failed = await shop.run(text, { runId: 'second' });
    assert.match(failed.failure ?? '', /public\.customer_totals keeps its old rows: ERROR: new row for relation/);
    assert.deepEqual(await all(shop, 'select * from customer_totals'), rows);
    await shop.client.query('alter table customer_totals drop constraint customer_totals_total_amount_check');
    await runAndCompare(shop, text, { runId: 'third' });
    assert.deepEqual(await leftBehind(shop), []);
  });

  it('refuses a target that it also reads, and an upsert without a unique key', async () => {
    const shop = await freshShop();
    const own = JSON.parse(golden('append')) as { target: { table: string; columns: unknown } };
    own.target.table = 'public.orders';
    const reading = await shop.run(JSON.stringify(own));
    assert.match(reading.failure ?? '', /public\.orders is also a source/);
    await shop.client.query(
      'create table customer_state (customer_id integer, changed_at timestamptz, region text, credit numeric(12,2))',
    );
    const keyless = await shop.run(golden('upsert-incremental'));
    assert.match(keyless.failure ?? '', /public\.customer_state has no unique constraint on "customer_id"/);
  });

  const leftBehind = (shop: Database): Promise<readonly string[]> =>
    shop.client
      .query<{ relname: string }>(
        `select relname from pg_class where relname ~ '^datamorph' and relkind = 'r' order by 1`,
      )
      .then(({ rows }) => rows.map(({ relname }) => relname));
});

interface Run {
  readonly runId: string;
  readonly instant?: string;
  readonly args?: readonly string[];
  readonly marks?: Readonly<Record<string, Marks>>;
}
