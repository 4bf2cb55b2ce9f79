/** JDBC reads: every type there and back, values that Spark cannot hold, and big tables in parts. */
import assert from 'node:assert/strict';
import { startWorld, type Database, type World } from './support/world.ts';

/** Types that come back as they were, each with values that JDBC would damage or refuse by itself. */
const types: readonly (readonly [string, string])[] = [
  ['smallint', `-32768`],
  ['bigint', `9223372036854775807`],
  ['numeric(38,10)', `1234567890123456789012345678.0123456789`],
  ['numeric', `12345678901234567890.123456789012345678`],
  ['double precision', `'NaN'`],
  ['real', `1.1754944e-38`],
  ['text', `E'a\\nb\\\\ ''"'`],
  ['character varying(3)', `'é '`],
  ['character(5)', `'ab'`],
  ['date', `'0001-01-01'`],
  ['timestamp', `'2026-03-29 02:30:00.123456'`],
  ['timestamptz', `'2026-03-29 02:30:00.123456+02'`],
  ['time', `'23:59:59.999999'`],
  ['timetz', `'23:59:59.999999+05:30'`],
  ['interval', `'1 month -2 days 03:00:00.5'`],
  ['json', `'{"a":  [1, 1.10]}'`],
  ['jsonb', `'{"a": [1, 1.10]}'`],
  ['uuid', `'00000000-0000-0000-0000-000000000001'`],
  ['bytea', `'\\x00ff'`],
  ['inet', `'10.0.0.0/8'`],
  ['money', `12.34`],
  ['bit(4)', `B'1010'`],
  ['int4range', `'[1,5)'`],
  ['point', `'(1,2)'`],
  ['integer[]', `'{1,null,3}'`],
  ['text[]', `'{"a,b",null,""}'`],
  ['boolean[]', `'{t,null,f}'`],
  ['bigint[]', `'{}'`],
  ['double precision[]', `'{NaN,-Infinity,1e-300,null}'`],
  ['numeric(12,2)[]', `'{1.50,null,-0.01}'`],
  ['uuid[]', `'{00000000-0000-0000-0000-000000000001,null}'`],
  ['jsonb[]', `array['{"a": 1}'::jsonb, null]`],
  ['boolean', 'true'],
  ['integer', '-2147483648'],
  ['numeric', '1e19'],
  ['numeric(50,10)', '12345678901234567890.0123456789'],
  ['double precision', `'-Infinity'`],
  ['real', `'NaN'`],
  ['name', `'a name'`],
  ['timestamp(3)', `'2026-03-29 02:30:00.123'`],
  ['timestamptz(0)', `'2026-03-29 02:30:00+02'`],
  ['time(3)', `'23:59:59.999'`],
  ['xml', `'<a b="1">&amp;</a>'`],
  ['cidr', `'10.0.0.0/8'`],
  ['macaddr', `'08:00:2b:01:02:03'`],
  ['bit(1)', `B'1'`],
  ['bit varying(8)', `B'101'`],
  ['oid', '4294967295'],
  ['tsvector', `'a:1 b:2'`],
  ['tstzrange', `'[2026-01-01,infinity)'`],
  ['nummultirange', `'{[1,2),[3,4)}'`],
  ['polygon', `'((0,0),(1,1),(2,0))'`],
  ['mood', `'it''s "fine"'`],
  ['positive', '7'],
  ['pair', `'(1,"a,b")'`],
  ['numeric(10,2)[]', `'{1.50,null}'`],
  ['numeric[]', `'{1.50,null}'`],
  ['boolean[]', `'{t,f,null}'`],
  ['double precision[]', `'{1.5,NaN,null}'`],
  ['date[]', `'{2026-01-01,null}'`],
  ['timestamptz[]', `'{2026-01-01 00:00:00.123456+00}'`],
  ['bytea[]', `array['\\x00ff'::bytea, null]`],
  ['interval[]', `'{1 day,null}'`],
  ['mood[]', `array['it''s "fine"', null]::mood[]`],
  ['text[]', `array[E'a\\nb\\tc\\\\ \\"', 'NULL', ' ', '']`],
  ['text', `E'tab\\tcr\\rlf\\n\\\\N\\\\.'`],
  ['text', `''`],
  ['date', `'99999-12-31'`],
  ['date', `'0044-03-15 BC'`],
  ['timestamp', `'99999-12-31 23:59:59.999999'`],
  ['timestamp', `'0001-12-31 23:59:59.5 BC'`],
];

/** As text, to the last blank; but an open numeric comes back with another number of zeros at its end. */
function comparable(name: string, type: string): string {
  if (type === 'numeric') return `trim_scale(${name})`;
  const trimmed = `(select array_agg(trim_scale(e) order by n) from unnest(${name}) with ordinality as u (e, n))`;
  return type === 'numeric[]' ? trimmed : `${name}::text`;
}

/** What the columns above are made of. */
const ownTypes = `
  create type mood as enum ('it''s "fine"', 'sad');
  create domain positive as integer check (value > 0);
  create type pair as (n integer, t text)`;

const broken: readonly (readonly [string, string, RegExp])[] = [
  ['numeric', `0.1234567890123456789`, /value holds a value that Spark cannot: 0\.1234567890123456789/],
  ['numeric', `'NaN'`, /NaN/],
  ['numeric', `1e25`, /value holds a value that Spark cannot|precision/i],
  ['numeric(50,10)', `1e35`, /precision/i],
  ['integer[]', `'{{1,2},{3,4}}'`, /value holds a value that Spark cannot: \{\{1,2\},\{3,4\}\}/],
  [
    'uuid[]',
    `'{{00000000-0000-0000-0000-000000000001}}'`,
    /malformed array literal: "value holds a value that Spark cannot/,
  ],
  ['text[]', `'[2:3]={a,b}'`, /value holds a value that Spark cannot: \[2:3\]=\{a,b\}/],
  ['date', `'infinity'`, /value holds a value that Spark cannot: infinity/],
  ['timestamp', `'-infinity'`, /value holds a value that Spark cannot: -infinity/],
  ['timestamptz[]', `array['infinity'::timestamptz]`, /value holds a value that Spark cannot/],
];

describe('reading and writing', function () {
  this.timeout(180_000);
  let world: World;
  let database: Database;

  before(async () => {
    world = await startWorld();
    database = await world.database('reading', ownTypes);
  });
  after(() => world.stop());

  /** Copies the columns of a table into a new one. */
  async function copied(table: string, columns: readonly string[], where = 'true'): Promise<string | null> {
    const all = (await database.catalogue()).tables.find(({ name }) => name === table)?.columns ?? [];
    const spec = {
      version: 1,
      name: 'copy',
      sources: [{ name: table, table: `public.${table}` }],
      steps: [{ name: 'kept', kind: 'filter', from: table, where }],
      target: {
        table: `public.copy_of_${table}`,
        from: 'kept',
        mode: 'replace',
        columns: all.filter(({ name }) => columns.includes(name)).map(({ name, type }) => ({ name, type })),
      },
    };
    return (await database.run(JSON.stringify(spec))).failure;
  }

  it('brings every type there and back', async () => {
    const columns = types.map((_, at) => `v${at}`);
    await database.client.query(`create table kinds (${types.map(([type], at) => `v${at} ${type}`).join(', ')})`);
    await database.client.query(
      `insert into kinds values (${types.map(([, value]) => value).join(', ')}), (${types.map(() => 'null').join(', ')})`,
    );
    assert.equal(await copied('kinds', columns), null);
    const compared = columns.map((name, at) => comparable(name, types[at]?.[0] ?? '')).join(', ');
    const from = (table: string): string => `select ${compared} from ${table}`;
    assert.deepEqual(await database.difference(from('copy_of_kinds'), from('kinds')), []);
  });

  broken.forEach(([type, value, words], at) => {
    it(`says so where Spark cannot hold ${value} as ${type}`, async () => {
      const table = `broken_${at}`;
      await database.client.query(`create table ${table} (value ${type}); insert into ${table} values (${value})`);
      assert.match((await copied(table, ['value'])) ?? 'no failure', words);
    });
  });

  it('reads a big table in parts, every row once', async () => {
    await database.client.query(`
      create table big (id integer, pad text);
      insert into big select n, repeat('x', 900) || n from generate_series(1, 160000) n;
      analyze big`);
    assert.equal(await copied('big', ['id'], 'id % 3 = 0 or id > 159990'), null);
    const expected = 'select id from big where id % 3 = 0 or id > 159990';
    assert.deepEqual(await database.difference('select id from copy_of_big', expected), []);
  });

  it('reads a partitioned table and a materialised view in parts, every row once', async () => {
    await database.client.query(`
      create table years (id integer, year integer, pad text) partition by list (year);
      create table years_2025 partition of years for values in (2025);
      create table years_2026 partition of years for values in (2026) partition by range (id);
      create table years_2026_low partition of years_2026 for values from (0) to (1000);
      create table years_2026_high (pad text, year integer, id integer);
      alter table years_2026 attach partition years_2026_high for values from (1000) to (maxvalue);
      insert into years select n, 2025 + n % 2, repeat('x', 900) || n from generate_series(1, 160000) n;
      create materialized view seen as select id, pad from years where year = 2025;
      analyze years, seen`);
    for (const table of ['years', 'seen']) {
      assert.equal(await copied(table, ['id'], 'id % 3 = 0 or id > 159990'), null);
      const expected = `select id from ${table} where id % 3 = 0 or id > 159990`;
      assert.deepEqual(await database.difference(`select id from copy_of_${table}`, expected), []);
    }
  });

  it('writes texts that COPY and arrays would read as something else', async () => {
    await database.client.query(`
      create table texts (id integer, value text, several text[], bytes bytea, at timestamptz, wall timestamp, day date);
      insert into texts
      select n, value, array[value, null, 'NULL'], convert_to(value, 'UTF8'), timestamptz '0001-01-02 00:00:00.000001+00',
        timestamp '9999-12-31 23:59:59.999999', date '9999-12-31'
      from unnest(array['\\N', '\\.', '', ' ', 'null', E'a\\tb\\r\\nc', 'back\\slash\\', '{"a",\\}', '"', ',', '🙂', E'\\b\\f\\v'])
        with ordinality as v (value, n);
      insert into texts (id, several) values (100, '{}'), (101, null)`);
    assert.equal(await copied('texts', ['id', 'value', 'several', 'bytes', 'at', 'wall', 'day']), null);
    assert.deepEqual(await database.difference('select * from copy_of_texts', 'select * from texts'), []);
  });

  it('writes arrays of moments', async () => {
    await database.client.query(`
      create table moments (id integer, days date[], moments timestamptz[]);
      insert into moments values (1, '{0001-01-01,null,9999-12-31}', '{2026-03-29 02:30:00.123456+02}'), (2, '{}', null)`);
    assert.equal(await copied('moments', ['id', 'days', 'moments']), null);
    assert.deepEqual(await database.difference('select * from copy_of_moments', 'select * from moments'), []);
  });
});
