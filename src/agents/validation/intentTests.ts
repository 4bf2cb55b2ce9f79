/** Phase 2: tests of what was asked for, and a second reading of it, both written by somebody who saw neither spec nor script. */
import { identifiers } from '../../compiler/reference/identifier.ts';
import type { Intent, IntentOutcome, IntentResult, IntentTest } from '../intentPort.ts';
import { ask, boundsFor, timeIsOver, tooCostly, usualLimits, within, type Asked, type Bounds, type IntentLimits } from './intent/bounds.ts'; // prettier-ignore
import { damagesOf, unreadable } from './intent/damage.ts';
import { refusalOf } from './intent/refusal.ts';
import { sampleOf, type Sample } from './intent/sample.ts';
import type { IntentSides } from './intent/sides.ts';
import { instantOf, statementOf } from './intent/statement.ts';
import { readingRows, testReading } from './intent/testReading.ts';
import type { Snapshot } from './snapshot.ts';

/** The reading against what the spec says, then each test against the target and damaged copies of it, all within bounds. */
export async function testIntent(
  snapshot: Snapshot,
  { tests, reading }: Intent,
  sides: IntentSides,
  limits: IntentLimits = usualLimits,
): Promise<IntentOutcome> {
  const known = { ...sides, instant: await instantOf(snapshot, sides.instant) };
  const rows = reading && (await readingRows(snapshot, reading, known, limits));
  const compared = rows && (await testReading(snapshot, rows, known, limits));
  const again = rows?.kind === 'sql' ? readingOver(rows.sql, known) : undefined;
  const results = tests.length === 0 ? [] : await testAll(snapshot, tests, { ...known, limits, again });
  return { tests: results, ...(reading && compared && { reading: { reading, ...compared } }) };
}

/** More than this no writer is asked for. */
const mostTests = 20;
const mostCounted = 1_000_000;
const exampleCount = 5;
const longestExample = 4000;

type Known = IntentSides & { readonly instant: string };

const readingOver = (sql: string, { target }: Known): string =>
  `select * from (${sql}) as reading (${identifiers(target.columns.map(({ name }) => name))})`;

interface TestSides extends Known {
  readonly limits: IntentLimits;
  /** A SELECT of the second reading's rows, as the target would have them. */
  readonly again: string | undefined;
}

async function testAll(
  snapshot: Snapshot,
  tests: readonly IntentTest[],
  sides: TestSides,
): Promise<readonly IntentResult[]> {
  const { limits } = sides;
  const bounds = boundsFor(limits.statementMs, limits.testsMs);
  const sample = await sampleOf(snapshot, sides, bounds);
  const names = identifiers(sides.target.columns.map(({ name }) => name));
  const target = `(select ${names} from ${sides.target.table} as target)`;
  if (typeof sample === 'string')
    return tests.map((test) => ({ test, ...dropped(`The target cannot be read. ${sample}`) }));
  const results: IntentResult[] = [];
  for (const [at, test] of tests.entries()) {
    const work = { snapshot, sample, target, sides, query: statementOf(test.query, sides.instant) };
    results.push({ test, ...(at < mostTests ? await resultOf(work, within(bounds, limits.testMs)) : tooMany) });
  }
  return results;
}

interface Work {
  readonly snapshot: Snapshot;
  readonly sample: Sample;
  /** A SELECT of the target's rows, in brackets. */
  readonly target: string;
  readonly sides: TestSides;
  readonly query: string;
}

type Judgement =
  | { readonly kind: 'passed'; readonly damage: string }
  | {
      readonly kind: 'failed';
      readonly rows: number;
      readonly examples: readonly string[];
      readonly onReading?: 'passes' | 'fails';
    }
  | { readonly kind: 'dropped'; readonly reason: string };

const dropped = (reason: string): Judgement => ({ kind: 'dropped', reason });
const tooMany = dropped(`Only the first ${mostTests} tests are run.`);

async function resultOf(work: Work, bounds: Bounds): Promise<Judgement> {
  const { snapshot, target, query } = work;
  const refusal = await refusalOf(snapshot, query);
  if (refusal !== undefined) return dropped(refusal);
  const costly = await tooCostly(snapshot, countSql(target, query), { bounds, cost: work.sides.limits.cost });
  if (costly !== undefined) return dropped(costly);
  const found = await countOn(work, target, bounds);
  if (found.kind === 'none') return dropped(found.reason);
  const rows = countIn(found);
  return rows === 0 ? passedOn(work, bounds) : failedWith(work, rows, bounds);
}

/** The target is a WITH of that name, so it goes before a table that is called the same. */
const over = (target: string, query: string, select: string): string =>
  // Nothing that stands behind the query could be swallowed by a comment at its end.
  `with target as ${target}\n${select} from (\n${query}\n) as datamorph_broken`;

const countSql = (target: string, query: string): string =>
  `select count(*)::integer as rows from (${over(target, query, 'select')} limit ${mostCounted}) as counted`;

const countOn = (
  { snapshot, query }: Work,
  target: string,
  bounds: Bounds,
): Promise<Asked<{ readonly rows: number }>> => ask(snapshot, countSql(target, query), bounds);

const countIn = ({ rows }: Extract<Awaited<ReturnType<typeof countOn>>, { kind: 'rows' }>): number =>
  rows[0]?.rows ?? 0;

/** The first damaged copy that it fails on: a test that passes whatever stands in the target says nothing of it. */
async function passedOn(work: Work, bounds: Bounds): Promise<Judgement> {
  const { sample, sides, query } = work;
  const copyOf = sample.cut ? `a copy of the first ${sample.count} rows: ` : 'a copy: ';
  const damages = damagesOf(sample.rows, sides.target.columns, query);
  const copies = sample.cut ? [{ words: 'nothing else', rows: sample.rows }, ...damages] : damages;
  for (const { words, rows: damaged } of copies) {
    const found = await countOn(work, `(${damaged})`, bounds);
    if (found.kind === 'none' && found.reason === timeIsOver) return dropped(notInTime);
    if (found.kind === 'rows' && countIn(found) > 0) return { kind: 'passed', damage: `${copyOf}${words}` };
  }
  return dropped(`It finds nothing wrong with any of ${copies.length} damaged copies of the target: it cannot fail.`);
}

/** What it finds counts where it reads the target at all; whether the second reading's rows pass it is told, for whoever weighs it. */
async function failedWith(work: Work, rows: number, bounds: Bounds): Promise<Judgement> {
  // Made first and as it stands, for PostgreSQL would see through it otherwise, and never read it.
  const unread = await countOn(work, `materialized (${unreadable(work.sides.target.columns)})`, bounds);
  if (unread.kind === 'rows') return dropped('It does not read the target.');
  const { again } = work.sides;
  const found = again === undefined ? undefined : await countOn(work, `(${again})`, bounds);
  const onReading = found?.kind === 'rows' ? (countIn(found) === 0 ? 'passes' : 'fails') : undefined;
  return { kind: 'failed', rows, examples: await examplesOf(work, bounds), ...(onReading && { onReading }) };
}

const notInTime = 'In the time that there is, no damaged copy was found on which it fails.';

async function examplesOf({ snapshot, target, query }: Work, bounds: Bounds): Promise<readonly string[]> {
  const rows = over(target, query, 'select to_jsonb(datamorph_broken)::text as row');
  const sql = `select row from (${rows}) as found where length(row) <= ${longestExample} limit ${exampleCount}`;
  const asked = await ask<{ readonly row: string }>(snapshot, sql, bounds);
  return asked.kind === 'rows' ? asked.rows.map(({ row }) => row) : [];
}
