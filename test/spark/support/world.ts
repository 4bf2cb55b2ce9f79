/** Both engines for a suite: one warm Spark, one PostgreSQL, and the way from a spec to two results side by side. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { compile, type Compiled } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import type { Column } from '../../../src/compiler/resolved.ts';
import type { ReferenceOptions } from '../../../src/compiler/reference/reference.ts';
import { loadCatalogue } from '../../../src/services/catalogue.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { catalogueOf, type Catalogue } from '../../../src/spec/catalogue.ts';
import { parsePgType } from '../../../src/spec/pgTypes.ts';
import { readSpec } from '../../../src/spec/read.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { startSpark, type Spark } from '../../support/spark.ts';

const runtime = fileURLToPath(new URL('../../../python', import.meta.url));
/** The one instant of every run in the suites. */
export const instant = '2026-02-10T12:34:56+00:00';

export interface World {
  readonly spark: Spark;
  readonly parser: SqlParser;
  database(name: string, sql: string): Promise<Database>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const url = process.env['DATAMORPH_TEST_PG'];
  if (!url) throw new Error('DATAMORPH_TEST_PG does not say where PostgreSQL is.');
  const [spark, parser] = await Promise.all([startSpark(), loadSqlParser()]);
  const admin = new pg.Client(url);
  await admin.connect();
  const folder = mkdtempSync(join(tmpdir(), 'datamorph-spark-'));
  const databases: Database[] = [];
  return {
    spark,
    parser,
    async database(name, sql) {
      const unique = `dm_${name}_${process.pid}`;
      // Texts in the order of their code points, letters of every script: what Spark does.
      await admin.query(
        `create database ${unique} template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'`,
      );
      const database = new Database({ url, name: unique, folder, spark, parser });
      databases.push(database);
      await database.open(sql);
      return database;
    },
    async stop() {
      await spark.stop();
      for (const database of databases) await database.close();
      for (const { name } of databases) await admin.query(`drop database ${name} with (force)`);
      await admin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface DatabaseOptions {
  readonly url: string;
  readonly name: string;
  readonly folder: string;
  readonly spark: Spark;
  readonly parser: SqlParser;
}

export interface RunOptions extends ReferenceOptions {
  readonly args?: readonly string[];
  readonly runId?: string;
  readonly catalogue?: Catalogue;
}

export interface Ran {
  readonly compiled: Compiled;
  readonly stdout: string;
  readonly failure: string | null;
  readonly events: readonly Record<string, unknown>[];
}

export class Database {
  readonly name: string;
  readonly client: pg.Client;
  private readonly options: DatabaseOptions;
  private readonly address: URL;
  private scripts = 0;

  constructor(options: DatabaseOptions) {
    this.options = options;
    this.name = options.name;
    this.address = new URL(options.url);
    this.address.pathname = `/${options.name}`;
    this.client = new pg.Client(this.address.href);
  }

  async open(sql: string): Promise<void> {
    await this.client.connect();
    await this.client.query(`set timezone to 'UTC'`);
    await this.client.query(sql);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async catalogue(): Promise<Catalogue> {
    const queryAll = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
      const results = (await this.client.query({ text: sql, rowMode: 'array' })) as unknown;
      return (results as readonly pg.QueryArrayResult[]).map(({ rows }) => rows);
    };
    const { tables, searchPath, ...facts } = await loadCatalogue({ queryAll });
    return catalogueOf(tables, searchPath, facts);
  }

  async compile(text: string, options: RunOptions = {}): Promise<Compiled & { readonly spec: Spec }> {
    const { spec, positions, problems } = readSpec(text);
    if (!spec) throw new Error(`The spec is not one: ${JSON.stringify(problems)}\n${text}`);
    const { parser } = this.options;
    const catalogue = options.catalogue ?? (await this.catalogue());
    const described = new Map<string, readonly Column[]>();
    for (;;) {
      const compiled = compile(
        {
          spec,
          positions,
          catalogue,
          parser,
          described,
          compile: (expression, scope, use) => compileExpression(expression, scope, use, parser),
        },
        { instant, ...options },
      );
      const open = compiled.resolved?.steps.find(({ step }) => step.kind === 'sql' && !described.has(step.name));
      if (!open) return { ...compiled, problems: [...problems, ...compiled.problems], spec };
      described.set(open.step.name, await this.describe(compiled.reference?.steps.get(open.step.name) ?? ''));
    }
  }

  /** The columns that PostgreSQL gives a query. */
  private async describe(query: string): Promise<readonly Column[]> {
    const { fields } = await this.client.query(`select * from (${query}) as q limit 0`);
    const types = fields.map(({ dataTypeID, dataTypeModifier }) => `format_type(${dataTypeID}, ${dataTypeModifier})`);
    const { rows } = await this.client.query<{ types: string[] }>(`select array[${types.join(', ')}] as types`);
    return fields.map(({ name }, at) => ({ name, type: parsePgType(rows[0]?.types[at] ?? ''), nullable: true }));
  }

  /** Compiles the spec and runs its script against this database. */
  async run(text: string, options: RunOptions = {}): Promise<Ran> {
    const compiled = await this.compile(text, options);
    if (!compiled.pyspark) throw new Error(`The spec does not compile: ${JSON.stringify(compiled.problems, null, 2)}`);
    return { compiled, ...(await this.runScript(compiled.pyspark.text, options)) };
  }

  async runScript(script: string, options: RunOptions = {}): Promise<Omit<Ran, 'compiled'>> {
    const file = join(this.options.folder, `${this.name}_${++this.scripts}.py`);
    writeFileSync(file, script);
    const { hostname, port, username, password } = this.address;
    const { stdout, failure } = await this.options.spark.run({
      script: file,
      args: [
        '--run-id',
        options.runId ?? `run-${this.scripts}`,
        '--instant',
        options.instant ?? instant,
        ...(options.args ?? []),
      ],
      pythonPath: [runtime],
      environment: {
        DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${hostname}:${port}/${this.name}`,
        DATAMORPH_CONNECTION_DEFAULT_USER: decodeURIComponent(username),
        DATAMORPH_CONNECTION_DEFAULT_PASSWORD: decodeURIComponent(password),
      },
    });
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('datamorph: '))
      .map((line) => JSON.parse(line.slice('datamorph: '.length)) as Record<string, unknown>);
    return { stdout, failure, events };
  }

  /** The texts of a query's only row. */
  async row(query: string): Promise<readonly string[]> {
    const { rows } = await this.client.query<string[]>({ text: query, rowMode: 'array' });
    assert.equal(rows.length, 1);
    return rows[0]?.map(String) ?? [];
  }

  /** The rows that only one of two queries gives, as PostgreSQL compares them; none where both give the same multiset. */
  async difference(left: string, right: string): Promise<readonly string[]> {
    const rows = (from: string) => `select (r.*)::text as r from (${from}) as r`;
    const { rows: found } = await this.client.query<{ side: string; r: string }>(`
      with l as materialized (${rows(left)}), r as materialized (${rows(right)})
      (select 'only left' as side, * from (select * from l except all select * from r) x limit 5)
      union all
      (select 'only right', * from (select * from r except all select * from l) x limit 5)`);
    return found.map(({ side, r }) => `${side}: ${r}`);
  }
}
