/**
 * The 22 queries of TPC-H, compiled script beside hand-written Spark SQL: `npx tsx bench/tpch.ts [scale] [rounds]`.
 * Aim at scale 1: at most 1.05 times as long.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile } from '../src/compiler/compile.ts';
import { compileExpression } from '../src/compiler/expressions/compile.ts';
import { loadCatalogue } from '../src/services/catalogue.ts';
import { loadSqlParser } from '../src/services/sqlParser.ts';
import { catalogueOf, type CatalogueTable } from '../src/spec/catalogue.ts';
import { readSpec } from '../src/spec/read.ts';
import { tableNames, tpchQueries, tpchTables } from '../test/spark/tpch/queries.ts';
import { startBench, type Bench } from './support/python.ts';

async function main(): Promise<void> {
  const [scale = '1', rounds = '3'] = process.argv.slice(2);
  const bench = await startBench();
  try {
    await load(bench, scale);
    const queries = await queriesOf(bench);
    const input = JSON.stringify(queries);
    const found = (await bench.run('tpch.py', { args: [rounds], input })) as Record<string, Figures>;
    console.log(`TPC-H at scale ${scale}, medians of ${rounds} interleaved rounds`);
    for (const [number, { ratio, script, hand }] of Object.entries(found)) {
      console.log(`query ${number}: ${ratio.toFixed(2)} (${script.toFixed(1)} s, by hand ${hand.toFixed(1)} s)`);
    }
    const all = Object.values(found);
    const total = (way: 'script' | 'hand'): number => all.reduce((sum, figures) => sum + figures[way], 0);
    const ratios = all.map(({ ratio }) => ratio).sort((a, b) => a - b);
    console.log(
      `all together: ${(total('script') / total('hand')).toFixed(2)}; median ratio ${ratios[11]?.toFixed(2)}`,
    );
  } finally {
    await bench.end();
  }
}

interface Figures {
  readonly ratio: number;
  readonly script: number;
  readonly hand: number;
}

async function load({ client, python }: Bench, scale: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'datamorph-tpch-'));
  try {
    // The server reads the files itself, under another account.
    chmodSync(folder, 0o755);
    execFileSync(join(dirname(python), 'tpchgen-cli'), ['csv', '-s', scale, '--output-dir', folder]);
    await client.query(tpchTables);
    for (const table of tableNames) {
      await client.query(`copy ${table} from '${join(folder, `${table}.csv`)}' (format csv, header)`);
    }
    await client.query('vacuum analyze');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function queriesOf({ client }: Bench): Promise<readonly object[]> {
  const query = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
  const { tables, searchPath } = await loadCatalogue({ query });
  const catalogue = catalogueOf(tables, searchPath);
  const parser = await loadSqlParser();
  return tpchQueries.map((sql, index) => {
    const number = String(index + 1).padStart(2, '0');
    const text = readFileSync(new URL(`../test/spark/tpch/q${number}.datamorph.json`, import.meta.url), 'utf8');
    const { spec, positions } = readSpec(text);
    if (!spec) throw new Error(`Query ${number} is not a spec.`);
    const { pyspark, problems } = compile({
      ...{ spec, positions, catalogue, parser, described: new Map() },
      compile: (expression, scope, use) => compileExpression(expression, scope, use, parser),
    });
    if (!pyspark) throw new Error(`Query ${number} does not compile: ${JSON.stringify(problems)}`);
    const used = tables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));
    return { number, script: pyspark.text, sql, tables: Object.fromEntries(used.map(described)) };
  });
}

/** What the compiler, too, would say of the table. */
const described = ({ name, columns, rowEstimate }: CatalogueTable): readonly [string, object] => [
  name,
  {
    columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
    partitioned: (rowEstimate ?? 0) > 500_000,
  },
];

void main();
