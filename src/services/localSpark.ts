import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Engine, Job, JobResult, JobWatch } from '../agents/engine.ts';

export interface LocalSparkOptions {
  /** A Python that has pyspark. */
  readonly python: string;
  readonly jdbcJar: string;
  /** The folder of the job runtime. */
  readonly runtime: string;
  /** What the runtime knows each connection by; see python/datamorph/connections.py. */
  readonly connections: Readonly<Record<string, string>>;
  readonly environment: NodeJS.ProcessEnv;
}

/** Small local runs: two cores, no web page, and a JVM that starts fast rather than runs long. */
const submitArguments = (jdbcJar: string): string =>
  [
    '--master local[2]',
    `--driver-class-path ${shellQuoted(jdbcJar)}`,
    '--conf spark.ui.enabled=false',
    '--conf spark.driver.host=127.0.0.1',
    '--conf spark.driver.bindAddress=127.0.0.1',
    '--conf spark.sql.shuffle.partitions=2',
    '--conf spark.sql.catalogImplementation=in-memory',
    '--conf spark.ui.showConsoleProgress=false',
    `--conf ${shellQuoted('spark.driver.defaultJavaOptions=-Duser.timezone=UTC -XX:+UseSerialGC -XX:TieredStopAtLevel=1')}`,
    'pyspark-shell',
  ].join(' ');

/** One Spark process a run, ended with everything it started when the run is cancelled. */
export function localSpark(options: LocalSparkOptions): Engine {
  return {
    name: 'local Spark',
    run: (job, watch) => runJob(options, job, watch),
    // The process ends with the window that started it.
    attach: () =>
      Promise.resolve({ kind: 'failed', reason: 'engine', message: 'The run ended with the window that started it.' }),
  };
}

async function runJob(options: LocalSparkOptions, job: Job, watch: JobWatch): Promise<JobResult> {
  watch.signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-job-'));
  try {
    const script = join(folder, 'script.py');
    await writeFile(script, job.script);
    return await execute(options, [script, '--run-id', job.runId, '--instant', job.instant], {
      ...watch,
      folder,
      script,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place extends JobWatch {
  readonly folder: string;
  readonly script: string;
}

async function execute(options: LocalSparkOptions, args: readonly string[], place: Place): Promise<JobResult> {
  const { python, jdbcJar, runtime, connections, environment } = options;
  const child = spawn(python, args, {
    cwd: place.folder,
    // Its own process group, so that the JVM and the Python workers end with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      ...connections,
      PYSPARK_PYTHON: python,
      PYSPARK_SUBMIT_ARGS: submitArguments(jdbcJar),
      PYTHONPATH: [runtime, environment['PYTHONPATH']].filter(Boolean).join(delimiter),
      PYTHONUNBUFFERED: '1',
    },
  });
  const stop = (): void => {
    endGroup(child.pid);
  };
  place.signal.addEventListener('abort', stop, { once: true });
  // Between the last look at the signal and the start of the process it may have been aborted.
  if (place.signal.aborted) stop();
  const reading = Promise.all([readLines(child.stdout, place.onOutput), readLines(child.stderr, place.onOutput)]);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [out, err] = await reading;
    place.signal.throwIfAborted();
    return code === 0 ? { kind: 'succeeded' } : failureOf({ out, err, code, script: place.script });
  } finally {
    place.signal.removeEventListener('abort', stop);
    stop();
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Everything in the group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** How much of the end of an output is kept to find the failure in. */
const keptLines = 400;

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<readonly string[]> {
  const last: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    last.push(line);
    if (last.length > keptLines) last.shift();
    onLine(line);
  }
  return last;
}

interface Ended {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly code: number | null;
  readonly script: string;
}

/** The runtime's own report says what failed; the traceback says in which line of the script. */
export function failureOf({ out, err, code, script }: Ended): JobResult {
  const line = lastScriptLine(err, script);
  const message = reportedError(out) ?? err.findLast((each) => /^\w[\w.]*(Error|Exception)\b/.test(each));
  return {
    kind: 'failed',
    reason: 'script',
    message: message ?? `The job ended with status ${code ?? 'unknown'} and said nothing more.`,
    ...(line === undefined ? {} : { line }),
  };
}

function lastScriptLine(lines: readonly string[], script: string): number | undefined {
  const places = lines.map((each) => /^\s*File "(.+)", line (\d+)/.exec(each)).filter((each) => each?.[1] === script);
  const found = places.at(-1)?.[2];
  return found === undefined ? undefined : Number(found);
}

function reportedError(lines: readonly string[]): string | undefined {
  const text = lines.findLast((each) => each.startsWith('datamorph: ') && each.includes('"event": "error"'));
  if (text === undefined) return undefined;
  const { message } = JSON.parse(text.slice('datamorph: '.length)) as { readonly message?: unknown };
  return typeof message === 'string' ? message : undefined;
}

/** PySpark splits these arguments as a shell would. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
