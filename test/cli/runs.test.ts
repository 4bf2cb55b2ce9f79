import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadShop } from '../../samples/shop/load.mjs';
import { datamorph, type CliEnd, type CliOptions } from '../support/cli.ts';
import { dropDatabase, serverUrl, urlOf, withClient } from '../support/postgres.ts';

const name = 'cli_runs';
const spec = 'customer_totals.datamorph.json';
const sample = fileURLToPath(new URL(`../../samples/workspace/${spec}`, import.meta.url));

describe('the command line, over runs that are there already', function () {
  // A run starts a Spark of its own.
  this.timeout(240_000);
  let folder: string;

  before(() => loadShop({ url: serverUrl(), password: 'engineer', database: name }));
  after(() => dropDatabase(name));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-cli-'));
    await copyFile(sample, join(folder, spec));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const cli = (args: readonly string[], onLine?: CliOptions['onLine']): Promise<CliEnd> =>
    datamorph(args, { cwd: folder, database: urlOf(name), ...(onLine && { onLine }) });
  const onlyRun = async (): Promise<string> => {
    const [id = '', ...others] = await readdir(join(folder, '.datamorph', 'runs'));
    assert.deepEqual(others, []);
    return id;
  };
  const events = ({ out }: CliEnd): readonly Readonly<Record<string, unknown>>[] =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const written = (): Promise<number> =>
    withClient(urlOf(name), async (client) => {
      const { rows } = await client.query("select to_regclass('analytics.customer_totals') is not null as there");
      if ((rows as readonly { there: boolean }[])[0]?.there !== true) return 0;
      const counted = await client.query('select count(*)::int as rows from analytics.customer_totals');
      return (counted.rows as readonly { rows: number }[])[0]?.rows ?? 0;
    });

  it('stops behind the code, goes on from there, and shows its rows when they have been compared', async () => {
    const first = await cli(['run', spec, '--until', 'code', '--publish', 'later', '--json']);
    assert.equal(first.code, 0, first.err);
    assert.deepEqual(events(first).at(-1), { event: 'end', run: await onlyRun(), state: { kind: 'coded' } });
    const id = await onlyRun();
    assert.match((await cli(['runs'])).out, new RegExp(`^${id} +waiting +local Spark`));
    assert.equal(await written(), 0);

    const second = await cli(['resume', id, '--json']);
    assert.equal(second.code, 0, second.err);
    const states = events(second).flatMap(({ event, state }) =>
      event === 'state' ? (state as { kind: string }).kind : [],
    );
    assert.deepEqual(states, ['executing', 'validating', 'publishing', 'finished']);
    assert.ok((await written()) > 0);
    assert.match((await cli(['runs'])).out, new RegExp(`^${id} +passed`));

    const log = events(await cli(['logs', id, '--json']));
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, place) => place + 1),
    );
    const judged = await cli(['validate', id]);
    assert.equal(judged.code, 0, judged.err);
    assert.match(judged.out, /^# analytics\.customer_totals: passed, all \d+ rows/);
    const report = join(folder, 'verdict.xml');
    const partly = await cli(['validate', spec, '--skip', 'rules,comparison', '--report', report]);
    assert.deepEqual([partly.code, partly.out.split('\n')[0]], [0, '# analytics.customer_totals: not compared']);
    assert.match(await readFile(report, 'utf8'), /<skipped message="The comparison was left out\."\/>/);
    assert.equal((await cli(['validate', spec, '--report', 'verdict.pdf'])).code, 2);
    await withClient(urlOf(name), (client) =>
      client.query('delete from analytics.customer_totals where order_count > 1'),
    );
    assert.equal((await cli(['validate', spec])).code, 1);
  });

  it('goes on with a run whose process was killed', async () => {
    const killed = await cli(['run', spec], (line, stop) => {
      if (line.includes('Running the PySpark')) stop('SIGKILL');
    });
    assert.equal(killed.code, null);
    const id = await onlyRun();
    assert.match((await cli(['runs'])).out, new RegExp(`^${id} +interrupted`));
    const { code, out, err } = await cli(['resume', id]);
    assert.equal(code, 0, err);
    assert.match(err, /Passed, all \d+ rows equal PostgreSQL's own answer/);
    assert.match(out, /^analytics\.customer_totals:/);
  });

  it('reads on, in a source that is incremental, from where the last run had read', async () => {
    const incremental = {
      version: 1,
      name: 'seen_orders',
      sources: [{ name: 'orders', table: 'orders', columns: ['order_id'], incremental: { watermark: 'order_id' } }],
      steps: [],
      target: {
        table: 'analytics.seen_orders',
        from: 'orders',
        mode: 'append',
        columns: [{ name: 'order_id', type: 'bigint' }],
      },
    };
    await writeFile(join(folder, 'seen.datamorph.json'), JSON.stringify(incremental));
    const query = async (sql: string): Promise<unknown> =>
      withClient(urlOf(name), async (client) => (await client.query(sql)).rows as unknown);
    const orders = (await query('select count(*)::int as rows, max(order_id)::int as last from orders')) as readonly {
      rows: number;
      last: number;
    }[];
    const [{ rows, last } = { rows: 0, last: 0 }] = orders;
    // What the last run had read is what the next one does not append again.
    for (const expected of [rows, rows]) {
      const { code, err } = await cli(['run', 'seen.datamorph.json']);
      assert.equal(code, 0, err);
      assert.match(err, /Making the rows visible/);
      const counted = 'select count(*)::int as rows from analytics.seen_orders';
      assert.deepEqual(await query(counted), [{ rows: expected }]);
    }
    const marks = JSON.parse(await readFile(join(folder, '.datamorph', 'marks.json'), 'utf8')) as Record<
      string,
      object
    >;
    assert.deepEqual(Object.values(marks), [{ orders: String(last) }]);
  });

  it('is stopped by another process', async () => {
    let asked: Promise<CliEnd> | undefined;
    const { code } = await cli(['run', spec], (line) => {
      if (line.includes('Running the PySpark')) asked = onlyRun().then((id) => cli(['cancel', id]));
    });
    assert.equal(code, 130);
    const cancel = await asked;
    assert.equal(cancel?.code, 0, cancel?.err);
    assert.match(cancel.err, /: Cancelled$/m);
    assert.match((await cli(['runs'])).out, /cancelled/);
  });

  it('says what there is not', async () => {
    for (const args of [
      ['resume'],
      ['logs', 'none'],
      ['cancel', '../..'],
      ['run'],
      ['run', 'a', 'b'],
      ['plan', spec],
    ]) {
      const { code, err } = await cli(args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
    }
    assert.equal((await cli(['runs'])).out, 'No runs yet.\n');
  });
});
