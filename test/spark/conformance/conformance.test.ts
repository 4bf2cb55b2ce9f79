/** Every example of the function table, over every row of the pool, in a real PostgreSQL and a real Spark. */
import assert from 'node:assert/strict';
import { writeFileSync, readFileSync } from 'node:fs';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import {
  runInstant,
  type CompiledExpression,
  type Scope,
  type SqlParser,
} from '../../../src/compiler/expressions/contract.ts';
import { formatType, sparkType } from '../../../src/compiler/expressions/types.ts';
import { decimalOf } from '../../../src/compiler/expressions/decimals.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { startSpark, type Spark, type SparkOutcome } from '../../support/spark.ts';
import { subjects, type Subject } from './cases.ts';
import { verdict, type Verdict } from './compare.ts';
import { documentation, type Measured } from './document.ts';
import { pool, rowCount, valueAt } from './pools.ts';
import { PostgresSide, type Answer, type Mode } from './postgresSide.ts';

const scope: Scope = {
  columns: pool.map(({ name, type }) => ({ name, type, nullable: name !== 'id' && name !== '_group' })),
};
/** An expression that fails for half of the rows proves no more than one that fails for a few. */
const confirmedErrors = 1;
/** Each way of evaluating with each family of examples that has some. */
const kinds = [
  ...new Map(subjects().map(({ mode, family }) => [`${mode} ${family}`, [mode, family] as const])).values(),
];
const page = new URL('../../../docs/expressions.md', import.meta.url);

interface Case {
  readonly subject: Subject;
  readonly text: string;
  readonly expression: CompiledExpression;
}

/** A family's expressions, with PostgreSQL's answers on their way. */
interface Family {
  readonly cases: readonly Case[];
  readonly refused: readonly string[];
  readonly expected: Promise<readonly (readonly Answer[])[]>;
}

describe('Expressions in PostgreSQL and in Spark', function () {
  this.timeout(900_000);
  let spark: Spark;
  let postgres: PostgresSide;
  let families: readonly Family[];
  const measured: Measured[] = [];

  before(async () => {
    const [started, side, parser] = await Promise.all([startSpark(), PostgresSide.start(), loadSqlParser()]);
    [spark, postgres] = [started, side];
    families = ahead(side, parser);
  });

  /** PostgreSQL works on the families one after the other, ahead of Spark. */
  function ahead(side: PostgresSide, parser: SqlParser): readonly Family[] {
    let before: Promise<unknown> = Promise.resolve();
    return kinds.map(([mode, family]) => {
      const refused: string[] = [];
      const cases = subjects()
        .filter((subject) => subject.mode === mode && subject.family === family)
        .flatMap((subject) => subject.examples.map((text) => compile(subject, text, { parser, refused })))
        .filter((one) => one !== undefined);
      const texts = cases.map(({ text }) => text);
      const expected = before.then(() => side.evaluate(texts, mode));
      // A failure is told by the family that waits for it.
      before = expected.catch(() => undefined);
      return { cases, refused, expected };
    });
  }

  after(async () => {
    await Promise.all([spark.stop(), postgres.stop()]);
  });

  for (const [at, [mode, family]] of kinds.entries()) {
    it(`agree on every ${mode} example of ${family}`, async () => {
      const prepared = families[at];
      assert.ok(prepared);
      const { cases, refused } = prepared;
      const expected = await prepared.expected;
      const results = await compareAll({ cases, mode, expected }, { spark, instant: postgres.instant });
      measured.push(...results.measured);
      const failures = [...refused, ...results.failures];
      const shown = failures.slice(0, Number(process.env.DATAMORPH_SHOW ?? 40));
      assert.equal(failures.length, 0, `${failures.length} cases differ:\n\n${shown.join('\n\n')}`);
    });
  }

  it('are at least 2,500 cases', () => {
    const total = measured.reduce((sum, { cases }) => sum + cases, 0);
    assert.ok(total >= 2500, `${total} cases`);
  });

  it('are documented with what was measured', () => {
    const text = documentation(measured);
    if (process.env.DATAMORPH_ACCEPT === '1') writeFileSync(page, text);
    assert.equal(readFileSync(page, 'utf8'), text);
  });
});

function compile(
  subject: Subject,
  text: string,
  { parser, refused }: { parser: SqlParser; refused: string[] },
): Case | undefined {
  const { expression, problems } = compileExpression(text, scope, subject.mode, parser);
  if (expression) return { subject, text, expression };
  refused.push(`${text}   [${subject.title}]\n  is refused: ${problems.map(({ message }) => message).join(' ')}`);
  return undefined;
}

interface Compared {
  readonly cases: readonly Case[];
  readonly mode: Mode;
  readonly expected: readonly (readonly Answer[])[];
}

async function compareAll(
  { cases, mode, expected }: Compared,
  side: { readonly spark: Spark; readonly instant: string },
): Promise<{ failures: string[]; measured: Measured[] }> {
  const { spark } = side;
  const instant = `timestamp'${side.instant}'`;
  const answers = [];
  const batch = 40;
  for (let start = 0; start < cases.length; start += batch) {
    const some = cases.slice(start, start + batch);
    answers.push(
      ...(await spark.evaluate({
        columns: pool.map((column) => ({ name: column.name, type: sparkType(column.type, decimalOf(column.type)) })),
        rows: Array.from({ length: rowCount }, (_, row) => pool.map((column) => valueAt(column, row))),
        expressions: some.map(({ expression }) => expression.spark.replaceAll(runInstant, instant)),
        mode,
        functions: [...new Set(some.flatMap(({ expression }) => expression.runtimeFunctions))],
        confirm: confirmedErrors,
        failing: some.map((_, index) => failingParts(expected[start + index] ?? [])),
      })),
    );
  }
  const failures: string[] = [];
  const counts = new Map<Subject, Record<Verdict, number>>();
  for (const [index, one] of cases.entries()) {
    const answer = answers[index];
    const tally = counts.get(one.subject) ?? { equal: 0, 'error in both': 0, stricter: 0, different: 0 };
    counts.set(one.subject, tally);
    const pairs = pair(mode, expected[index] ?? [], answer?.values ?? []);
    if (answer?.type && answer.type !== one.expression.sparkType)
      failures.push(
        `${one.text}\n  Spark's type is ${answer.type}, not ${one.expression.sparkType}: ${one.expression.spark}`,
      );
    for (const [part, [left, right]] of pairs.entries()) {
      if ('skipped' in right) continue;
      const tolerance = mode !== 'row' && /float8|double/.test(one.expression.sparkType) ? 1e-12 : 0;
      const type = formatType(one.expression.type).replace(/\(.*?\)/, '');
      const isType = 'error' in left || left.type === type;
      const result = isType
        ? verdict(left, right, one.expression, { stricter: one.subject.stricter === true, tolerance })
        : 'different';
      tally[result]++;
      if (result === 'different') failures.push(report(one, mode, { part, left, right }));
    }
  }
  const results = [...counts].map(([subject, tally]): Measured => ({
    subject,
    cases: Object.values(tally).reduce((sum, count) => sum + count, 0),
    errors: tally['error in both'],
    stricter: tally.stricter,
    different: tally.different,
  }));
  return { failures, measured: results };
}

const failingParts = (answers: readonly Answer[]): number[] =>
  answers.flatMap((answer, part) => ('error' in answer ? [part] : []));

type Pair = readonly [Answer, SparkOutcome];
/** A window's rows come from PostgreSQL in one answer. */
function pair(mode: Mode, left: readonly Answer[], right: readonly SparkOutcome[]): readonly Pair[] {
  const [whole] = left;
  const rows: readonly Answer[] =
    mode !== 'window' || !whole || 'error' in whole
      ? left
      : (JSON.parse(whole.text ?? '[]') as (string | null)[]).map((text) => ({ text, type: whole.type }));
  return right.map((answer, index) => [
    rows[mode === 'window' && rows.length === 1 ? 0 : index] ?? { error: 'no row' },
    answer,
  ]);
}

function report(
  { subject, text, expression }: Case,
  mode: Mode,
  { part, left, right }: { part: number; left: Answer; right: SparkOutcome },
): string {
  const inputs =
    mode === 'row'
      ? expression.reads.map(({ name }) => `${name} = ${JSON.stringify(cell(name, part))}`).join(', ')
      : `${mode} ${part}`;
  return [
    `${text}   [${subject.title}]`,
    `  with ${inputs}`,
    `  PostgreSQL: ${JSON.stringify(left)}`,
    `  Spark:      ${JSON.stringify(right)} (as ${formatType(expression.type)})`,
    `  as          ${expression.spark}`,
  ].join('\n');
}

function cell(name: string, row: number): string | null {
  const column = pool.find((candidate) => candidate.name === name);
  return column ? valueAt(column, row) : null;
}
