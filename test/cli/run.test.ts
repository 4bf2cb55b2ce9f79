import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadShop } from '../../samples/shop/load.mjs';
import { datamorph, type CliEnd } from '../support/cli.ts';
import { dropDatabase, serverUrl, urlOf, withClient } from '../support/postgres.ts';

const name = 'cli_shop';
const sample = fileURLToPath(new URL('../../samples/workspace/customer_totals.datamorph.json', import.meta.url));

describe('the command line, over the sample shop', function () {
  // A run starts a Spark of its own.
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database: name });
    folder = await mkdtemp(join(tmpdir(), 'datamorph-cli-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await dropDatabase(name);
  });

  const cli = (args: readonly string[], onLine?: (line: string, stop: () => void) => void): Promise<CliEnd> =>
    datamorph(args, { cwd: folder, database: urlOf(name), ...(onLine && { onLine }) });

  /** The sample spec, changed. */
  async function changed(file: string, ...changes: readonly (readonly [from: string, to: string])[]): Promise<string> {
    let text = await readFile(sample, 'utf8');
    for (const [from, to] of changes) {
      assert.ok(text.includes(from), `the sample spec holds ${from}`);
      text = text.replace(from, to);
    }
    await writeFile(join(folder, file), text);
    return file;
  }

  const runs = async (): Promise<readonly string[]> => {
    try {
      return await readdir(join(folder, '.datamorph', 'runs'));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
      return [];
    }
  };

  it('runs the sample spec on local Spark, and every row equals the answer of PostgreSQL', async () => {
    await copyFile(sample, join(folder, 'customer_totals.datamorph.json'));
    const { code, out, err } = await cli(['run', 'customer_totals.datamorph.json']);
    assert.equal(code, 0, err);
    assert.match(err, /Passed, all \d+ rows equal PostgreSQL's own answer/);
    assert.match(out, /^analytics\.customer_totals:\ncustomer_id +currency +full_name/);
    const [id = ''] = await runs();
    const kept = join(folder, '.datamorph', 'runs', id);
    assert.deepEqual((await readdir(kept)).sort(), [
      'journal.jsonl',
      'log.jsonl',
      'reference.sql',
      'report.html',
      'report.json',
      'report.junit.xml',
      'report.md',
      'run.json',
      'script.py',
      'spec.datamorph.json',
    ]);
    const record = JSON.parse(await readFile(join(kept, 'run.json'), 'utf8')) as { readonly state: string };
    assert.equal(record.state, 'passed');
    // By hand, from the tables themselves.
    const { rows } = await withClient(urlOf(name), (client) =>
      client.query(`select count(*)::int as differing from (
        (select customer_id, currency::text, count(*), sum(total_amount) from orders join customers using (customer_id) group by 1, 2)
        except (select customer_id, currency::text, order_count, total_amount from analytics.customer_totals)) as d`),
    );
    assert.deepEqual(rows, [{ differing: 0 }]);
  });

  it('prints each mistake with its place, and runs nothing', async () => {
    const before = (await runs()).length;
    const spec = await changed('wrong.datamorph.json', ['sum(total_amount)', 'sum(totl_amount)']);
    const { code, out, err } = await cli(['check', spec]);
    assert.equal(code, 3, err);
    assert.match(err, /^wrong\.datamorph\.json:\d+:\d+: error: .*totl_amount.* \[unknown-column\]$/m);
    assert.equal(out, '1 error\n');
    assert.equal((await runs()).length, before);
  });

  it('names the step and the line of the script where a job fails, and leaves the old rows', async () => {
    const count = (): Promise<unknown> =>
      withClient(urlOf(name), async (client) => {
        const { rows } = await client.query("select to_regclass('analytics.customer_totals') is not null as there");
        if ((rows as readonly { there: boolean }[])[0]?.there !== true) return 'no table';
        return (await client.query('select count(*) from analytics.customer_totals')).rows as unknown;
      });
    const before = await count();
    const failing = ['"count(*)"', '"count(*) / (count(*) - count(*))"'] as const;
    const { code, err } = await cli(['run', await changed('failing.datamorph.json', failing)]);
    assert.equal(code, 4, err);
    assert.match(err, /Failed in step totals \(script line \d+\): \[DIVIDE_BY_ZERO\] Division by zero\./);
    assert.deepEqual(await count(), before);
  });

  it('leaves the old rows where the new ones are wrong, says what was tried, and publishes first where that is asked for', async () => {
    const rows = (): Promise<unknown> =>
      withClient(urlOf(name), async (client) => (await client.query('select * from analytics.judged')).rows as unknown);
    await withClient(urlOf(name), (client) =>
      client.query('create schema if not exists analytics; create table analytics.judged (customer_id integer)'),
    );
    await withClient(urlOf(name), (client) => client.query('insert into analytics.judged values (-1)'));
    const spec = {
      ...{ version: 1, name: 'judged', steps: [] },
      sources: [{ name: 'customers', table: 'public.customers', columns: ['customer_id'] }],
      target: {
        ...{ table: 'analytics.judged', from: 'customers', mode: 'replace' },
        columns: [{ name: 'customer_id', type: 'integer' }],
      },
      checks: [{ kind: 'range', column: 'customer_id', max: 3 }],
    };
    await writeFile(join(folder, 'judged.datamorph.json'), JSON.stringify(spec));
    const { code, out, err } = await cli(['run', 'judged.datamorph.json']);
    assert.equal(code, 1, err);
    assert.match(err, /Failed, 1 rule broken; the target is as it was$/m);
    assert.match(err, /^Round 1: data: .*: customer_id is at most 3: 4997 rows break it\..* -> nothing was changed$/m);
    assert.equal(out, 'The rows of this run were not published: analytics.judged is as it was.\n');
    assert.deepEqual(await rows(), [{ customer_id: -1 }]);

    const first = await cli(['run', 'judged.datamorph.json', '--publish', 'now', '--rounds', '0']);
    assert.equal(first.code, 1, first.err);
    assert.doesNotMatch(first.err, /Round 1/);
    assert.match(first.out, /^analytics\.judged:/);
    assert.notDeepEqual(await rows(), [{ customer_id: -1 }]);
    assert.equal((await cli(['run', 'judged.datamorph.json', '--rounds', '6'])).code, 2);
  });

  it('ends a run within seconds of Ctrl-C, and says in its record that it was cancelled', async () => {
    await copyFile(sample, join(folder, 'customer_totals.datamorph.json'));
    const known = new Set(await runs());
    let stopped = 0;
    const { code } = await cli(['run', 'customer_totals.datamorph.json'], (line, stop) => {
      if (!line.includes('Running the PySpark')) return;
      stopped = performance.now();
      stop();
    });
    assert.equal(code, 130);
    assert.ok(performance.now() - stopped < 5000, 'it ended in time');
    const [id = ''] = (await runs()).filter((run) => !known.has(run));
    const record = JSON.parse(await readFile(join(folder, '.datamorph', 'runs', id, 'run.json'), 'utf8')) as object;
    assert.equal((record as { readonly state: string }).state, 'cancelled');
  });

  it('says how local Spark is set up where it is not', async () => {
    await copyFile(sample, join(folder, 'customer_totals.datamorph.json'));
    const environment = { DATAMORPH_PYTHON: '', DATAMORPH_CACHE: join(folder, 'cache') };
    const place = { cwd: folder, database: urlOf(name), environment };
    const { code, err } = await datamorph(['run', 'customer_totals.datamorph.json'], place);
    assert.equal(code, 5, err);
    assert.match(err, /Local Spark is not set up: `datamorph setup` does it\./);
    const removal = await datamorph(['setup', '--remove'], place);
    assert.deepEqual([removal.code, removal.out], [0, 'Local Spark is removed.\n']);
    const failing = { ...place, environment: { ...environment, PIP_NO_INDEX: '1' } };
    const setup = await datamorph(['setup'], failing);
    assert.equal(setup.code, 5);
    assert.match(setup.err, /^2\/6 Making a Python environment …$[^]*^The Python packages could not be installed\./m);
  });

  it('writes both programs beside the spec', async () => {
    await copyFile(sample, join(folder, 'customer_totals.datamorph.json'));
    const { code, out } = await cli(['compile', 'customer_totals.datamorph.json']);
    assert.equal(code, 0);
    assert.equal(out, 'customer_totals.py\ncustomer_totals.sql\n');
    assert.match(await readFile(join(folder, 'customer_totals.py'), 'utf8'), /^from datamorph import Job$/m);
    assert.match(await readFile(join(folder, 'customer_totals.sql'), 'utf8'), /^with customers as \(/m);
  });

  it('lists what the connection may see', async () => {
    const { code, out } = await cli(['schema']);
    assert.equal(code, 0);
    assert.match(out, /^public\.orders \(table\): /m);
    assert.match(out, /^ {2}order_id bigint not null, key$/m);
  });

  it('explains itself, and says where the password comes from', async () => {
    const { code, out } = await cli(['--help']);
    assert.equal(code, 0);
    assert.match(out, /^Usage: datamorph COMMAND/);
    assert.match(out, /PGPASSWORD/);
    assert.equal((await cli(['frobnicate'])).code, 2);
  });
});
