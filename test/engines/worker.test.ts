import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { JobProgress, JobResult, JobWatch } from '../../src/agents/engine.ts';
import type { LocalSpark } from '../../src/services/localSpark.ts';
import { createDatabase, dropDatabase, withClient } from '../support/postgres.ts';
import { variablesOf } from './connections.ts';
import { childrenOf } from './processes.ts';
import { sparkHere } from './sparkHere.ts';

/** How often a script is stopped at a random moment of its run. */
const moments = 20;
const java = /\bjava\b.*\bpyspark-shell\b/;
const start = 'from datamorph import Job\njob = Job.start("worker")\nspark = job.spark\n';

interface Ended {
  readonly result: JobResult;
  readonly lines: readonly string[];
}

async function runOn(engine: LocalSpark, script: string, watch: Partial<JobWatch> = {}): Promise<Ended> {
  const lines: string[] = [];
  const job = { runId: randomBytes(6).toString('hex'), instant: '2026-01-01T00:00:00Z', script };
  const result = await engine.run(job, {
    signal: new AbortController().signal,
    ...watch,
    onOutput: (line) => {
      lines.push(line);
      watch.onOutput?.(line);
    },
  });
  return { result, lines };
}

const ended = ({ result, lines }: Ended): string => JSON.stringify({ result, lines }, null, 1);

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'what was waited for has come in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the warm worker of local Spark', function () {
  this.timeout(120_000);
  const database = `worker_${randomBytes(4).toString('hex')}`;
  let url: string;
  let engine: LocalSpark;

  before(async () => {
    url = await createDatabase(database);
    await withClient(url, (client) => client.query('create table rows as select n from generate_series(1, 10) n'));
    engine = sparkHere({ connections: variablesOf(url) });
  });
  after(async () => {
    await engine.close();
    await dropDatabase(database);
  });

  const run = (script: string, watch: Partial<JobWatch> = {}): Promise<Ended> => runOn(engine, script, watch);
  const succeeds = async (script: string): Promise<string> => {
    const end = await run(script);
    assert.equal(end.result.kind, 'succeeded', ended(end));
    return end.lines.at(-1) ?? '';
  };
  const jvms = (): Promise<readonly number[]> => childrenOf(process.pid, java);

  it('is started ahead, and re-used', async () => {
    await engine.prepare();
    const before = await jvms();
    assert.equal(before.length, 1);
    await succeeds(`${start}spark.range(3).count()`);
    await succeeds(`${start}spark.range(3).count()`);
    assert.deepEqual(await jvms(), before);
  });

  it('shows no script what another has left behind', async () => {
    await succeeds(`
import builtins, os, sys
${start}
spark.range(3).createOrReplaceTempView("left_view")
spark.range(3).createOrReplaceGlobalTempView("left_global")
spark.sql("create table left_table using parquet as select 1 as one")
spark.sql("create database left_database")
spark.udf.register("left_function", lambda: 1)
spark.conf.set("spark.sql.shuffle.partitions", "7")
spark.conf.set("left.setting", "here")
spark.range(3).cache().count()
os.environ["LEFT"] = "here"
os.chdir("/")
sys.path.append("/left")
sys.modules["left"] = sys
builtins.left = 1
sys.setrecursionlimit(5000)
`);
    const seen = await succeeds(`
import json, os, sys
${start}
print(json.dumps({
    "views": [table.name for table in spark.catalog.listTables()],
    "global": [table.name for table in spark.catalog.listTables("global_temp") if not table.isTemporary or table.namespace],
    "databases": [found.name for found in spark.catalog.listDatabases()],
    "function": spark.catalog.functionExists("left_function"),
    "table": spark.sql("create table left_table using parquet as select 2 as two").count() == 0 and spark.table("left_table").columns,
    "partitions": spark.conf.get("spark.sql.shuffle.partitions"),
    "setting": spark.conf.get("left.setting", None),
    "environment": os.environ.get("LEFT"),
    "path": "/left" in sys.path,
    "module": "left" in sys.modules,
    "builtin": hasattr(__builtins__, "left"),
    "recursion": sys.getrecursionlimit(),
    "folder": os.path.basename(os.getcwd()).startswith("datamorph-job-"),
    "name": __name__,
    "arguments": sys.argv[1],
    "secret": "PYSPARK_GATEWAY_SECRET" in os.environ,
}))`);
    assert.deepEqual(JSON.parse(seen), {
      views: [],
      global: [],
      databases: ['default'],
      function: false,
      table: ['two'],
      partitions: '2',
      setting: null,
      environment: null,
      path: false,
      module: false,
      builtin: false,
      recursion: 1000,
      folder: true,
      name: '__main__',
      arguments: '--run-id',
      secret: false,
    });
  });

  it('keeps what a function did to its own process from the functions of another script', async () => {
    const script = `${start}from pyspark.sql import functions as F

def look(_):
    import builtins
    seen = getattr(builtins, "left_by", "nobody")
    builtins.left_by = "somebody"
    return seen

print([row[0] for row in spark.range(2).select(F.udf(look)("id")).collect()])`;
    assert.equal(await succeeds(script), "['nobody', 'nobody']");
    assert.equal(await succeeds(script), "['nobody', 'nobody']");
  });

  it('gives a script its own session by every way there is to ask for one', async () => {
    const seen = await succeeds(`
from pyspark import SparkConf
from pyspark.context import SparkContext
from pyspark.sql import SparkSession
context = SparkContext(conf=SparkConf().setAppName("mine").setMaster("local[7]"))
session = SparkSession.builder.getOrCreate()
session.range(1).createOrReplaceTempView("mine")
same = [SparkSession.builder.config("a.b", "c").getOrCreate(), SparkSession(context), SparkSession.getActiveSession(), SparkSession.active()]
counts = [other.table("mine").count() for other in same]
other = session.newSession()
fresh = [table.name for table in other.catalog.listTables()]
session.stop()
again = SparkSession.builder.getOrCreate()
print(counts, fresh, [table.name for table in again.catalog.listTables()], again.range(3).count(), session.conf is again.conf)
`);
    assert.equal(seen, '[1, 1, 1, 1] [] [] 3 False');
  });

  describe('is not harmed', () => {
    /** Ends as it says, while another script goes on and comes to its good end. */
    async function besides(script: string, expected: Partial<Record<string, unknown>>): Promise<void> {
      const before = await jvms();
      let harm: Promise<Ended> | undefined;
      const bystander = await run(
        `import time\n${start}print("ready", flush=True)
for _ in range(20):
    assert spark.range(100).count() == 100
    time.sleep(0.05)
`,
        { onOutput: (line) => { if (line === 'ready') harm = run(script); } }, // prettier-ignore
      );
      assert.ok(harm, ended(bystander));
      assert.equal(bystander.result.kind, 'succeeded', ended(bystander));
      const end = await harm;
      for (const [key, value] of Object.entries(expected)) {
        const found = (end.result as unknown as Record<string, unknown>)[key];
        if (value instanceof RegExp) assert.match(String(found), value);
        else assert.equal(found, value, ended(end));
      }
      assert.deepEqual(await jvms(), before, 'the JVM is the same');
    }

    it('by spark.stop()', () =>
      besides(`${start}spark.range(3).count()\nspark.stop()\nprint("over")`, { kind: 'succeeded' }));

    it('by sys.exit', () => besides('import sys\nsys.exit(7)', { kind: 'failed', message: /status 7/ }));

    it('by os._exit', () => besides(`${start}import os\nos._exit(9)`, { kind: 'failed', message: /status 9/ }));

    it('by recursion without end', () =>
      besides('def f():\n    return f()\n\nf()', {
        kind: 'failed',
        reason: 'script',
        line: 2,
        message: /RecursionError/,
      }));

    it('by recursion that overflows the stack', () =>
      besides('import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x):\n    return repr(x)\nx = []\nfor _ in range(10 ** 6):\n    x = [x]\nf(x)', { kind: 'failed', message: /ended by SIG|RecursionError/ })); // prettier-ignore

    it('by memory that is eaten bit by bit', () =>
      besides(`${start}kept = []\nwhile True:\n    kept.append(bytearray(50_000_000))`, { kind: 'failed', reason: 'memory', line: 6 })); // prettier-ignore

    it('by memory that a function of its own eats in a worker of Spark', () =>
      besides(
        `${start}from pyspark.sql import functions as F
spark.range(1).select(F.udf(lambda x: len(bytearray(1 << 45)), "bigint")("id")).collect()`,
        { kind: 'failed', reason: 'memory' },
      ));

    it('by a process that it leaves behind', async () => {
      await besides(`import subprocess\nsubprocess.Popen(["sleep", "600.25"])`, { kind: 'succeeded' });
      await until(async () => (await childrenOf(1, /sleep 600\.25/)).length === 0);
    });
  });

  it('runs a script again, alone, when another stops Spark under both', async () => {
    let harm: Promise<Ended> | undefined;
    const bystander = await run(
      `import time\n${start}print("ready", flush=True)
for _ in range(40):
    spark.range(100).count()
    time.sleep(0.05)
print("done")
`,
      { onOutput: (line) => { if (line === 'ready') harm ??= run(`${start}spark.sparkContext._jsc.sc().stop()\nimport time\ntime.sleep(60)`); } }, // prettier-ignore
    );
    assert.equal(bystander.result.kind, 'succeeded', ended(bystander));
    assert.equal(bystander.lines.filter((line) => line === 'ready').length, 2, 'it ran twice');
    const end = await harm;
    assert.equal(end?.result.kind === 'failed' && end.result.reason, 'engine', JSON.stringify(end));
    assert.match(JSON.stringify(end?.result), /stopped the Spark context/);
  });

  it('tells stages and tasks', async () => {
    const seen: JobProgress[] = [];
    const script = `${start}import time
spark.sparkContext.parallelize(range(8), 8).map(lambda x: time.sleep(0.2)).collect()
time.sleep(0.6)`;
    await run(script, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(seen.slice(0, 3).map(({ phase }) => phase), ['waiting', 'preparing', 'starting']); // prettier-ignore
    const tasks = seen.flatMap((progress) => (progress.tasks ? [progress.tasks] : []));
    assert.ok(
      tasks.some(({ done, total }) => done > 0 && done < 8 && total === 8),
      JSON.stringify(seen),
    );
    assert.deepEqual(tasks.at(-1), { done: 8, total: 8 });
    assert.equal(seen.find(({ tasks }) => tasks)?.detail, 'stage 1 of 1');
  });

  it('ends the open transaction of a script that was killed', async () => {
    const script = `${start}from datamorph.connections import Database
database = Database(spark, job.connection(None))
database.jdbc.setAutoCommit(False)
database.run("lock table rows in access exclusive mode")
print("locked", flush=True)
import os
os._exit(1)`;
    assert.ok((await run(script)).lines.includes('locked'));
    await withClient(url, async (client) => {
      await client.query("set lock_timeout = '1ms'");
      assert.equal((await client.query('select from rows')).rowCount, 10);
    });
  });

  it('leaves old or new rows and no session, whenever a script is stopped', async () => {
    await withClient(url, (client) =>
      client.query(
        'create table source as select n from generate_series(1, 500) n; create table answer (n integer); insert into answer values (0)',
      ),
    );
    const columns = '{"n": "integer"}';
    const script = `${start}rows = job.read(table="source", columns=${columns})
job.write(rows, table="answer", mode="replace", columns=${columns})`;
    assert.equal((await run(script)).result.kind, 'succeeded');
    const from = performance.now();
    assert.equal((await run(script)).result.kind, 'succeeded');
    const whole = performance.now() - from;
    const kinds = new Set<string>();
    for (let round = 0; round < moments; round++) {
      await withClient(url, (client) => client.query('truncate answer; insert into answer values (0)'));
      // From its first moment to beyond its end, as far as one run takes as long as another.
      const signal = AbortSignal.timeout(Math.floor((whole * 1.5 * round) / moments));
      const { result } = await run(script, { signal });
      kinds.add(result.kind);
      assert.ok(['succeeded', 'cancelled'].includes(result.kind), JSON.stringify(result));
      const [found] = await withClient(
        url,
        async (client) =>
          (
            await client.query(`select (select count(*)::int from answer) as rows, (select count(*)::int from pg_stat_activity
              where application_name like 'datamorph %') as sessions`)
          ).rows as readonly { readonly rows: number; readonly sessions: number }[],
      );
      const rows = result.kind === 'succeeded' ? [500] : [1, 500];
      assert.ok(rows.includes(found?.rows ?? -1), JSON.stringify({ result, found }));
      if (result.kind === 'cancelled') assert.equal(found?.sessions, 0);
    }
    assert.ok(kinds.has('cancelled'));
  });

  it('lets two run side by side, and the third in its turn', async () => {
    const waits = `${start}print("ready", flush=True)\nimport time\ntime.sleep(600)`;
    const stop = new AbortController();
    let ready = 0;
    const reached = new Promise<void>((resolve) => {
      const count = (line: string): void => {
        if (line === 'ready' && ++ready === 2) resolve();
      };
      for (let number = 0; number < 2; number++) void run(waits, { signal: stop.signal, onOutput: count });
    });
    await reached;
    const phases: string[] = [];
    const third = run(`${start}print("third")`, { onProgress: ({ phase }) => phases.push(phase) });
    await until(() => Promise.resolve(phases.length > 0));
    assert.deepEqual(phases, ['waiting']);
    stop.abort();
    assert.equal((await third).result.kind, 'succeeded');
    assert.deepEqual(phases.slice(0, 2), ['waiting', 'preparing']);
  });
});

describe('the life of the warm worker', function () {
  this.timeout(120_000);
  const script = 'print("ran")';

  it('ends when it is idle, and leaves no folder behind', async () => {
    const engine = sparkHere({ connections: {}, limits: { idleMinutes: 0.02 } });
    assert.equal((await runOn(engine, script)).result.kind, 'succeeded');
    await until(async () => (await childrenOf(process.pid, java)).length === 0);
    await until(async () =>
      (await readdir(tmpdir())).every((name) => !name.startsWith(`datamorph-spark-${process.pid}-`)),
    );
  });

  it('ends when it is worn, and another takes over', async () => {
    const engine = sparkHere({ connections: {}, limits: { runs: 1 } });
    try {
      const seen = new Set<number>();
      for (let round = 0; round < 2; round++) {
        const look = `import os\n${start}print(spark._jvm.java.lang.ProcessHandle.current().pid())`;
        seen.add(Number((await runOn(engine, look)).lines.at(-1)));
      }
      assert.equal(seen.size, 2);
    } finally {
      await engine.close();
    }
  });

  it('says why it does not start, and starts when that is mended', async () => {
    for (const [broken, message] of [
      [{ javaHome: '/nowhere' }, /could not be started.*\/nowhere/],
      [{ python: '/nowhere/python' }, /could not be started.*ENOENT/],
    ] as const) {
      const engine = sparkHere({ connections: {}, ...broken });
      const { result } = await runOn(engine, script);
      assert.equal(result.kind === 'failed' && result.reason, 'engine', JSON.stringify(result));
      assert.match(JSON.stringify(result), message);
      await engine.close();
    }
  });

  it('ends with the process that started it, however that ends', async () => {
    const file = fileURLToPath(new URL('fixtures/window.mts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        if (text.toString().includes('ready')) resolve();
      });
      child.once('exit', () => {
        reject(new Error('It ended before it was ready.'));
      });
    });
    const below = await childrenOf(child.pid ?? 0, /datamorph_worker|\bjava\b/);
    assert.ok(below.length >= 3, 'host, JVM and script');
    child.kill('SIGKILL');
    await until(async () => {
      const alive = new Set(await childrenOf(1, /./));
      return below.every((pid) => !alive.has(pid));
    });
  });
});
