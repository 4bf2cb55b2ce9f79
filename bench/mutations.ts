/**
 * The faults and harmless rewrites of test/database/mutations.test.ts as real jobs: each faulty spec is compiled to PySpark and
 * run by the warm worker of local Spark, traced, its rows staged; the product's own comparison judges them, and its search for
 * the first diverging step looks for the place. `npx tsx bench/mutations.ts [JOBS] [FAMILY]`: so many jobs, evenly over all specs
 * and families. Whether a fault changes the rows is told by their texts, not by the comparison.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../scripts/setup/log.mjs';
import { startPostgres } from '../scripts/setup/postgres.mjs';
import { endAll } from '../scripts/setup/processes.mjs';
import { ensurePython } from '../scripts/setup/python.mjs';
import { compare } from '../src/agents/comparison.ts';
import type { Engine } from '../src/agents/engine.ts';
import { JobReports } from '../src/agents/jobReports.ts';
import type { Publisher, Stage } from '../src/agents/ports.ts';
import { publicationTargetOf } from '../src/agents/publicationTarget.ts';
import { findDivergence, type TracedStep } from '../src/agents/validation/divergence.ts';
import type { Snapshot } from '../src/agents/validation/snapshot.ts';
import { stepProgramsOf } from '../src/agents/validation/stepPrograms.ts';
import { localSpark } from '../src/services/localSpark.ts';
import { publisherOn } from '../src/services/publisher.ts';
import type { Spec } from '../src/spec/spec.ts';
import { faultsOf } from '../test/support/mutations/faults.ts';
import type { Mutation } from '../test/support/mutations/mutation.ts';
import { familyTable, rewriteTable, type Outcome } from '../test/support/mutations/outcomes.ts';
import { play, rightTable, textsOf } from '../test/support/mutations/results.ts';
import { rewritesOf } from '../test/support/mutations/rewrites.ts';
import { instant, programsOf, type Programs } from '../test/support/mutations/specs.ts';
import { standOf, stands, type Stand } from '../test/support/mutations/stand.ts';

const most = Number(process.argv[2] ?? 2000);
const only = process.argv[3];
const never = new AbortController().signal;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-bench-'));
  const log = createLog({ file: join(folder, 'bench.log') });
  try {
    const side = await ensurePython({ log, archive: true });
    const server = await startPostgres({ log });
    process.env['DATAMORPH_TEST_PG'] = server.url;
    process.env['DATAMORPH_TEST_PYTHON'] = side.python;
    await measure({ side, server });
  } finally {
    await endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly side: Awaited<ReturnType<typeof ensurePython>>;
  readonly server: Awaited<ReturnType<typeof startPostgres>>;
}

async function measure({ side, server }: Sides): Promise<void> {
  const outcomes: Outcome[] = [];
  const from = performance.now();
  for (const [name, { specs, load }] of Object.entries(stands)) {
    const stand = await standOf(name, load);
    const engine = localSpark({
      ...{ python: side.python, jdbcJar: side.jdbcJar, runtime: fileURLToPath(new URL('../python', import.meta.url)) },
      connections: () =>
        Promise.resolve({
          DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${server.host}:${server.port}/${stand.database.options.settings.database}?sslmode=disable`,
          DATAMORPH_CONNECTION_DEFAULT_USER: server.user,
          DATAMORPH_CONNECTION_DEFAULT_PASSWORD: server.password,
        }),
      environment: { ...process.env, ...side.env },
    });
    try {
      const share = (most * specs.length) / Object.values(stands).reduce((sum, each) => sum + each.specs.length, 0);
      for (const [at, spec] of specs.entries()) {
        outcomes.push(...(await judgeSpec(spec, { stand, engine, most: Math.ceil(share / specs.length) })));
        const seconds = ((performance.now() - from) / 1000).toFixed(0);
        console.error(`${name} ${at + 1} of ${specs.length}: ${outcomes.length} jobs, ${seconds} s`);
      }
    } finally {
      await engine.close();
      await stand.postgres.close();
      await stand.database.drop();
    }
  }
  report(outcomes, (performance.now() - from) / 1000);
}

interface Place {
  readonly stand: Stand;
  readonly engine: Engine;
  readonly most: number;
}

interface Right {
  readonly spec: Spec;
  readonly programs: Programs;
  readonly texts: string;
}

async function judgeSpec(spec: Spec, place: Place): Promise<readonly Outcome[]> {
  const { stand } = place;
  const programs = await programsOf(spec, stand.workshop);
  if (!programs?.compiled.pyspark || !(await play(stand.postgres, rightTable, programs.reference.sql))) return [];
  const right = { spec, programs, texts: await textsOf(stand.postgres, rightTable, spec.target.columns) };
  const half = Math.ceil(place.most / 2);
  const faults = evenly(faultsOf(spec, programs.resolved).filter(isWanted), half);
  const rewrites = evenly(rewritesOf(spec, programs.resolved).filter(isWanted), half);
  const jobs = [
    ...faults.map((mutation) => ({ mutation, harmless: false })),
    ...rewrites.map((mutation) => ({ mutation, harmless: true })),
  ];
  const outcomes: Outcome[] = [];
  // Two at a time, as many as the worker runs side by side.
  const work = async (): Promise<void> => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const outcome = await judge(job.mutation, job.harmless, { right, place });
      if (outcome) outcomes.push(outcome);
    }
  };
  await Promise.all([work(), work()]);
  return outcomes;
}

const isWanted = ({ family }: Mutation): boolean => only === undefined || family === only;

/** So many of the list, from all of its length. */
function evenly<T>(list: readonly T[], wanted: number): readonly T[] {
  if (list.length <= wanted) return list;
  return Array.from({ length: wanted }, (_, at) => list[Math.floor((at * list.length) / wanted)]).filter(
    (item) => item !== undefined,
  );
}

let number = 0;

/** Undefined where the faulty spec is refused, or its job fails, as it would for an engineer too. */
async function judge(
  mutation: Mutation,
  harmless: boolean,
  { right, place }: { readonly right: Right; readonly place: Place },
): Promise<Outcome | undefined> {
  const { stand, engine } = place;
  const wrong = await programsOf(mutation.spec, stand.workshop);
  if (!wrong?.compiled.pyspark) return undefined;
  const runId = `mutation-${++number}`;
  const stage: Stage = { target: publicationTargetOf(wrong.resolved.target), runId, instant };
  const reports = new JobReports();
  const job = { runId, instant, script: wrong.compiled.pyspark.text, trace: true, publish: 'later' as const };
  const result = await engine.run(job, {
    signal: never,
    onOutput: (line) => {
      reports.add(line);
    },
  });
  const publisher = publisherOn(stand.postgres);
  try {
    if (result.kind !== 'succeeded') return undefined;
    return await outcomeOf({ mutation, harmless, right, stand, publisher, stage, traced: reports.traced });
  } finally {
    await publisher.giveUp(stage, never);
  }
}

interface Judged {
  readonly mutation: Mutation;
  readonly harmless: boolean;
  readonly right: Right;
  readonly stand: Stand;
  readonly publisher: Publisher;
  readonly stage: Stage;
  readonly traced: readonly TracedStep[];
}

async function outcomeOf({ mutation, harmless, right, stand, publisher, stage, traced }: Judged): Promise<Outcome> {
  const { spec, programs } = right;
  const rows = await publisher.rows(stage, never);
  if (rows === undefined) throw new Error(`${stage.runId} staged nothing.`);
  const { columns } = spec.target;
  const changes = (await textsOf(stand.postgres, rows, columns)) !== right.texts;
  return stand.snapshots.snapshot(
    async (snapshot) => {
      const select = <Row extends object>(sql: string): Promise<readonly Row[]> => snapshot.select<Row>(sql);
      const request = { table: rows, reference: programs.reference.sql, columns };
      const { missing, unexpected } = await compare({ select }, request, snapshot.signal);
      const caught = missing + unexpected > 0;
      const said = changes ? await placeOf(snapshot, programs, traced) : '';
      const wanted = mutation.step ?? 'behind the last step';
      return {
        ...{ spec: spec.name, family: mutation.family, harmless, changes, caught, usual: false, spot: false },
        ...{ located: !changes || said === wanted, said: `${said} instead of ${wanted}` },
      };
    },
    { signal: never },
  );
}

async function placeOf(snapshot: Snapshot, { resolved, reference }: Programs, traced: readonly TracedStep[]) {
  const found = await findDivergence(snapshot, { steps: stepProgramsOf(resolved, reference), traced });
  if (found.kind === 'step') return found.step;
  const last = resolved.steps.at(-1)?.step.name;
  return found.step === last ? 'behind the last step' : `behind ${found.step ?? 'the sources'}`;
}

function report(outcomes: readonly Outcome[], seconds: number): void {
  console.log(familyTable(outcomes));
  console.log(`\n${rewriteTable(outcomes)}`);
  const wrong = outcomes.filter(({ harmless, changes, caught, located }) =>
    changes && !harmless ? !caught || !located : caught,
  );
  for (const { spec, family, caught, changes, said } of wrong) {
    console.log(
      `${spec}, ${family}: ${changes ? 'other rows' : 'the same rows'}, ${caught ? 'caught' : 'not caught'}, ${said}`,
    );
  }
  console.log(`${outcomes.length} jobs in ${seconds.toFixed(0)} s`);
}

void main();
