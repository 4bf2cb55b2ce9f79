// How fast the job runtime reads and writes: `node bench/transfer/transfer.mjs [rows] [rounds]`. Needs psql on the PATH.
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/setup/postgres.mjs';
import { ensurePython } from '../../scripts/setup/python.mjs';

const [rows = '5000000', rounds = '3'] = process.argv.slice(2);
const quiet = { step: (_, work) => work(), info() {}, noise() {}, warn: console.warn };
const { python, jdbcJar, env } = await ensurePython({ log: quiet });
const server = await startPostgres({ log: quiet, settings: { shared_buffers: '1GB', max_wal_size: '8GB' } });
try {
  const { status } = spawnSync(python, [fileURLToPath(new URL('transfer.py', import.meta.url)), rows, rounds], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...env,
      PYTHONPATH: ['../../python', '../support']
        .map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
        .join(delimiter),
      PYSPARK_SUBMIT_ARGS: `--master local[2] --driver-memory 6g --jars ${jdbcJar} --driver-class-path ${jdbcJar} --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --conf spark.driver.host=127.0.0.1 pyspark-shell`,
      DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${server.host}:${server.port}/postgres`,
      DATAMORPH_CONNECTION_DEFAULT_USER: server.user,
      DATAMORPH_CONNECTION_DEFAULT_PASSWORD: server.password,
    },
  });
  process.exitCode = status ?? 1;
} finally {
  await server.end();
}
