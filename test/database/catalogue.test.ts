import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import type { CatalogueTable } from '../../src/spec/catalogue.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create domain positive as integer check (value > 0) not null;
create type mood as enum ('good', 'bad');
create table customers (
  id integer primary key,
  email varchar(80) not null unique,
  mood mood,
  score numeric(12,2),
  tags text[],
  born date,
  seen timestamptz not null default now(),
  gone integer,
  size positive
);
alter table customers drop column gone;
comment on table customers is 'People who buy.';
comment on column customers.email is 'Where the *bill* goes.';
create unique index on customers (lower(email));
create unique index on customers (born) where mood = 'good';
create table "Order Lines" (
  "Order" bigint,
  line integer,
  customer integer references customers,
  primary key ("Order", line),
  unique (customer, "Order") include (line)
);
create table events (at date not null, kind text, primary key (at, kind)) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
insert into events select date '2026-01-01' + n % 300, n::text from generate_series(1, 500) n;
create view buyers as select id, email from customers;
create materialized view totals as select count(*) as n from customers;
create table "empty" (id integer);
analyze customers, "empty", events;
insert into customers (id, email, size) select n, n || '@x', 1 from generate_series(1, 1000) n;
analyze customers;
create schema hidden;
create table hidden.secret (id integer);
create table forbidden (id integer);
create table partly (open integer, closed integer);
create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere;
create foreign table outside (id integer) server elsewhere;
`;

/** A table in a few lines, without its size. */
function textOf(table: CatalogueTable): string {
  const { schema, name, kind, comment, columns, primaryKey, uniqueKeys, foreignKeys, rowEstimate } = table;
  return [
    `${kind} ${schema}.${name}${rowEstimate === undefined ? '' : ` ~${rowEstimate}`}${comment ? ` -- ${comment}` : ''}`,
    ...columns.map(
      (each) =>
        `  ${each.name} ${each.type}${each.nullable ? '' : ' not null'}${each.comment ? ` -- ${each.comment}` : ''}`,
    ),
    ...(primaryKey ? [`  primary key ${primaryKey.join(', ')}`] : []),
    ...uniqueKeys.map((key) => `  unique ${key.join(', ')}`),
    ...foreignKeys.map(
      ({ columns, references: { schema: there, table: other, columns: keys } }) =>
        `  ${columns.join(', ')} -> ${there}.${other} (${keys.join(', ')})`,
    ),
  ].join('\n');
}

describe('the catalogue of a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;

  before(async () => {
    database = await createDatabase('catalogue');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  it('holds every table and view with its columns, keys and comments', async () => {
    const { tables, searchPath } = await loadCatalogue(postgres);
    assert.deepEqual(searchPath, ['public']);
    assert.equal(
      tables.map(textOf).join('\n'),
      `table hidden.secret
  id integer
table public.Order Lines
  Order bigint not null
  line integer not null
  customer integer
  primary key Order, line
  unique customer, Order
  customer -> public.customers (id)
view public.buyers
  id integer
  email character varying(80)
table public.customers ~1000 -- People who buy.
  id integer not null
  email character varying(80) not null -- Where the *bill* goes.
  mood mood
  score numeric(12,2)
  tags text[]
  born date
  seen timestamp with time zone not null
  size positive not null
  primary key id
  unique email
table public.empty ~0
  id integer
partitioned table public.events ~500
  at date not null
  kind text not null
  primary key at, kind
table public.forbidden
  id integer
foreign table public.outside
  id integer
table public.partly
  open integer
  closed integer
materialized view public.totals
  n bigint`,
    );
  });

  it('knows how big a table is, partitions together', async () => {
    const { tables } = await loadCatalogue(postgres);
    const sizeOf = (name: string): number | undefined => tables.find((table) => table.name === name)?.sizeBytes;
    assert.ok((sizeOf('customers') ?? 0) > 8192, `${sizeOf('customers')}`);
    assert.ok((sizeOf('events') ?? 0) > 8192, `${sizeOf('events')}`);
    assert.equal(sizeOf('buyers'), undefined);
  });

  it('shows a user what that user may read, and nothing else', async () => {
    const reader = await database.createRole('reader');
    await database.run(`
      grant select on customers, "Order Lines" to ${reader.user};
      grant select (open) on partly to ${reader.user};
      grant select on hidden.secret to ${reader.user};
    `);
    const session = await openPostgres(reader);
    try {
      const { tables } = await loadCatalogue(session);
      assert.deepEqual(
        tables.map((table) => `${table.name}: ${table.columns.map(({ name }) => name).join(', ')}`),
        [
          'Order Lines: Order, line, customer',
          'customers: id, email, mood, score, tags, born, seen, size',
          'partly: open',
        ],
      );
    } finally {
      await session.close();
    }
  });

  it('is empty, not broken, where the user may see nothing', async () => {
    const stranger = await openPostgres(await database.createRole('stranger'));
    try {
      assert.deepEqual(await loadCatalogue(stranger), { tables: [], searchPath: ['public'] });
    } finally {
      await stranger.close();
    }
  });
});
