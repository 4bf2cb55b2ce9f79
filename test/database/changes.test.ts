import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { findChanges, type Changes } from '../../src/agents/validation/changes.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'Name', type: 'text' },
  { name: 'amount', type: 'numeric(10,2)' },
  { name: 'share', type: 'double precision' },
  { name: 'extra', type: 'json' },
];
const row = '(id, "Name", amount, share, extra)';

describe('how a target differs from its reference, in a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;

  before(async () => {
    database = await createDatabase('changes');
    const table = (name: string): string =>
      `create table ${name} (${columns.map(({ name: column, type }) => `"${column}" ${type}`).join(', ')})`;
    await database.run(`${table('target')}; ${table('reference')}`);
    postgres = await openPostgres(database.options);
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  async function changes(reference: string, target: string, keys: readonly string[]): Promise<Changes> {
    await postgres.query('truncate target, reference');
    await postgres.query(`insert into reference ${row} values ${reference}`);
    await postgres.query(`insert into target ${row} values ${target}`);
    const request = { table: 'target', reference: 'select * from reference', columns };
    const snapshots = snapshotsOf(postgres, await loadSqlParser());
    const limits = { signal: new AbortController().signal };
    return snapshots.snapshot((snapshot) => findChanges(snapshot, request, keys), limits);
  }

  it('is told by cell where a key pairs the rows, floats to their tolerance and json by value', async () => {
    const found = await changes(
      `(1, 'one', 1.00, 0.1, '{"a": 1}'), (2, 'two', 2.00, 0.2, null), (3, null, 3.00, 0.3, null), (4, 'four', 4, 'NaN', null)`,
      `(1, 'one', 1.00, 0.10000000000000001, '{"a":1}'), (2, 'TWO', 2.01, 0.2, null), (4, 'four', 4, 0, null), (5, 'five', 5, 0.5, null)`,
      ['id'],
    );
    assert.deepEqual(found, {
      keys: ['id'],
      missing: 1,
      unexpected: 1,
      changed: 2,
      byColumn: { Name: 1, amount: 1, share: 1 },
      rows: [
        {
          kind: 'changed',
          expected: '{"id": 2, "Name": "two", "extra": null, "share": 0.2, "amount": 2.00}',
          actual: '{"id": 2, "Name": "TWO", "extra": null, "share": 0.2, "amount": 2.01}',
          cells: ['Name', 'amount'],
        },
        {
          kind: 'changed',
          expected: '{"id": 4, "Name": "four", "extra": null, "share": "NaN", "amount": 4.00}',
          actual: '{"id": 4, "Name": "four", "extra": null, "share": 0, "amount": 4.00}',
          cells: ['share'],
        },
        { kind: 'missing', expected: '{"id": 3, "Name": null, "extra": null, "share": 0.3, "amount": 3.00}' },
        { kind: 'unexpected', actual: '{"id": 5, "Name": "five", "extra": null, "share": 0.5, "amount": 5.00}' },
      ],
    });
  });

  it('counts duplicates of a key: the pairs that there are, and what is left over', async () => {
    const { rows, byColumn, ...counts } = await changes(
      `(1, 'a', 1, 0, null), (1, 'b', 1, 0, null)`,
      `(1, 'c', 1, 0, null), (1, 'd', 1, 0, null), (1, 'e', 1, 0, null)`,
      ['id'],
    );
    assert.deepEqual(counts, { keys: ['id'], missing: 0, unexpected: 1, changed: 2 });
    assert.deepEqual(byColumn, { Name: 2 });
    assert.equal(rows.length, 3);
  });

  it('is whole rows where there is no key', async () => {
    const { rows, ...counts } = await changes(`(1, 'a', 1, 0, null)`, `(1, 'b', 1, 0, null)`, []);
    assert.deepEqual(counts, { keys: [], missing: 1, unexpected: 1, changed: 0, byColumn: {} });
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['missing', 'unexpected'],
    );
  });

  it('is told of a float that became NULL, among as many changed rows as there are', async () => {
    const rows = (share: string): string => Array.from({ length: 5000 }, (_, id) => `(${id}, null, 1, ${share}, null)`).join(); // prettier-ignore
    const { rows: first, ...counts } = await changes(rows('0.5'), rows('null'), ['id']);
    assert.deepEqual(counts, { keys: ['id'], missing: 0, unexpected: 0, changed: 5000, byColumn: { share: 5000 } });
    assert.equal(first.length, 20);
  });

  it('pairs a NULL in the key with a NULL', async () => {
    const { missing, unexpected, changed } = await changes(`(null, 'a', 1, 0, null)`, `(null, 'b', 1, 0, null)`, [
      'id',
    ]);
    assert.deepEqual({ missing, unexpected, changed }, { missing: 0, unexpected: 0, changed: 1 });
  });
});
