/** A PostgreSQL of the bench's own, and Python beside it: the figures of one run come from one machine at one time. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createLog } from '../../scripts/setup/log.mjs';
import { startPostgres } from '../../scripts/setup/postgres.mjs';
import { ensurePython } from '../../scripts/setup/python.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bench {
  readonly client: pg.Client;
  readonly url: URL;
  readonly python: string;
  /** Runs a Python script of bench/ and returns the JSON object that its last line is. */
  run(script: string, options: { readonly args?: readonly string[]; readonly input?: string }): Promise<unknown>;
  end(): Promise<void>;
}

export async function startBench(): Promise<Bench> {
  const log = createLog({ file: join(tmpdir(), 'datamorph-bench.log') });
  const { python, jdbcJar, env } = await ensurePython({ log });
  const server = await startPostgres({ log, settings: { max_wal_size: '8GB', shared_buffers: '1GB' } });
  const url = new URL(server.url);
  const client = new pg.Client(server.url);
  await client.connect();
  return {
    client,
    url,
    python,
    async run(script, { args = [], input = '' }) {
      const child = spawn(python, [`${root}bench/${script}`, ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: {
          ...process.env,
          ...env,
          PYTHONPATH: `${root}python`,
          DATAMORPH_BENCH_JAR: jdbcJar,
          DATAMORPH_BENCH_URL: server.url,
          DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${url.host}${url.pathname}`,
          DATAMORPH_CONNECTION_DEFAULT_USER: decodeURIComponent(url.username),
          DATAMORPH_CONNECTION_DEFAULT_PASSWORD: decodeURIComponent(url.password),
        },
      });
      child.stdin.end(input);
      let last = '';
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith('{')) last = line;
        else if (!line.startsWith('datamorph: ')) console.log(line);
      }
      if (child.exitCode === null) await once(child, 'close');
      if (child.exitCode !== 0) throw new Error(`${script} ended with status ${child.exitCode}.`);
      return JSON.parse(last) as unknown;
    },
    async end() {
      await client.end();
      await server.end();
    },
  };
}

export const hasPsql = (): boolean => {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
