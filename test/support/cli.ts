/** The built command line, run as a person runs it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd: string;
  /** A database URL; its password goes by PGPASSWORD, as a person would do it. */
  readonly database: string;
  /** Beside our own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with each line of standard error. */
  readonly onLine?: (line: string, stop: (signal?: NodeJS.Signals) => void) => void;
}

export function datamorph(
  args: readonly string[],
  { cwd, database, environment, onLine }: CliOptions,
): Promise<CliEnd> {
  const url = new URL(database);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const child = spawn(process.execPath, [cli, ...args, '--connection', url.href], {
    cwd,
    env: {
      ...process.env,
      PGPASSWORD: password,
      DATAMORPH_PYTHON: process.env['DATAMORPH_TEST_PYTHON'],
      DATAMORPH_JDBC_JAR: process.env['DATAMORPH_TEST_JDBC_JAR'],
      ...environment,
    },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    for (const line of chunk.toString().split('\n')) onLine?.(line, (signal = 'SIGINT') => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}
