import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { compareAcross, type AcrossOptions, type AcrossResult } from '../../src/agents/validation/twoDatabases.ts';
import type { DifferentRow } from '../../src/agents/validation/changes.ts';
import type { Snapshot } from '../../src/agents/validation/snapshot.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'Name', type: 'text' },
  { name: 'amount', type: 'numeric(30,12)' },
  { name: 'share', type: 'double precision' },
  { name: 'at', type: 'timestamp with time zone' },
  { name: 'day', type: 'date' },
  { name: 'extra', type: 'json' },
  { name: 'tags', type: 'text[]' },
];
const table = `create table rows (${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`;
const thousands = `insert into rows select n, 'row ' || n, n / 7.0, n / 7.0::float8, timestamptz '2026-01-01 00:00Z' + n * interval '1 minute',
  case when n = 5 then 'infinity' else date '2026-01-01' + n end, json_build_object('n', n), array['a', null, n::text] from generate_series(1, 20000) n`;

const idOf = (row: DifferentRow): unknown =>
  (JSON.parse(row.kind === 'unexpected' ? row.actual : row.expected) as { readonly id: unknown }).id;

describe('target against reference in two databases', () => {
  const databases: TestDatabase[] = [];
  const open: Postgres[] = [];

  before(async () => {
    // Sessions of other settings: what a value is must not depend on how it is shown.
    for (const settings of [
      "set datestyle = 'SQL, DMY'; set timezone = 'Asia/Tokyo'",
      "set extra_float_digits = 0; set timezone = 'UTC'",
    ]) {
      const database = await createDatabase('across');
      const { database: name } = database.options.settings;
      await database.run(settings.replaceAll(/set (\w+)/g, `alter database ${name} set $1`));
      await database.run(table);
      databases.push(database);
      open.push(await openPostgres(database.options));
    }
  });
  after(async () => {
    await Promise.all(open.map((postgres) => postgres.close()));
    for (const database of databases) await database.drop();
  });

  async function compared(
    [reference, target]: readonly [string, string],
    keys: readonly string[],
    options: AcrossOptions = {},
  ): Promise<{ readonly result: AcrossResult; readonly statements: number }> {
    await Promise.all(open.map((postgres, at) => postgres.query(`truncate rows; ${at === 0 ? reference : target}`)));
    const limits = { signal: new AbortController().signal };
    const [left, right] = await Promise.all(open.map(async (postgres) => snapshotsOf(postgres, await loadSqlParser())));
    assert.ok(left && right);
    let statements = 0;
    const counted = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      select: (sql) => {
        statements++;
        return snapshot.select(sql);
      },
    });
    const request = { reference: 'select * from rows', table: 'rows', columns, keys };
    const result = await left.snapshot(
      (one) =>
        right.snapshot(
          (other) => compareAcross({ reference: counted(one), target: counted(other) }, request, options),
          limits,
        ),
      limits,
    );
    return { result, statements };
  }

  it('says that all rows agree without moving one', async () => {
    const { result, statements } = await compared([thousands, thousands], ['id']);
    assert.deepEqual(result, {
      ...{ keys: ['id'], missing: 0, unexpected: 0, changed: 0, byColumn: {}, rows: [] },
      ...{ expectedRows: 20_000, actualRows: 20_000, unseenBuckets: 0 },
    });
    assert.equal(statements, 2);
  });

  it('finds the rows that differ, by cell, whatever surrounds them', async () => {
    const faults = `; update rows set amount = amount + 0.000000000001, "Name" = null where id = 77;
      delete from rows where id = 4000; insert into rows (id) values (20001); insert into rows select * from rows where id = 9`;
    const { result } = await compared([thousands, thousands + faults], ['id']);
    const { rows, ...counts } = result;
    assert.deepEqual(counts, {
      ...{ keys: ['id'], missing: 1, unexpected: 2, changed: 1, byColumn: { Name: 1, amount: 1 } },
      ...{ expectedRows: 20_000, actualRows: 20_001, unseenBuckets: 0 },
    });
    assert.deepEqual(
      rows.map((row) => [row.kind, idOf(row), 'cells' in row ? row.cells : []]), // prettier-ignore
      [
        ['changed', 77, ['Name', 'amount']],
        ['missing', 4000, []],
        ['unexpected', 9, []],
        ['unexpected', 20_001, []],
      ],
    );
  });

  it('finds values that two rows have swapped, and a number that differs by its upper half', async () => {
    const insert = (values: string): string => `insert into rows (id, "Name", amount) values ${values}`;
    const pairs = await compared([insert(`(1, 'a', 1), (2, 'b', 2)`), insert(`(1, 'a', 2), (2, 'b', 1)`)], ['id']);
    assert.deepEqual(pairs.result.byColumn, { amount: 2 });
    const stamp = (seconds: string): string =>
      `insert into rows (id, at) values (1, timestamptz '2000-01-01 00:00Z' + ${seconds} * interval '1 second')`;
    // As 64 bits these are 1 in the upper half, and 1 in the lower.
    const halves = await compared([stamp('4294.967296'), stamp('0.000001')], ['id']);
    assert.deepEqual(halves.result.byColumn, { at: 1 });
  });

  it('takes floats to their tolerance, numbers in json by value, and NULL for equal to NULL', async () => {
    const insert = (values: string): string => `insert into rows (id, share, extra) values ${values}`;
    const { result } = await compared(
      [
        insert(`(1, 0.1, '{"a": 1.0}'), (2, 'NaN', null), (3, '-0', null), (4, 1, null), (null, 1, null)`),
        insert(
          `(1, 0.1000000000001, '{ "a":1.00 }'), (2, 'NaN', null), (3, 0, null), (4, 1.00001, null), (null, 1, null)`,
        ),
      ],
      ['id'],
    );
    assert.deepEqual(result.byColumn, { share: 1 });
    assert.deepEqual([result.missing, result.unexpected, result.changed], [0, 0, 1]);
  });

  it('compares whole rows where there is no key', async () => {
    const { result } = await compared(
      [`insert into rows (id, share) values (1, 1), (1, 1)`, `insert into rows (id, share) values (1, 1), (2, 2)`],
      [],
    );
    assert.deepEqual([result.missing, result.unexpected, result.changed], [1, 1, 0]);
  });

  it('looks into no more rows than it may, and says so', async () => {
    const { result } = await compared([thousands, `${thousands}; update rows set "Name" = 'x'`], ['id'], {
      buckets: 64,
      mostRows: 1000,
    });
    assert.ok(result.unseenBuckets > 50, `${result.unseenBuckets} buckets`);
    assert.ok(result.changed > 0 && result.changed <= 1000, `${result.changed} rows`);
    assert.equal(result.rows.length, 20);
  });
});
