/**
 * Faulty jobs, without Spark: the reference SQL of a spec with one fault plays the job. Whether the fault changes the rows is
 * told by counting texts of rows here, so that the comparison is judged by something else than itself.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { compare, type ComparisonRequest } from '../../src/agents/comparison.ts';
import { findDivergence, type TracedStep } from '../../src/agents/validation/divergence.ts';
import { stepProgramsOf } from '../../src/agents/validation/stepPrograms.ts';
import { isStatementFailed, type Snapshot } from '../../src/agents/validation/snapshot.ts';
import { compile, type Compiled } from '../../src/compiler/compile.ts';
import { compileExpression } from '../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../src/compiler/expressions/contract.ts';
import { fingerprintSql } from '../../src/compiler/reference/fingerprint.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { readSpec } from '../../src/spec/read.ts';
import { formatSpec } from '../../src/spec/write.ts';
import type { Spec } from '../../src/spec/spec.ts';
import { shopSql, shopTables } from '../golden/shop.ts';
import { mutationsOf } from '../support/mutations.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const folder = new URL('../golden/', import.meta.url);
const instant = '2026-02-10T12:34:56+00:00';
const collation = `template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'`;
/** Steps whose fault must be found where it is, of those that change the result. */
const located = 0.95;

interface Outcome {
  readonly name: string;
  readonly family: string;
  readonly changes: boolean;
  readonly caught: boolean;
  readonly right: boolean;
  readonly said: string;
}

describe('faults in a job', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let postgres: Postgres;
  let parser: SqlParser;
  const outcomes: Outcome[] = [];

  before(async () => {
    database = await createDatabase('faults', collation);
    await database.run(shopSql);
    postgres = await openPostgres(database.options);
    parser = await loadSqlParser();
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  function compiled(spec: Spec): Compiled {
    const { positions } = readSpec(formatSpec(spec));
    const expression = (text: string, ...rest: [never, never]) => compileExpression(text, ...rest, parser);
    return compile(
      { spec, positions, parser, catalogue: catalogueOf(shopTables), compile: expression as never },
      { instant },
    );
  }

  const inSnapshot = <T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
    snapshotsOf(postgres, parser).snapshot(work, { signal: new AbortController().signal });

  for (const file of readdirSync(folder).filter((each) => each.endsWith('.datamorph.json'))) {
    const { spec } = readSpec(readFileSync(new URL(file, folder), 'utf8'));
    if (!spec || spec.target.mode !== 'replace') continue;
    it(`are caught, and found where they are: ${spec.name}`, async () => {
      const right = compiled(spec);
      if (!right.resolved || right.reference?.sql === undefined) return;
      for (const { family, step, spec: faulty } of mutationsOf(spec)) {
        const wrong = compiled(faulty);
        if (!wrong.resolved || wrong.reference?.sql === undefined) continue;
        const outcome = await inSnapshot((snapshot) => judged(snapshot, right, wrong, step));
        if (outcome) outcomes.push({ name: spec.name, family, ...outcome });
      }
    });
  }

  async function judged(
    snapshot: Snapshot,
    right: Compiled,
    wrong: Compiled,
    step: string,
  ): Promise<Omit<Outcome, 'name' | 'family'> | undefined> {
    const [expected, actual] = [right.reference?.sql ?? '', wrong.reference?.sql ?? ''];
    let rows: readonly (readonly string[])[];
    try {
      rows = [await texts(snapshot, expected), await texts(snapshot, actual)];
    } catch (error) {
      // PostgreSQL refuses the faulty spec while it runs, as a job would fail.
      if (isStatementFailed(error)) return undefined;
      throw error;
    }
    const columns = right.resolved?.target.columns.map(({ name, type }) => ({ name, type })) ?? [];
    const request: ComparisonRequest = { table: `(${actual})`, reference: expected, columns };
    const select = <Row extends object>(sql: string): Promise<readonly Row[]> => snapshot.select<Row>(sql);
    const { missing, unexpected } = await compare({ select }, request, new AbortController().signal);
    const changes = JSON.stringify(rows[0]) !== JSON.stringify(rows[1]);
    const caught = missing + unexpected > 0;
    if (!changes || !right.resolved || !right.reference) return { changes, caught, right: true, said: '' };
    const traced = await traceOf(snapshot, wrong);
    const steps = stepProgramsOf(right.resolved, right.reference);
    const found = await findDivergence(snapshot, { steps, traced });
    const said = found.kind === 'step' ? found.step : `behind ${found.step ?? 'the sources'}`;
    return { changes, caught, right: said === step, said: `${said} instead of ${step}` };
  }

  const texts = async (snapshot: Snapshot, sql: string): Promise<readonly string[]> =>
    (await snapshot.select<{ r: string }>(`select (r.*)::text as r from (${sql}) as r`)).map(({ r }) => r).sort();

  async function traceOf(snapshot: Snapshot, { resolved, reference }: Compiled): Promise<readonly TracedStep[]> {
    const traced: TracedStep[] = [];
    for (const { step, columns } of resolved?.steps ?? []) {
      const select = reference?.steps.get(step.name);
      if (select === undefined) continue;
      const [told] = await snapshot.select<{ rows: string; fingerprint: string }>(fingerprintSql(select, columns));
      if (told) traced.push({ step: step.name, ...told, columns: columns.map(({ name }) => name) });
    }
    return traced;
  }

  it('are many, of every family, and no harmless one raises an alarm', () => {
    const changing = outcomes.filter(({ changes }) => changes);
    for (const family of [...new Set(changing.map((each) => each.family))].sort()) {
      const list = changing.filter((each) => each.family === family);
      const count = (is: (each: Outcome) => boolean): number => list.filter(is).length;
      console.log(`      ${family}: ${list.length} faults, ${count(({ caught }) => caught)} caught, ${count(({ right }) => right)} located`); // prettier-ignore
    }
    assert.deepEqual(
      changing.filter(({ caught }) => !caught),
      [],
      'every fault that changes the result is caught',
    );
    assert.deepEqual(
      outcomes.filter(({ changes, caught }) => !changes && caught),
      [],
      'what changes nothing raises no alarm',
    );
    const astray = changing.filter(({ right }) => !right);
    assert.ok(astray.length <= changing.length * (1 - located), JSON.stringify(astray, null, 1));
    assert.ok(changing.length >= 180, `${changing.length} faults`);
    console.log(`      ${outcomes.length} faulty jobs, ${changing.length} with another result, ${astray.length} located elsewhere`); // prettier-ignore
  });
});
