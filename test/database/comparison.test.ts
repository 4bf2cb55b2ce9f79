import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { compare, type Comparison, type ComparedColumn } from '../../src/agents/comparison.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe('target against reference, in a real PostgreSQL', () => {
  let database: TestDatabase;
  let postgres: Postgres;

  before(async () => {
    database = await createDatabase('comparison');
    postgres = await openPostgres(database.options);
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  /** Compares two lists of rows, each written as VALUES. */
  async function compareRows(
    columns: readonly ComparedColumn[],
    target: string,
    reference: string,
  ): Promise<Pick<Comparison, 'missing' | 'unexpected'>> {
    const definition = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${type}`).join(', ');
    const casts = columns.map(({ type }, place) => `c${place}::${type}`).join(', ');
    const names = columns.map((_, place) => `c${place}`).join(', ');
    await postgres.query('drop table if exists target');
    await postgres.query(`create table target (${definition})`);
    await postgres.query(`insert into target select ${casts} from (values ${target}) as v (${names})`);
    const request = {
      table: 'target',
      columns,
      reference: `select ${casts} from (values ${reference}) as v (${names})`,
    };
    const { missing, unexpected } = await compare(
      { select: (sql, signal) => postgres.select(sql, { signal }) },
      request,
      new AbortController().signal,
    );
    return { missing, unexpected };
  }

  const key: ComparedColumn = { name: 'id', type: 'integer' };
  const cases: readonly {
    readonly what: string;
    readonly columns: readonly ComparedColumn[];
    readonly target: string;
    readonly reference: string;
    readonly missing: number;
    readonly unexpected: number;
  }[] = [
    { what: 'the same rows in another order', columns: [key], target: '(1),(2)', reference: '(2),(1)', missing: 0, unexpected: 0 }, // prettier-ignore
    { what: 'a duplicate more', columns: [key], target: '(1),(1)', reference: '(1)', missing: 0, unexpected: 1 },
    { what: 'a duplicate less', columns: [key], target: '(1)', reference: '(1),(1)', missing: 1, unexpected: 0 },
    { what: 'NULL equals NULL', columns: [key], target: '(null)', reference: '(null)', missing: 0, unexpected: 0 },
    { what: 'NULL is not zero', columns: [key], target: '(null)', reference: '(0)', missing: 1, unexpected: 1 },
    ...one('numeric by value', 'numeric', '1.0', '1.00', 0),
    ...one('a cent', 'numeric', '1.01', '1.00', 1),
    ...one('an empty text is not NULL', 'text', "''", 'null', 1),
    ...one('trailing blanks in text', 'text', "'a '", "'a'", 1),
    ...one('json by value', 'json', `'{"a": 1, "b": 2}'`, `'{"b":2,"a":1}'`, 0),
    ...one('a sum in another order', 'double precision', '0.1 + 0.2::float8', '0.3', 0),
    ...one('a float beyond the tolerance', 'double precision', '1.000001', '1', 1),
    ...one('NaN equals NaN', 'double precision', "'NaN'", "'NaN'", 0),
    ...one('NaN is no number', 'double precision', "'NaN'", '1', 1),
    ...one('infinities by sign', 'double precision', "'Infinity'", "'-Infinity'", 1),
    ...one('-0 equals 0', 'double precision', "'-0'", '0', 0),
    ...one('timestamps as instants', 'timestamptz', "'2026-03-29 01:00+00'", "'2026-03-29 03:00+02'", 0),
    ...one('a NULL is no float', 'double precision', 'null', '1', 1),
    ...one('points by their text', 'point', "'(1,2)'", "'(1,2)'", 0),
    ...one('json in an array by value', 'json[]', `array['{"a": 1}'::json]`, `array['{"a":1}'::json]`, 0),
    ...one('the order of an array', 'text[]', "array['a', 'b']", "array['b', 'a']", 1),
    ...one('the length of char is no difference', 'character(3)', "'a'", "'a  '", 0),
    { what: 'a duplicate on each side', columns: [key], target: '(1),(1),(2)', reference: '(1),(2),(2)', missing: 1, unexpected: 1 }, // prettier-ignore
    {
      what: 'duplicates of close floats, one more',
      columns: [key, { name: 'x', type: 'real' }, { name: 'y', type: 'double precision' }],
      target: '(1, 1, 0.3), (1, 1, 0.3), (1, 1, null), (null, null, null)',
      reference: '(1, 1, 0.1 + 0.2::float8), (1, 1, null), (1, 1, null), (null, null, null)',
      missing: 1,
      unexpected: 1,
    },
    {
      what: 'close floats pair within their row only',
      columns: [key, { name: 'x', type: 'double precision' }],
      target: '(1, 0.3),(2, 7)',
      reference: '(1, 0.1 + 0.2),(2, 0.3)',
      missing: 1,
      unexpected: 1,
    },
  ];

  for (const { what, columns, target, reference, missing, unexpected } of cases) {
    it(`${what}: ${missing} missing, ${unexpected} unexpected`, async () => {
      assert.deepEqual(await compareRows(columns, target, reference), { missing, unexpected });
    });
  }

  const compareTable = async (reference: string, columns: readonly ComparedColumn[]): Promise<Comparison> =>
    compare(
      { select: (sql, signal) => postgres.select(sql, { signal }) },
      { table: 'target', columns, reference },
      new AbortController().signal,
    );

  it('takes text under C, even where the column calls other texts equal', async () => {
    await postgres.query(
      `create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    );
    await postgres.query(`drop table if exists target; create table target ("Name" text collate any_case)`);
    await postgres.query(`insert into target values ('ann'), ('Bob')`);
    const found = await compareTable(`select 'ANN'::text union all select 'Bob'`, [{ name: 'Name', type: 'text' }]);
    assert.deepEqual(found, {
      ...{ expectedRows: 2, actualRows: 2, missing: 1, unexpected: 1, tolerant: [] },
      examples: [
        { kind: 'missing', row: '{"Name": "ANN"}' },
        { kind: 'unexpected', row: '{"Name": "ann"}' },
      ],
    });
  });

  it('counts rows without a column', async () => {
    await postgres.query('drop table if exists target; create table target (); insert into target default values');
    const { examples, ...counts } = await compareTable('select from generate_series(1, 3)', []);
    assert.deepEqual(counts, { expectedRows: 3, actualRows: 1, missing: 2, unexpected: 0, tolerant: [] });
    assert.deepEqual(examples, [{ kind: 'missing', row: '{}' }, { kind: 'missing', row: '{}' }]); // prettier-ignore
    await postgres.query('delete from target');
    const nothing = { expectedRows: 0, actualRows: 0, missing: 0, unexpected: 0, examples: [], tolerant: [] };
    assert.deepEqual(await compareTable('select from target', []), nothing);
  });

  it('does not look at every pair of rows where every float is a little off', async () => {
    await postgres.query('drop table if exists target; create table target (id integer, x double precision)');
    await postgres.query('insert into target select n, n / 3.0::float8 from generate_series(1, 200000) n');
    const columns = [key, { name: 'x', type: 'double precision' }];
    const { examples, ...counts } = await compareTable('select id, x * (1 + 1e-12) from target', columns);
    assert.deepEqual(counts, {
      expectedRows: 200_000,
      actualRows: 200_000,
      missing: 0,
      unexpected: 0,
      tolerant: ['x'],
    });
    assert.deepEqual(examples, []);
  });

  it('names hostile columns without breaking out', async () => {
    const columns = [{ name: 'a"; drop table target; --', type: 'integer' }] as const;
    assert.deepEqual(await compareRows(columns, '(1)', '(2)'), { missing: 1, unexpected: 1 });
  });
});

type Row = readonly [what: string, type: string, target: string, reference: string, differing: 0 | 1];

/** One column of a type, with a key beside it. */
function one(...[what, type, target, reference, differing]: Row) {
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'value', type },
  ];
  return [
    {
      what,
      columns,
      target: `(1, ${target})`,
      reference: `(1, ${reference})`,
      missing: differing,
      unexpected: differing,
    },
  ];
}
