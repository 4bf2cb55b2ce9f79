/**
 * Faulty jobs, without Spark: the reference SQL of a spec with one fault plays the job and writes its target. Whether the fault
 * changes the rows is told by counting texts of rows here, so that the comparison is judged by something else than itself.
 * Beside the faults go as many harmless rewrites, and the checks that a data engineer usually writes.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { compare, type ComparisonRequest } from '../../src/agents/comparison.ts';
import { findDivergence, type TracedStep } from '../../src/agents/validation/divergence.ts';
import { stepProgramsOf } from '../../src/agents/validation/stepPrograms.ts';
import type { Snapshot } from '../../src/agents/validation/snapshot.ts';
import { fingerprintSql } from '../../src/compiler/reference/fingerprint.ts';
import type { Spec } from '../../src/spec/spec.ts';
import { faultsOf } from '../support/mutations/faults.ts';
import type { Mutation } from '../support/mutations/mutation.ts';
import { familyTable, rewriteTable, type Outcome } from '../support/mutations/outcomes.ts';
import {
  jobTable,
  play,
  rightResult,
  rightTable,
  suiteAlarms,
  textsOf,
  type RightResult,
} from '../support/mutations/results.ts';
import { rewritesOf } from '../support/mutations/rewrites.ts';
import { programsOf, type Programs } from '../support/mutations/specs.ts';
import { standOf, stands, type Stand } from '../support/mutations/stand.ts';

/** Steps whose fault must be found where it is, of those that change the result. */
const located = 0.95;
describe('faults in a job', function () {
  this.timeout(120_000);
  const outcomes: Outcome[] = [];
  let checks = 0;
  let spots = 0;

  for (const [name, { specs, load }] of Object.entries(stands)) {
    describe(`on ${name}`, () => {
      let stand: Stand;
      before(async () => {
        stand = await standOf(name, load);
      });
      after(async () => {
        await stand.postgres.close();
        await stand.database.drop();
      });
      for (const spec of specs)
        it(`are caught, and found where they are: ${spec.name}`, async () => {
          const bench = await Bench.of(spec, stand);
          if (!bench) return;
          checks += bench.result.usual.length;
          spots += bench.result.spot.length;
          outcomes.push(...(await bench.judgeAll()));
        });
    });
  }

  describe('in all', () => {
    it('are many, of every family, and no harmless one raises an alarm', () => {
      const faults = outcomes.filter(({ harmless, changes }) => !harmless && changes);
      const rewrites = outcomes.filter(({ harmless }) => harmless);
      console.log(familyTable(outcomes));
      console.log(rewriteTable(outcomes));
      console.log(`${checks} usual checks, ${spots} spot tests`);
      const astray = faults.filter((each) => !each.located);
      assert.deepEqual(
        said(faults.filter(({ caught }) => !caught)),
        [],
        'every fault that changes the result is caught',
      );
      assert.deepEqual(said(outcomes.filter(({ harmless, changes, caught }) => caught && (harmless || !changes))), [], 'what changes nothing raises no alarm'); // prettier-ignore
      assert.ok(astray.length <= faults.length * (1 - located), said(astray).join('\n'));
      assert.ok(
        faults.length >= 1000 && rewrites.length >= 1000,
        `${faults.length} faults, ${rewrites.length} rewrites`,
      );
      assert.ok(new Set(faults.map(({ spec }) => spec)).size >= 40);
    });
  });
});

const said = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map((each) => `${each.spec}, ${each.family}: ${each.said}`);

/** The first so many of each family: a spec of many joins has hundreds of the same. */
function capped(mutations: readonly Mutation[]): readonly Mutation[] {
  const seen = new Map<string, number>();
  return mutations.filter(({ family }) => {
    const number = (seen.get(family) ?? 0) + 1;
    seen.set(family, number);
    return number <= ofEachFamily;
  });
}

const ofEachFamily = 4;

/** One spec, its right result, and the judging of jobs that should have given it. */
class Bench {
  readonly result: RightResult;
  private readonly right: Programs;
  private readonly spec: Spec;
  private readonly stand: Stand;
  private readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The data stands still, so the same question has the same answer. */
  private readonly known = new Map<string, Promise<readonly object[]>>();

  private constructor(spec: Spec, stand: Stand, { right, result }: { right: Programs; result: RightResult }) {
    this.spec = spec;
    this.stand = stand;
    this.right = right;
    this.result = result;
    this.columns = columnsOf(spec);
  }

  /** Undefined where the spec has no SQL of its own. */
  static async of(spec: Spec, stand: Stand): Promise<Bench | undefined> {
    const right = await programsOf(spec, stand.workshop);
    if (!right || !(await play(stand.postgres, rightTable, right.reference.sql))) return undefined;
    return new Bench(spec, stand, { right, result: await rightResult(stand.postgres, columnsOf(spec)) });
  }

  async judgeAll(): Promise<readonly Outcome[]> {
    const outcomes: (Outcome | undefined)[] = [];
    const { spec, right } = this;
    for (const fault of capped(faultsOf(spec, right.resolved))) outcomes.push(await this.judge(fault, false));
    for (const rewrite of capped(rewritesOf(spec, right.resolved))) outcomes.push(await this.judge(rewrite, true));
    return outcomes.filter((outcome) => outcome !== undefined);
  }

  private async judge(mutation: Mutation, harmless: boolean): Promise<Outcome | undefined> {
    const { stand, result, columns, spec } = this;
    const wrong = await programsOf(mutation.spec, stand.workshop);
    if (!wrong || !(await play(stand.postgres, jobTable, wrong.reference.sql))) return undefined;
    const changes = (await textsOf(stand.postgres, jobTable, columns)) !== result.texts;
    const caught = await this.inSnapshot((snapshot) => this.differs(snapshot));
    const base = { spec: spec.name, family: mutation.family, harmless, changes, caught };
    if (!changes) return { ...base, located: true, usual: false, spot: false, said: caught ? wrong.reference.sql : '' };
    const alarms = await suiteAlarms(stand.postgres, result);
    const found = await this.inSnapshot((snapshot) => this.place(snapshot, wrong));
    const right = mutation.step ?? 'behind the last step';
    return {
      ...base,
      ...alarms,
      located: found === right,
      said: `${found} instead of ${right}: ${wrong.reference.sql}`,
    };
  }

  private async differs(snapshot: Snapshot): Promise<boolean> {
    const request: ComparisonRequest = {
      table: jobTable,
      reference: `select * from ${rightTable}`,
      columns: this.columns,
    };
    const select = <Row extends object>(sql: string): Promise<readonly Row[]> => snapshot.select<Row>(sql);
    const { missing, unexpected } = await compare({ select }, request, snapshot.signal);
    return missing + unexpected > 0;
  }

  private async place(snapshot: Snapshot, wrong: Programs): Promise<string> {
    const remembering = { ...snapshot, select: <Row extends object>(sql: string) => this.ask<Row>(snapshot, sql) };
    const traced = await traceOf(remembering, wrong);
    const { resolved, reference } = this.right;
    const found = await findDivergence(remembering, { steps: stepProgramsOf(resolved, reference), traced });
    if (found.kind === 'step') return found.step;
    return found.step === resolved.steps.at(-1)?.step.name
      ? 'behind the last step'
      : `behind ${found.step ?? 'the sources'}`;
  }

  private ask<Row extends object>(snapshot: Snapshot, sql: string): Promise<readonly Row[]> {
    const known = this.known.get(sql) ?? snapshot.select<Row>(sql);
    this.known.set(sql, known);
    return known as Promise<readonly Row[]>;
  }

  private readonly inSnapshot = <T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
    this.stand.snapshots.snapshot(work, { signal: new AbortController().signal });
}

const columnsOf = ({ target }: Spec): readonly { readonly name: string; readonly type: string }[] =>
  target.columns.map(({ name, type }) => ({ name, type }));

/** What the faulty job would report of its steps. */
async function traceOf(snapshot: Snapshot, { resolved, reference }: Programs): Promise<readonly TracedStep[]> {
  const traced: TracedStep[] = [];
  for (const { step, columns } of resolved.steps) {
    const select = reference.steps.get(step.name);
    if (select === undefined) continue;
    const [told] = await snapshot.select<{ rows: string; fingerprint: string }>(fingerprintSql(select, columns));
    if (told) traced.push({ step: step.name, ...told, columns: columns.map(({ name }) => name) });
  }
  return traced;
}
