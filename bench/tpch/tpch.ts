/** Compiled TPC-H against hand-written PySpark: `npx tsx bench/tpch/tpch.ts [scale] [rounds]`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../../scripts/setup/postgres.mjs';
import { ensurePython } from '../../scripts/setup/python.mjs';
import { compile } from '../../src/compiler/compile.ts';
import { compileExpression } from '../../src/compiler/expressions/compile.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { readSpec } from '../../src/spec/read.ts';
import { tableNames, tpchTables } from '../../test/spark/tpch/queries.ts';

const [scale = '1', rounds = '3'] = process.argv.slice(2);
const pythonPath = ['../../python', '../support']
  .map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
  .join(delimiter);
const log = {
  step: <T>(_: string, work: () => T): T => work(),
  info: () => undefined,
  noise: () => undefined,
  warn: console.warn,
} as unknown as Parameters<typeof startPostgres>[0]['log'];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'datamorph-tpch-'));
  // The server reads the files itself, under another account.
  chmodSync(folder, 0o755);
  const side = await ensurePython({ log });
  const server = await startPostgres({ log, settings: { shared_buffers: '1GB', max_wal_size: '8GB' } });
  try {
    execFileSync(join(dirname(side.python), 'tpchgen-cli'), ['csv', '-s', scale, '--output-dir', folder]);
    const client = new pg.Client(server.url);
    await client.connect();
    await load(client, folder);
    await writeScripts(client, folder);
    await client.end();
    const script = fileURLToPath(new URL('compare.py', import.meta.url));
    const { status } = spawnSync(side.python, [script, folder, rounds], {
      stdio: 'inherit',
      env: { ...process.env, ...side.env, ...sparkEnvironment(side.jdbcJar, server) },
    });
    process.exitCode = status ?? 1;
  } finally {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(client: pg.Client, folder: string): Promise<void> {
  await client.query(tpchTables);
  for (const table of tableNames) {
    const file = join(folder, `${table}.csv`);
    await client.query(`copy ${table} from '${file}' (format csv, header)`);
    rmSync(file);
  }
  await client.query('vacuum analyze');
}

/** As the tests do: the specs in test/spark/tpch/, compiled against the catalogue of this database. */
async function writeScripts(client: pg.Client, folder: string): Promise<void> {
  const parser = await loadSqlParser();
  const queryAll = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const results = (await client.query({ text: sql, rowMode: 'array' })) as unknown;
    return (results as readonly pg.QueryArrayResult[]).map(({ rows }) => rows);
  };
  const { tables, searchPath, ...facts } = await loadCatalogue({ queryAll });
  const catalogue = catalogueOf(tables, searchPath, facts);
  for (let number = 1; number <= 22; number++) {
    const name = `q${String(number).padStart(2, '0')}`;
    const text = readFileSync(new URL(`../../test/spark/tpch/${name}.datamorph.json`, import.meta.url), 'utf8');
    const { spec, positions } = readSpec(text);
    if (!spec) throw new Error(`${name} is not a spec.`);
    const { pyspark, problems } = compile({
      spec,
      positions,
      catalogue,
      parser,
      compile: (expression, scope, use) => compileExpression(expression, scope, use, parser),
    });
    if (!pyspark) throw new Error(`${name} does not compile: ${JSON.stringify(problems)}`);
    writeFileSync(join(folder, `${name}.py`), pyspark.text);
  }
}

function sparkEnvironment(jdbcJar: string, server: Awaited<ReturnType<typeof startPostgres>>): Record<string, string> {
  const options = [
    '--master local[2] --driver-memory 6g',
    `--driver-class-path ${jdbcJar}`,
    '--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --conf spark.driver.host=127.0.0.1',
    '--conf spark.sql.shuffle.partitions=4',
  ];
  return {
    PYTHONPATH: pythonPath,
    PYSPARK_SUBMIT_ARGS: `${options.join(' ')} pyspark-shell`,
    DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${server.host}:${server.port}/postgres`,
    DATAMORPH_CONNECTION_DEFAULT_USER: server.user,
    DATAMORPH_CONNECTION_DEFAULT_PASSWORD: server.password,
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
