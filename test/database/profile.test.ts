import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { ColumnProfile, TableProfile } from '../../src/agents/profile/tableProfile.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { profileTable, type ProfileOptions } from '../../src/services/profile.ts';
import type { CatalogueTable } from '../../src/spec/catalogue.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create table people (id bigint, email text, "First Name" text, state text, score numeric, born date, doc jsonb);
insert into people
select n, 'user' || n || '@example.com', 'Ann', case n % 4 when 0 then null when 1 then 'new' else 'old' end,
  n / 10.0, date '1970-01-01' + n % 9000, '{}'
from generate_series(1, 50000) n;
analyze people;
create table few (code text, at timestamptz);
insert into few values ('A-1', '2026-01-02 03:04:05+00'), ('B-22', null), ('A-1', '2026-01-01 00:00:00+00');
create view slow as select id, state, pg_sleep(0.01)::text as slept from people;
create table events (at date, kind text) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
insert into events select date '2026-01-01' + n % 300, 'k' || n % 3 from generate_series(1, 20000) n;
analyze events;
create table "O'Brien; drop table few" ("a""b" text);
insert into "O'Brien; drop table few" values ('<b>''"\\');
create table nothing ();
`;

describe('the profile of a table, from a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let tables: readonly CatalogueTable[];

  before(async () => {
    database = await createDatabase('profile');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    ({ tables } = await loadCatalogue(postgres));
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  function profile(name: string, options?: ProfileOptions): Promise<TableProfile> {
    const table = tables.find((each) => each.name === name);
    assert.ok(table, name);
    return profileTable(postgres, table, options);
  }

  const column = (from: TableProfile, name: string): ColumnProfile => {
    const found = from.columns.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };

  it('takes a sample of a big one, and the statistics of PostgreSQL', async () => {
    const people = await profile('people');
    assert.deepEqual([people.basis, people.rows], ['sample', 50_000]);
    assert.ok(people.sampledRows > 0 && people.sampledRows <= 1000);
    const state = column(people, 'state');
    assert.ok(Math.abs((state.nullShare ?? 0) - 0.25) < 0.05, `${state.nullShare}`);
    assert.deepEqual([state.distinct, state.top.map(({ value }) => value)], [2, ['old', 'new']]);
    assert.equal(column(people, 'id').distinct, 50_000);
    assert.deepEqual(
      [column(people, 'score').min?.slice(0, 2), Number(column(people, 'score').max) > 4900],
      ['0.', true],
    );
  });

  it('masks what is personal unless it is asked for', async () => {
    const people = await profile('people');
    assert.deepEqual(
      people.columns.map(({ personal }) => personal),
      [undefined, 'email', 'name', undefined, undefined, 'birth date', undefined],
    );
    assert.ok(!JSON.stringify(people).includes('example.com') && !JSON.stringify(people).includes('Ann'));
    assert.deepEqual(column(people, 'First Name').top[0]?.value, '‹name 1›');
    const open = await profile('people', { unmasked: true });
    assert.match(column(open, 'email').min ?? '', /^user\d+@example\.com$/);
    assert.equal(column(open, 'First Name').top[0]?.value, 'Ann');
  });

  it('reads a small one whole', async () => {
    assert.deepEqual(await profile('few'), {
      rows: 3,
      basis: 'all rows',
      sampledRows: 3,
      columns: [
        {
          name: 'code',
          type: 'text',
          nullShare: 0,
          distinct: 2,
          min: 'A-1',
          max: 'B-22',
          top: [{ value: 'A-1', share: 2 / 3 }],
          patterns: [
            { pattern: 'A-9', share: 2 / 3 },
            { pattern: 'A-9+', share: 1 / 3 },
          ],
        },
        {
          name: 'at',
          type: 'timestamp with time zone',
          nullShare: 1 / 3,
          distinct: 2,
          min: '2026-01-01 00:00:00+00',
          max: '2026-01-02 03:04:05+00',
          top: [],
          patterns: [],
        },
      ],
    });
  });

  it('knows a partitioned table by all its partitions', async () => {
    const events = await profile('events');
    assert.deepEqual([events.basis, column(events, 'kind').distinct], ['sample', 3]);
  });

  it('falls back to the statistics when time is over, and says so', async () => {
    const table = tables.find(({ name }) => name === 'slow');
    assert.ok(table);
    const slow = await profileTable(postgres, table, { timeoutMs: 50 });
    assert.deepEqual([slow.basis, slow.sampledRows, slow.columns.length], ['statistics', 0, 3]);
    assert.equal(slow.note, "A sample was not there within 0.05 s; these are PostgreSQL's own statistics.");
    const people = tables.find(({ name }) => name === 'people');
    assert.ok(people);
    // The statistics of the table, but a sample of the view.
    const view = { ...people, kind: 'view' } as const;
    const both = await profileTable(postgres, view, { sampleRows: 49_999, timeoutMs: 1 });
    assert.deepEqual([both.basis, column(both, 'state').distinct], ['statistics', 2]);
  });

  it('takes names and values for what they are', async () => {
    const odd = await profile("O'Brien; drop table few");
    assert.deepEqual([odd.columns[0]?.name, odd.columns[0]?.min], ['a"b', `<b>'"\\`]);
    assert.equal((await profile('few')).rows, 3);
  });

  it('ends on the server when nobody waits any more', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(profile('people', { signal }), { code: 'cancelled' });
  });
});
