import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { createLookups } from '../../src/agents/lookups.ts';
import type { ObjectDetails } from '../../src/agents/lookups/cataloguePort.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { createCatalogueReader } from '../../src/services/catalogueDetails.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { createQueryGate } from '../../src/services/queryGate.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf, type CatalogueTable } from '../../src/spec/catalogue.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ddl = `
create table claim_states (code char(1) primary key, meaning text, updated_on date, born_on date);
insert into claim_states values ('O', 'open', '2026-03-01', '2026-12-31'), ('C', 'closed', '2026-02-01', null);
analyze claim_states;
create table claims (id bigint primary key, code char(1), reported_at timestamp, paid_at timestamp, email text);
insert into claims select n, case n % 3 when 0 then 'C' else 'O' end, timestamp '2026-01-01' + n * interval '1 minute', null,
  'user' || n || '@example.com' from generate_series(1, 60000) n;
create index on claims (reported_at);
analyze claims;
create view open_claims as select id, reported_at from claims where code = 'O';
create table hidden (at date);
create table born (birth_date date);
insert into born values ('1970-01-01');
analyze born;
`;

describe('what the catalogue tells on request, from a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let reader: Postgres;
  let tables: readonly CatalogueTable[];
  const { signal } = new AbortController();

  before(async () => {
    database = await createDatabase('details');
    await database.run(ddl);
    postgres = await openPostgres(database.options);
    ({ tables } = await loadCatalogue(postgres));
    const role = await database.createRole('reader');
    await database.run(`grant select on claims, claim_states, open_claims to ${role.user}`);
    reader = await openPostgres(role);
  });
  after(async () => {
    await reader.close();
    await postgres.close();
    await database.drop();
  });

  const details = (as: Postgres, ...names: readonly string[]): Promise<readonly ObjectDetails[]> =>
    createCatalogueReader(as, tables).details(
      names.map((name) => ({ schema: 'public', name })),
      signal,
    );

  it('gives the SQL of views, the age of statistics, and the latest date where it is cheap', async () => {
    const [view, claims, states, ...others] = await details(
      postgres,
      'open_claims',
      'claims',
      'claim_states',
      'nothing',
    );
    assert.deepEqual(others, []);
    assert.deepEqual(view, {
      schema: 'public',
      name: 'open_claims',
      viewSql: " SELECT id,\n    reported_at\n   FROM claims\n  WHERE code = 'O'::bpchar;",
    });
    assert.ok(claims && states);
    assert.match(claims.analyzed ?? '', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(claims.changedSince, 0);
    assert.deepEqual(claims.latest, { column: 'reported_at', value: '2026-02-11 16:00:00' });
    assert.deepEqual(states.latest, { column: 'updated_on', value: '2026-03-01' });
  });

  it('tells nothing that is personal', async () => {
    const [born] = await details(postgres, 'born');
    assert.equal(born?.latest, undefined);
    assert.ok(born?.analyzed);
  });

  it('tells a user nothing of what the user may not read', async () => {
    const found = await details(reader, 'hidden', 'born', 'claims');
    assert.deepEqual(
      found.map(({ name }) => name),
      ['claims'],
    );
  });

  it('reads values through the gate, as the user of the connection', async () => {
    const gate = createQueryGate(reader, await loadSqlParser());
    const lookups = createLookups({ catalogue: catalogueOf(tables), values: gate });
    const ask = (table: string, ...columns: readonly string[]) => ({
      id: table,
      name: 'read_values',
      input: { table, columns },
    });
    const calls = [
      ask('claim_states', 'code', 'meaning'),
      ask('claims', 'code'),
      ask('claims', 'email'),
      ask('hidden', 'at'),
    ];
    const results = await lookups.run(calls, signal);
    assert.deepEqual(
      results.slice(0, 2).map(({ text }) => text),
      [
        'public.claim_states: rows\ncode | meaning\n"C" | "closed"\n"O" | "open"',
        'public.claims: most frequent values among its first 100000 rows, and how often each occurs\ncode | count\n"O" | "40000"\n"C" | "20000"',
      ],
    );
    assert.ok(!results[2]?.text.includes('example.com'));
    assert.deepEqual(results[3], {
      id: 'hidden',
      text: 'The database did not answer (not-permitted-on).',
      failed: true,
    });
  });
});
