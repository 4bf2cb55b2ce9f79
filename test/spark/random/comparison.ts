import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type Compiled } from '../../../src/compiler/compile.ts';
import { resolve, type ResolveInput } from '../../../src/compiler/resolve.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import type { Catalogue } from '../../../src/spec/catalogue.ts';
import { formatPgType } from '../../../src/spec/pgTypes.ts';
import { hasErrors, readSpec } from '../../../src/spec/read.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { instant, type Database } from '../support/world.ts';

/** A spec without a target yet: the source or step whose rows are compared. */
export interface Untargeted extends Omit<Spec, 'target'> {
  readonly from: string;
}

export interface Candidate {
  readonly spec: Spec;
  readonly compiled: Compiled;
}

export interface Failure {
  readonly candidate: Candidate;
  readonly words: string;
}

export type Made = { readonly candidate: Candidate } | { readonly refused: string };

/** Compares what the two programs of a spec give, many specs at once. */
export class Comparison {
  private readonly database: Database;
  private readonly catalogue: Catalogue;
  private readonly parser: SqlParser;

  private constructor(database: Database, catalogue: Catalogue, parser: SqlParser) {
    this.database = database;
    this.catalogue = catalogue;
    this.parser = parser;
  }

  static async open(database: Database): Promise<Comparison> {
    await database.client.query(
      'create table reference_rows (spec integer, r text[]); create table spark_rows (spec integer, r text[])',
    );
    return new Comparison(database, await database.catalogue(), await loadSqlParser());
  }

  /** The spec with every column of its last step as the target's, or why it does not compile. */
  candidate({ from, ...spec }: Untargeted): Made {
    const draft = {
      ...spec,
      target: { table: 'public.target', from, mode: 'replace', columns: [{ name: 'x', type: 'text' }] },
    };
    const input = this.input(draft as Spec);
    if (!input) return { refused: 'the shape is wrong' };
    const { target } = resolve(input);
    const columns = target.from.columns.map(({ name, type }) => {
      const written = formatPgType(type);
      return { name, type: written === 'numeric' ? 'numeric(24,6)' : written };
    });
    const whole = { ...draft, target: { ...draft.target, columns } } as Spec;
    const compiled = compile(this.input(whole) ?? input, { instant });
    const [error] = compiled.problems.filter(({ severity }) => severity === 'error');
    if (error) return { refused: `${error.code}: ${error.message}` };
    if (!compiled.pyspark || !compiled.reference?.sql) return { refused: 'there is a program missing' };
    return { candidate: { spec: whole, compiled } };
  }

  private input(spec: Spec): ResolveInput | undefined {
    const { spec: read, positions, problems } = readSpec(JSON.stringify(spec));
    if (!read || hasErrors(problems)) return undefined;
    return {
      spec: read,
      positions,
      catalogue: this.catalogue,
      parser: this.parser,
      compile: (text, scope, use) => compileExpression(text, scope, use, this.parser),
    };
  }

  async compare(candidates: readonly Candidate[]): Promise<readonly Failure[]> {
    const { client } = this.database;
    await client.query('truncate reference_rows, spark_rows');
    const inPostgres = await this.runReference(candidates);
    const inSpark = await this.runScripts(candidates);
    const { rows } = await client.query<{ spec: number; words: string }>(`
      select spec, string_agg(side || ' ' || r::text, E'\\n' order by side, r) as words from (
        (select 'only Spark:     ' as side, * from (table spark_rows except all table reference_rows) x)
        union all
        (select 'only PostgreSQL:' as side, * from (table reference_rows except all table spark_rows) x)) both_sides
      group by spec order by spec`);
    const different = new Map(rows.map(({ spec, words }) => [spec, words]));
    return candidates.flatMap((candidate, index): Failure[] => {
      const words = failureOf(inPostgres.get(index), inSpark.get(index), different.get(index));
      return words === undefined ? [] : [{ candidate, words }];
    });
  }

  private async runReference(candidates: readonly Candidate[]): Promise<ReadonlyMap<number, string>> {
    const errors = new Map<number, string>();
    for (const [index, { spec, compiled }] of candidates.entries()) {
      const texts = spec.target.columns.map(({ name }) => `"${name}"::text`).join(', ');
      try {
        await this.database.client.query(
          `insert into reference_rows select ${index}, array[${texts}] from (${compiled.reference?.sql ?? ''}) as r`,
        );
      } catch (error) {
        errors.set(index, String(error));
      }
    }
    return errors;
  }

  private async runScripts(candidates: readonly Candidate[]): Promise<ReadonlyMap<number, string>> {
    const folder = mkdtempSync(join(tmpdir(), 'datamorph-random-'));
    try {
      const scripts = Object.fromEntries(
        candidates.map(({ compiled }, index) => {
          const file = join(folder, `script_${index}.py`);
          writeFileSync(file, compiled.pyspark?.text ?? '');
          return [String(index), file];
        }),
      );
      const manifest = join(folder, 'manifest.json');
      writeFileSync(manifest, JSON.stringify(scripts));
      const support = fileURLToPath(new URL('../support', import.meta.url));
      const runner = `import sys\nsys.path.insert(0, ${JSON.stringify(support)})\nfrom batch import main\nmain(${JSON.stringify(manifest)})\n`;
      const { stdout, failure } = await this.database.runScript(runner);
      if (failure !== null) throw new Error(failure);
      return await this.keepRows(stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async keepRows(stdout: string): Promise<ReadonlyMap<number, string>> {
    const errors = new Map<number, string>();
    const rows: (readonly [number, readonly (string | null)[]])[] = [];
    for (const line of stdout.split('\n')) {
      if (line.startsWith('row ')) rows.push(JSON.parse(line.slice(4)) as (typeof rows)[number]);
      if (line.startsWith('failed ')) errors.set(...(JSON.parse(line.slice(7)) as [number, string]));
    }
    await this.database.client.query(
      `insert into spark_rows select (e->>0)::integer, array(select jsonb_array_elements_text(e->1))
       from jsonb_array_elements($1::jsonb) as e`,
      [JSON.stringify(rows)],
    );
    return errors;
  }
}

/** Both engines may refuse the same rows; only one of them must not. */
function failureOf(
  postgres: string | undefined,
  spark: string | undefined,
  rows: string | undefined,
): string | undefined {
  if (postgres !== undefined && spark !== undefined) return undefined;
  if (postgres !== undefined) return `PostgreSQL alone fails: ${postgres}`;
  if (spark !== undefined) return `Spark alone fails: ${spark}`;
  return rows;
}
