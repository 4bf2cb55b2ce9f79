/** The runtime where a person types: at Python's own prompt, cell by cell as a notebook runs them, in a session that is there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shopSql } from '../golden/shop.ts';
import { startWorld, type Database, type World } from './support/world.ts';

const script = readFileSync(new URL('../golden/customer-totals.py', import.meta.url), 'utf8');
const runtime = fileURLToPath(new URL('../../python/', import.meta.url));

const session = `from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false") \\
    .config("spark.driver.host", "127.0.0.1").config("spark.sql.session.timeZone", "Asia/Tokyo").getOrCreate()`;
const mistake = `job.read(table="public.customers", columns={"customer_id": "integer"}, connection="nowhere")`;

describe('a notebook', function () {
  this.timeout(180_000);
  let world: World;
  let shop: Database;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datamorph-prompt-'));
    world = await startWorld();
    shop = await world.database('prompt', shopSql);
  });
  after(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs a compiled script cell by cell, in the session that it has, and goes on after a mistake', async () => {
    const [first = '', ...rest] = script.split(/\n(?=# )/);
    const { code, output } = await type([session, first, mistake, ...rest]);
    assert.equal(code, 0, output);
    assert.match(output, /JobError: The connection nowhere is not described: .*DATAMORPH_CONNECTION_NOWHERE/);
    assert.match(output, /"event": "published", "table": "public.customer_totals"/);
    const { rows } = await shop.client.query<{ total: string }>(
      'select sum(total_amount) as total from customer_totals',
    );
    const expected = await shop.client.query<{ total: string }>(
      'select sum(amount) as total from orders join customers using (customer_id)',
    );
    assert.deepEqual(rows, expected.rows);
  });

  async function type(cells: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const address = new URL(process.env['DATAMORPH_TEST_PG'] ?? '');
    const child = spawn(process.env['DATAMORPH_TEST_PYTHON'] ?? '', ['-i', '-q'], {
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: runtime,
        PYSPARK_SUBMIT_ARGS: `--driver-class-path ${process.env['DATAMORPH_TEST_JDBC_JAR'] ?? ''} pyspark-shell`,
        DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${address.host}/${shop.name}`,
        DATAMORPH_CONNECTION_DEFAULT_USER: decodeURIComponent(address.username),
        DATAMORPH_CONNECTION_DEFAULT_PASSWORD: decodeURIComponent(address.password),
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-8000)));
    }
    cells.forEach((cell, at) => {
      const file = join(folder, `cell${at}.py`);
      writeFileSync(file, cell);
      child.stdin.write(`exec(open(${JSON.stringify(file)}).read())\n`);
    });
    child.stdin.end();
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }
});
