/** One Spark process kept for a whole suite, spoken to in JSON lines; the protocol stands in spark/driver.py. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type SparkValue = string | null | readonly SparkValue[];
export type SparkOutcome = { readonly value: SparkValue } | { readonly error: string } | { readonly skipped: true };

export interface SparkColumn {
  readonly name: string;
  /** Spark DDL, such as `decimal(10,2)`. */
  readonly type: string;
}

export interface EvalJob {
  readonly columns: readonly SparkColumn[];
  /** Text that Spark casts to the column's type; arrays as JSON, binary as hex. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly expressions: readonly string[];
  /** `aggregate` groups by a column that must be called `_group`. */
  readonly mode: 'row' | 'aggregate' | 'window';
  /** For each expression the rows (or groups, by position) that are expected to fail; looked for where it is left out. */
  readonly failing?: readonly (readonly number[])[];
  /** How many of them to run for each expression, the others being skipped. */
  readonly confirm?: number;
  /** Names of python/datamorph_functions/ to register first. */
  readonly functions?: readonly string[];
}

export interface EvalResult {
  /** Spark's own type; null where the expression failed everywhere. */
  readonly type: string | null;
  readonly values: readonly SparkOutcome[];
}

export interface ScriptJob {
  readonly script: string;
  readonly args?: readonly string[];
  readonly pythonPath?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Spark {
  evaluate(job: EvalJob): Promise<readonly EvalResult[]>;
  /** Executes a Python script as __main__ inside the warm session. */
  run(job: ScriptJob): Promise<{ readonly stdout: string; readonly failure: string | null }>;
  query(
    sql: string,
    functions?: readonly string[],
  ): Promise<{ readonly columns: readonly SparkColumn[]; readonly rows: readonly (readonly SparkValue[])[] }>;
  stop(): Promise<void>;
}

/** Starts the driver with the suite's Python; resolves when its session stands. */
export async function startSpark(): Promise<Spark> {
  const driver = new Driver();
  await driver.ready;
  return {
    evaluate: (job) => driver.ask('eval', job) as Promise<readonly EvalResult[]>,
    run: (job) => driver.ask('run', job) as ReturnType<Spark['run']>,
    query: (sql, functions = []) => driver.ask('query', { sql, functions }) as ReturnType<Spark['query']>,
    stop: () => driver.stop(),
  };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Driver {
  readonly ready: Promise<unknown>;
  private readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly waiting = new Map<number, Waiting>();
  private readonly ended: Promise<void>;
  private lastId = 0;
  private stderr = '';

  constructor() {
    const python = process.env['DATAMORPH_TEST_PYTHON'];
    if (!python) throw new Error('DATAMORPH_TEST_PYTHON does not name a Python that has pyspark.');
    const driver = fileURLToPath(new URL('spark/driver.py', import.meta.url));
    // Its own process group, so that the JVM and the Python workers end with it.
    this.process = spawn(python, [driver], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.ready = this.wait(0);
    this.process.stderr.on('data', (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-8000)));
    this.process.stdin.on('error', () => undefined); // a dead process is reported by 'close', with its words
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.answer(line);
    });
    this.ended = new Promise((resolve) => this.process.on('close', () => { resolve(); })); // prettier-ignore
    this.process.on('error', (error) => {
      this.fail(error.message);
    });
    this.process.on('close', (code) => {
      this.fail(`The Spark driver ended (${code}).`);
    });
    process.once('exit', () => {
      this.kill();
    });
  }

  ask(verb: string, job: object): Promise<unknown> {
    const id = ++this.lastId;
    const answer = this.wait(id);
    this.process.stdin.write(`${JSON.stringify({ id, verb, ...job })}\n`);
    return answer;
  }

  async stop(): Promise<void> {
    this.process.stdin.end();
    const patience = setTimeout(() => {
      this.kill();
    }, 10_000);
    await this.ended;
    clearTimeout(patience);
    this.kill();
  }

  private wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private answer(line: string): void {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }

  private fail(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`${reason}\n${this.stderr}`));
    this.waiting.clear();
  }

  private kill(): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
