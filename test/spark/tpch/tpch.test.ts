/** All 22 queries of TPC-H as specs: what Spark writes and what the reference says equal PostgreSQL's answer to the query. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Spec } from '../../../src/spec/spec.ts';
import { startWorld, type Database, type World } from '../support/world.ts';
import { tableNames, tpchQueries, tpchTables } from './queries.ts';

const scale = '0.01';

describe(`TPC-H at scale ${scale}`, function () {
  this.timeout(180_000);
  let world: World;
  let tpch: Database;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datamorph-tpch-'));
    // The server reads the files itself, under another account.
    chmodSync(folder, 0o755);
    const python = process.env['DATAMORPH_TEST_PYTHON'] ?? '';
    execFileSync(join(dirname(python), 'tpchgen-cli'), ['csv', '-s', scale, '--output-dir', folder]);
    world = await startWorld();
    tpch = await world.database('tpch', tpchTables);
    for (const table of tableNames) {
      await tpch.client.query(`copy ${table} from '${join(folder, `${table}.csv`)}' (format csv, header)`);
    }
    await tpch.client.query('analyze');
  });
  after(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  tpchQueries.forEach((query, index) => {
    const number = String(index + 1).padStart(2, '0');
    it(`query ${number}`, async () => {
      const text = readFileSync(new URL(`q${number}.datamorph.json`, import.meta.url), 'utf8');
      const { target } = JSON.parse(text) as Spec;
      const { compiled, failure } = await tpch.run(text);
      assert.equal(failure, null, `${failure ?? ''}\n${compiled.pyspark?.text ?? ''}`);
      const names = target.columns.map(({ name }) => name).join(', ');
      const cast = target.columns.map(({ name, type }) => `cast(${name} as ${type}) as ${name}`).join(', ');
      const answer = `select ${cast} from (${query}) as answer`;
      const reference = compiled.reference?.sql ?? '';
      assert.deepEqual(await tpch.difference(`select ${names} from (${reference}) as r`, answer), [], reference);
      const script = compiled.pyspark?.text ?? '';
      assert.deepEqual(await tpch.difference(`select ${names} from ${target.table}`, answer), [], script);
    });
  });
});
