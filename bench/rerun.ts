/**
 * How long the re-run of an edited script takes on the warm worker, and on `spark-submit`, side by side:
 * `npx tsx bench/rerun.ts [ROUNDS]`. Aim: at most a tenth of the cold one.
 *
 * Each round edits the compiled script of the sample spec and runs it in turn on the warm worker, by plain `spark-submit`,
 * and by `spark-submit` with the worker's own settings for a fast start. Each run reads 2 tables of the sample shop, writes
 * the target, and is checked to have done it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { loadShop } from '../samples/shop/load.mjs';
import { createLog } from '../scripts/setup/log.mjs';
import { startPostgres } from '../scripts/setup/postgres.mjs';
import { endAll } from '../scripts/setup/processes.mjs';
import { ensurePython } from '../scripts/setup/python.mjs';
import { programsOf } from '../src/agents/programs.ts';
import { loadCatalogue } from '../src/services/catalogue.ts';
import { localSpark } from '../src/services/localSpark.ts';
import { openPostgres } from '../src/services/postgres.ts';
import { loadSqlParser } from '../src/services/sqlParser.ts';
import { catalogueOf } from '../src/spec/catalogue.ts';

const aim = 0.1;
const rounds = Number(process.argv[2] ?? 7);
const root = fileURLToPath(new URL('../', import.meta.url));
const instant = '2026-01-01T00:00:00Z';
const database = 'shop';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-bench-'));
  const log = createLog({ file: join(folder, 'bench.log') });
  try {
    const side = await ensurePython({ log });
    const server = await startPostgres({ log });
    await loadShop({ url: server.url, password: 'bench', database });
    await measure({ folder, side, server });
  } finally {
    await endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly folder: string;
  readonly side: Awaited<ReturnType<typeof ensurePython>>;
  readonly server: Awaited<ReturnType<typeof startPostgres>>;
}

async function measure(bench: Bench): Promise<void> {
  const { side, server } = bench;
  const script = await compiled(bench);
  const connections = {
    DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${server.host}:${server.port}/${database}?sslmode=disable`,
    DATAMORPH_CONNECTION_DEFAULT_USER: server.user,
    DATAMORPH_CONNECTION_DEFAULT_PASSWORD: server.password,
  };
  const runtime = join(root, 'python');
  const environment = { ...process.env, ...side.env };
  const engine = localSpark({
    python: side.python,
    jdbcJar: side.jdbcJar,
    runtime,
    connections: () => Promise.resolve(connections),
    environment,
  });
  const submit = join(await sparkHome(side.python), 'bin', 'spark-submit');
  const warm = async (text: string, runId: string): Promise<void> => {
    const output: string[] = [];
    const watch = { signal: new AbortController().signal, onOutput: (line: string) => void output.push(line) };
    const result = await engine.run({ runId, instant, script: text }, watch);
    if (result.kind !== 'succeeded') throw new Error(`${JSON.stringify(result)}\n${output.join('\n')}`);
  };
  const cold = async (flags: readonly string[], text: string, runId: string): Promise<void> => {
    const file = join(bench.folder, 'script.py');
    await writeFile(file, text);
    await promisify(execFile)(
      submit,
      ['--driver-class-path', side.jdbcJar, ...flags, file, '--run-id', runId, '--instant', instant],
      { env: { ...environment, ...connections, PYTHONPATH: runtime }, cwd: bench.folder, maxBuffer: 2 ** 26 },
    );
  };
  const ways = {
    'warm worker': warm,
    'spark-submit': (text: string, id: string) => cold([], text, id),
    'spark-submit, tuned': (text: string, id: string) => cold(tuned, text, id),
  };
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  let first = 0;
  try {
    first = await timed(() => warm(edited(script, 0), 'first'));
    for (let round = 1; round <= rounds; round++) {
      for (const [name, way] of Object.entries(ways)) {
        await clearTarget(server.url);
        times.get(name)?.push(await timed(() => way(edited(script, round), `${name.replaceAll(/\W/g, '')}-${round}`)));
        await requireTarget(server.url);
      }
    }
  } finally {
    await engine.close();
  }
  report(times, first);
}

/** What the worker starts its JVM with, and what a person who wants a fast start would choose. */
const tuned = [
  ...['--master', 'local[2]', '--conf', 'spark.ui.enabled=false', '--conf', 'spark.sql.shuffle.partitions=2'],
  ...['--conf', 'spark.driver.host=127.0.0.1', '--conf', 'spark.driver.bindAddress=127.0.0.1'],
  ...['--conf', 'spark.sql.catalogImplementation=in-memory'],
  ...['--conf', 'spark.driver.defaultJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1'],
];

async function compiled({ server }: Bench): Promise<string> {
  const settings = { name: 'bench', host: server.host, port: server.port, database, user: server.user } as const;
  const postgres = await openPostgres({
    settings: { ...settings, auth: 'password', ssl: 'disable' },
    password: server.password,
  });
  try {
    const { tables, searchPath } = await loadCatalogue(postgres, new AbortController().signal);
    const specText = await readFile(join(root, 'samples', 'workspace', 'customer_totals.datamorph.json'), 'utf8');
    const { programs, problems } = await programsOf({
      specText,
      catalogue: catalogueOf(tables, searchPath),
      parser: await loadSqlParser(),
      instant,
      prepare: (sql) => postgres.prepare(sql),
    });
    if (!programs) throw new Error(JSON.stringify(problems));
    return programs.script;
  } finally {
    await postgres.close();
  }
}

/** Another plan each time, as an edit makes it. */
function edited(script: string, round: number): string {
  const text = script.replace('sum(total_amount)', `sum(total_amount + ${round} - ${round})`);
  if (text === script) throw new Error('The script has changed: there is nothing to edit in it.');
  return text;
}

async function sparkHome(python: string): Promise<string> {
  const ask = 'import os, pyspark; print(os.path.dirname(pyspark.__file__))';
  return (await promisify(execFile)(python, ['-c', ask])).stdout.trim();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

const onShop = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const address = new URL(url);
  address.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const clearTarget = (url: string): Promise<unknown> =>
  onShop(url, (client) => client.query('drop table if exists analytics.customer_totals'));

const requireTarget = (url: string): Promise<void> =>
  onShop(url, async (client) => {
    const { rows } = await client.query('select count(*)::int as rows from analytics.customer_totals');
    if (!((rows as readonly { rows: number }[])[0]?.rows ?? 0)) throw new Error('The run wrote nothing.');
  });

function report(times: ReadonlyMap<string, readonly number[]>, first: number): void {
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  for (const [name, values] of times) {
    const all = values.map((value) => value.toFixed(2)).join(' ');
    console.log(`${name.padEnd(20)} median ${middle(values).toFixed(2)} s  (${all})`);
  }
  console.log(`first run, with the worker's start: ${first.toFixed(2)} s`);
  const warm = times.get('warm worker') ?? [];
  for (const name of ['spark-submit', 'spark-submit, tuned']) {
    const ratio = middle(warm) / middle(times.get(name) ?? []);
    console.log(`warm / ${name}: ${ratio.toFixed(3)} (aim: at most ${aim})`);
  }
}

void main();
