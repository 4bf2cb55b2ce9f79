import assert from 'node:assert/strict';
import { comparisonValidator } from '../../src/agents/comparisonValidator.ts';
import type { Stage } from '../../src/agents/ports.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { publicationStatements } from '../../src/services/publicationStatements.ts';
import { publisherOn } from '../../src/services/publisher.ts';
import { programs } from '../support/scriptedRun.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const never = new AbortController().signal;

const stageOf = (mode: 'replace' | 'append', runId = 'r1'): Stage => ({
  target: {
    table: 'public.totals',
    mode,
    columns: [
      { name: 'Key', type: 'integer' },
      { name: 'total', type: 'numeric(10,2)' },
    ],
    keys: [],
    required: [],
  },
  runId,
  instant: '2026-01-01T00:00:00Z',
});

describe('rows that wait to be published', () => {
  let database: TestDatabase;
  let postgres: Postgres;

  before(async () => {
    database = await createDatabase('publisher');
    postgres = await openPostgres(database.options);
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });
  beforeEach(async () => {
    await database.run(
      'drop table if exists public.totals; create table public.totals ("Key" integer, total numeric(10,2))',
    );
    await database.run('insert into public.totals values (9, 9)');
  });

  /** As the job's runtime leaves them. */
  async function staged(stage: Stage): Promise<void> {
    const publication = { ...stage.target, runId: stage.runId, instant: stage.instant, schema: 'public' };
    const [drop = ''] = publicationStatements(publication, 'give_up');
    const table = drop.replace('drop table if exists ', '');
    await database.run(
      `create table ${table} (c1 integer, c2 text); insert into ${table} values (1, '1.50'), (2, null)`,
    );
    await database.run(`comment on table ${table} is 'datamorph: 2 rows wait to be published in public.totals'`);
  }
  const rows = async (from: string): Promise<readonly object[]> =>
    postgres.select(`select "Key", total::text from ${from} order by "Key"`);
  const fresh = [
    { Key: 1, total: '1.50' },
    { Key: 2, total: null },
  ];

  it('are seen under the names and types of the target, compared there, and then made visible', async () => {
    const [publisher, stage] = [publisherOn(postgres), stageOf('replace')];
    assert.equal(await publisher.rows(stage, never), undefined);
    await staged(stage);
    const waiting = await publisher.rows(stage, never);
    assert.ok(waiting);
    assert.deepEqual(await rows(waiting), fresh);
    assert.deepEqual(await rows('public.totals'), [{ Key: 9, total: '9.00' }]);
    const validator = comparisonValidator({ select: (sql, signal) => postgres.select(sql, { signal }) });
    const { columns, table } = stage.target;
    const own = {
      ...programs,
      reference: 'values (1, 1.5), (2, null)',
      target: { table, mode: 'append' as const, columns },
    };
    const verdict = await validator.validate(
      { specText: '', programs: own, rows: waiting, ownRows: true },
      { signal: never },
    );
    assert.equal(verdict.kind, 'passed');
    assert.deepEqual(await publisher.publish(stage, never), { rows: 2, repeated: false });
    assert.deepEqual(await rows('public.totals'), fresh);
    assert.equal(await publisher.rows(stage, never), undefined);
  });

  it('of a run that has appended them are not appended again', async () => {
    const [publisher, stage] = [publisherOn(postgres), stageOf('append', 'r2')];
    await staged(stage);
    await publisher.publish(stage, never);
    await staged(stage);
    assert.deepEqual(await publisher.publish(stage, never), { rows: 0, repeated: true });
    assert.equal((await rows('public.totals')).length, 3);
  });

  it('are dropped when they are given up', async () => {
    const [publisher, stage] = [publisherOn(postgres), stageOf('replace', 'r3')];
    await staged(stage);
    await publisher.giveUp(stage, never);
    assert.equal(await publisher.rows(stage, never), undefined);
    assert.deepEqual(await rows('public.totals'), [{ Key: 9, total: '9.00' }]);
  });
});
