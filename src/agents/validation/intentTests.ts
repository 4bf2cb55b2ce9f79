/** Phase 2: tests of what was asked for, and a second reading of it, both written by somebody who saw neither spec nor script. */
import { identifiers } from '../../compiler/reference/identifier.ts';
import type { Intent, IntentOutcome, IntentResult, IntentTest } from '../intentPort.ts';
import { ask, boundsFor, timeIsOver, tooCostly, usualLimits, within, type Asked, type Bounds, type IntentLimits } from './intent/bounds.ts'; // prettier-ignore
import { damagesOf } from './intent/damage.ts';
import { sampleOf, type Sample } from './intent/sample.ts';
import type { IntentSides } from './intent/sides.ts';
import { instantOf, statementOf } from './intent/statement.ts';
import { testReading } from './intent/testReading.ts';
import type { Snapshot } from './snapshot.ts';

/** The reading against what the spec says, then each test against the target and damaged copies of it, all within bounds. */
export async function testIntent(
  snapshot: Snapshot,
  { tests, reading }: Intent,
  sides: IntentSides,
  limits: IntentLimits = usualLimits,
): Promise<IntentOutcome> {
  const known = { ...sides, instant: await instantOf(snapshot, sides.instant) };
  const read = reading && (await testReading(snapshot, reading, known, limits));
  const results = tests.length === 0 ? [] : await testAll(snapshot, tests, known, limits);
  return { tests: results, ...(read && { reading: read }) };
}

/** More than this no writer is asked for. */
const mostTests = 20;
const mostCounted = 1_000_000;
const exampleCount = 5;
const longestExample = 4000;

async function testAll(
  snapshot: Snapshot,
  tests: readonly IntentTest[],
  sides: IntentSides & { readonly instant: string },
  limits: IntentLimits,
): Promise<readonly IntentResult[]> {
  const bounds = boundsFor(limits.statementMs, limits.testsMs);
  const sample = await sampleOf(snapshot, sides, bounds);
  const names = identifiers(sides.target.columns.map(({ name }) => name));
  const target = `select ${names} from ${sides.target.table} as target`;
  if (typeof sample === 'string')
    return tests.map((test) => ({ test, ...dropped(`The target cannot be read. ${sample}`) }));
  const results: IntentResult[] = [];
  for (const [at, test] of tests.entries()) {
    const work = { snapshot, sample, target, sides, limits, query: statementOf(test.query, sides.instant) };
    results.push({ test, ...(at < mostTests ? await resultOf(work, within(bounds, limits.testMs)) : tooMany) });
  }
  return results;
}

interface Work {
  readonly snapshot: Snapshot;
  readonly sample: Sample;
  /** A SELECT of the target's rows. */
  readonly target: string;
  readonly sides: IntentSides;
  readonly limits: IntentLimits;
  readonly query: string;
}

type Judgement =
  | { readonly kind: 'passed'; readonly damage: string }
  | { readonly kind: 'failed'; readonly rows: number; readonly examples: readonly string[] }
  | { readonly kind: 'dropped'; readonly reason: string };

const dropped = (reason: string): Judgement => ({ kind: 'dropped', reason });
const tooMany = dropped(`Only the first ${mostTests} tests are run.`);

async function resultOf(work: Work, bounds: Bounds): Promise<Judgement> {
  const { snapshot, target, query } = work;
  const refusal = snapshot.refusal(query);
  if (refusal !== undefined) return dropped(refusal);
  const costly = await tooCostly(snapshot, countSql(target, query), { bounds, cost: work.limits.cost });
  if (costly !== undefined) return dropped(costly);
  const found = await countOn(work, target, bounds);
  if (found.kind === 'none') return dropped(found.reason);
  const rows = countIn(found);
  const damage = await damageThatShows(work, rows, bounds);
  if (damage.kind === 'dropped') return damage;
  if (rows === 0) return { kind: 'passed', damage: damage.words };
  return { kind: 'failed', rows, examples: await examplesOf(work, bounds) };
}

/** The target is a WITH of that name, so it goes before a table that is called the same. */
const over = (target: string, query: string, select: string): string =>
  // Nothing that stands behind the query could be swallowed by a comment at its end.
  `with target as (${target})\n${select} from (\n${query}\n) as datamorph_broken`;

const countSql = (target: string, query: string): string =>
  `select count(*)::integer as rows from (${over(target, query, 'select')} limit ${mostCounted}) as counted`;

const countOn = (
  { snapshot, query }: Work,
  target: string,
  bounds: Bounds,
): Promise<Asked<{ readonly rows: number }>> => ask(snapshot, countSql(target, query), bounds);

const countIn = ({ rows }: Extract<Awaited<ReturnType<typeof countOn>>, { kind: 'rows' }>): number =>
  rows[0]?.rows ?? 0;

type Shown = { readonly kind: 'shown'; readonly words: string } | Extract<Judgement, { kind: 'dropped' }>;

/** The first damaged copy of which the test says something else than of the target: one that says always the same says nothing. */
async function damageThatShows(work: Work, rows: number, bounds: Bounds): Promise<Shown> {
  const { sample, sides, query } = work;
  const copyOf = sample.cut ? `a copy of the first ${sample.count} rows: ` : 'a copy: ';
  const damages = damagesOf(sample.rows, sides.target.columns, query);
  const copies = sample.cut ? [{ words: 'nothing else', rows: sample.rows }, ...damages] : damages;
  for (const { words, rows: damaged } of copies) {
    const found = await countOn(work, damaged, bounds);
    if (found.kind === 'none' && found.reason === timeIsOver) return { kind: 'dropped', reason: notInTime };
    if (found.kind === 'rows' && countIn(found) !== rows) return { kind: 'shown', words: `${copyOf}${words}` };
  }
  const says = rows === 0 ? 'finds nothing wrong with' : 'says the same of';
  return {
    kind: 'dropped',
    reason: `It ${says} any of ${copies.length} damaged copies of the target: it does not test the target.`,
  };
}

const notInTime = 'In the time that there is, no damaged copy was found on which it fails.';

async function examplesOf({ snapshot, target, query }: Work, bounds: Bounds): Promise<readonly string[]> {
  const rows = over(target, query, 'select to_jsonb(datamorph_broken)::text as row');
  const sql = `select row from (${rows}) as found where length(row) <= ${longestExample} limit ${exampleCount}`;
  const asked = await ask<{ readonly row: string }>(snapshot, sql, bounds);
  return asked.kind === 'rows' ? asked.rows.map(({ row }) => row) : [];
}
