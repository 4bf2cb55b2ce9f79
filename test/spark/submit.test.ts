/** Real processes: plain spark-submit with the runtime in a zip, and jobs that are killed while they write. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { shopSql } from '../golden/shop.ts';
import { instant, startWorld, type Database, type World } from './support/world.ts';

const golden = new URL('../golden/', import.meta.url);
const spec = readFileSync(new URL('customer-totals.datamorph.json', golden), 'utf8');
const scriptText = readFileSync(new URL('customer-totals.py', golden), 'utf8');
const runtime = fileURLToPath(new URL('../../python/', import.meta.url));

describe('spark-submit', function () {
  this.timeout(300_000);
  let world: World;
  let shop: Database;
  let folder: string;
  let script: string;
  const started: ChildProcess[] = [];
  let output = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datamorph-submit-'));
    // In a folder of its own: Python looks for modules beside the script first.
    script = join(folder, 'customer_totals.py');
    writeFileSync(script, scriptText);
    const python = process.env['DATAMORPH_TEST_PYTHON'] ?? '';
    const zip = ['-m', 'zipfile', '-c', join(folder, 'runtime.zip'), 'datamorph/', 'datamorph_functions/'];
    execFileSync(python, zip, { cwd: runtime });
    world = await startWorld();
    shop = await world.database('submit', shopSql);
  });
  afterEach(() => {
    for (const child of started.splice(0)) endGroup(child);
  });
  after(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const rows = async (sql: string): Promise<readonly string[]> =>
    (await shop.client.query<{ r: string }>(`select (r.*)::text as r from (${sql}) as r order by 1`)).rows.map(
      ({ r }) => r,
    );
  const target = (): Promise<readonly string[]> => rows('select * from customer_totals');
  const leftBehind = (): Promise<readonly string[]> =>
    rows(`select relname from pg_class where relname ~ '^datamorph' and relkind = 'r'`);

  it('runs a compiled script with the runtime in a zip', async () => {
    const child = submit(script, 'submitted');
    const events = await eventsOf(child);
    assert.equal(child.exitCode, 0, output);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['start', 'staged', 'published'],
    );
    const { reference } = await shop.compile(spec);
    const columns = 'customer_id, name, total_amount, order_count';
    const expected = `select ${columns} from (${reference?.sql ?? ''}) as r`;
    assert.deepEqual(await shop.difference(`select ${columns} from customer_totals`, expected), []);
    assert.deepEqual(await leftBehind(), []);
  });

  it('a job killed between staging and publication leaves the old rows, and the next run tidies up', async () => {
    const before = await target();
    await shop.client.query('begin; lock table customer_totals in share mode');
    const child = submit(script, 'killed while it publishes');
    await until(`select from pg_locks where not granted and relation = 'customer_totals'::regclass`, child);
    endGroup(child);
    await shop.client.query('commit');
    assert.deepEqual(await target(), before);
    assert.equal((await leftBehind()).length, 1);
    await tidied(before);
  });

  it('a job killed while it stages leaves the old rows, and the next run tidies up', async () => {
    const before = await target();
    // The script as it is, with one step that never ends.
    const slow = join(folder, 'slow.py');
    const endless = `def endless(rows):\n    import time\n    for row in rows:\n        time.sleep(600)\n        yield row\n\n`;
    writeFileSync(
      slow,
      scriptText
        .replace('job = Job.start', `${endless}job = Job.start`)
        .replace(
          '# The target',
          'totals = job.spark.createDataFrame(totals.rdd.mapPartitions(endless), totals.schema)\n# The target',
        ),
    );
    const child = submit(slow, 'killed while it stages');
    await until(`select from pg_class where relname ~ '^datamorph_stage' and relkind = 'r'`, child);
    endGroup(child);
    assert.deepEqual(await target(), before);
    await tidied(before);
  });

  async function tidied(before: readonly string[]): Promise<void> {
    const next = await shop.run(spec);
    assert.equal(next.failure, null, next.failure ?? '');
    assert.deepEqual(await leftBehind(), []);
    assert.deepEqual(await target(), before);
  }

  function submit(file: string, runId: string): ChildProcess {
    const command = join(dirname(process.env['DATAMORPH_TEST_PYTHON'] ?? ''), 'spark-submit');
    const address = new URL(process.env['DATAMORPH_TEST_PG'] ?? '');
    const conf = ['spark.ui.enabled=false', 'spark.driver.host=127.0.0.1', 'spark.sql.shuffle.partitions=2'];
    const child = spawn(
      command,
      [
        ...['--master', 'local[1]', '--driver-class-path', process.env['DATAMORPH_TEST_JDBC_JAR'] ?? ''],
        ...['--py-files', join(folder, 'runtime.zip'), ...conf.flatMap((each) => ['--conf', each])],
        ...[file, '--run-id', runId, '--instant', instant],
      ],
      {
        cwd: folder,
        // Its own process group, so that the JVM and the Python workers end with it.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          PYTHONPATH: '',
          DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${address.host}/${shop.name}`,
          DATAMORPH_CONNECTION_DEFAULT_USER: decodeURIComponent(address.username),
          DATAMORPH_CONNECTION_DEFAULT_PASSWORD: decodeURIComponent(address.password),
        },
      },
    );
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
    child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
    started.push(child);
    return child;
  }

  /** Waits until the query gives a row; a job that has ended will never bring it about. */
  async function until(sql: string, child: ChildProcess): Promise<void> {
    while ((await shop.client.query(sql)).rowCount === 0) {
      assert.equal(child.exitCode, null, output);
      await delay(50);
    }
  }
});

async function eventsOf(child: ChildProcess): Promise<readonly Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  if (!child.stdout) return events;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('datamorph: ')) events.push(JSON.parse(line.slice(11)) as Record<string, unknown>);
  }
  if (child.exitCode === null) await once(child, 'close');
  return events;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Everything in the group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
