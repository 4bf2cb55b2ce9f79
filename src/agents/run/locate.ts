/** Looks for the step in which the rows went wrong, by running the same script once more, traced and without writing. */
import type { Job, KeptStep } from '../engine.ts';
import { JobReports } from '../jobReports.ts';
import type { Stage } from '../ports.ts';
import { maskChanges } from '../personalData/maskChanges.ts';
import { createMasker } from '../personalData/masker.ts';
import { maskRow } from '../personalData/maskRow.ts';
import { maskedVerdict } from '../report/masked.ts';
import { findChanges, type Changes } from '../validation/changes.ts';
import { columnsOf, findDivergence, type Divergence, type TracedStep } from '../validation/divergence.ts';
import { withDivergence, withEvidence, type Cause } from '../validation/findings.ts';
import { placeIn } from '../validation/scriptPlace.ts';
import type { Snapshot, Snapshots } from '../validation/snapshot.ts';
import type { StepProgram } from '../validation/stepPrograms.ts';
import type { Verdict } from '../verdict.ts';
import { identifier, tableIdentifier } from '../../compiler/reference/identifier.ts';
import { formatPgType } from '../../spec/pgTypes.ts';
import { parseTableName } from '../../spec/tableName.ts';
import { programsIn, specIn, type Step, type StepContext } from './context.ts';
import type { RunEvent } from './events.ts';
import { liveAttempts, withEvent, type Attempt } from './record.ts';
import { keepReports } from './reports.ts';

const noTrace = 'The script traces no step any more: its call of `job.trace` is gone.';

export const locate: Step = async (context) => {
  const { record, catalogue, ports, signal } = context;
  const { verdict } = record;
  const attempt = liveAttempts(record).at(-1);
  if (!verdict || !attempt || !ports.snapshots) throw new Error('There is nothing to be located, or no way to do it.');
  const looked = { context, attempt, verdict, snapshots: ports.snapshots };
  const traced = await runAgain(looked, 'trace', { trace: true });
  if (typeof traced === 'string') return told(looked, undefined, { evidence: [traced] });
  if (traced.length === 0) return told(looked, undefined, { evidence: [noTrace] });
  const { steps = [] } = await ports.compile(specIn(context), await catalogue(signal), record.order.instant);
  const divergence = await inSnapshot(looked, (snapshot) => findDivergence(snapshot, { steps, traced }));
  const seen = { divergence, steps, traced };
  const changes = divergence.kind === 'step' ? await changesAt(looked, { ...seen, step: divergence.step }) : undefined;
  const lines = linesOf(looked, seen);
  return told(looked, { ...divergence, ...(changes && { changes }), ...(lines && { lines }) }, causeOf(looked, seen));
};

interface Looked {
  readonly context: StepContext;
  readonly attempt: Attempt;
  readonly verdict: Verdict;
  readonly snapshots: Snapshots;
}

interface Seen {
  readonly divergence: Divergence;
  readonly steps: readonly StepProgram[];
  readonly traced: readonly TracedStep[];
}

const inSnapshot = <T>({ snapshots, context }: Looked, work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  snapshots.snapshot(work, { signal: context.signal });

/** The event, and the reports once more, with the place in them. */
async function told({ context, verdict }: Looked, divergence: Divergence | undefined, cause: Cause): Promise<RunEvent> {
  const programs = programsIn(context);
  const placed = divergence ? withDivergence(verdict, divergence) : verdict;
  const whole = withEvidence(placed, cause);
  await keepReports(context, withEvent(context.record, { kind: 'validated', verdict: whole }));
  return {
    kind: 'located',
    ...(divergence && { divergence }),
    verdict: maskedVerdict(whole, programs.target.columns),
  };
}

/**
 * The steps that it traced, or why there are none: a second run that fails leaves the verdict as it was. Its id is its own, so the
 * engine finds it again where this process dies meanwhile.
 */
async function runAgain(
  { context, attempt }: Looked,
  what: 'trace' | 'kept',
  wanted: Pick<Job, 'trace' | 'keep'>,
): Promise<readonly TracedStep[] | string> {
  const { ports, signal } = context;
  const reports = new JobReports();
  const { job, code, number } = attempt;
  const result = await ports.engine.run(
    { ...job, trace: false, ...wanted, runId: `${job.runId}-${what}`, publish: 'never', script: code.script },
    {
      signal,
      onOutput: (line) => {
        reports.add(line);
        ports.log?.write('output', { attempt: number, for: what, line });
      },
      onProgress: (progress) => ports.watch?.onProgress?.(progress),
    },
  );
  if (result.kind === 'cancelled') throw signal.reason ?? new Error('The traced run was cancelled.');
  if (result.cost) ports.jobCost?.(result.cost);
  if (result.kind === 'failed') return `The run that was to find the step failed: ${result.message}`;
  return reports.traced;
}

/** The rows that differ in a step: the job stages them, and PostgreSQL compares. Undefined where its columns cannot be staged. */
async function changesAt(
  looked: Looked,
  { step: name, steps, traced }: Seen & { readonly step: string },
): Promise<Changes | undefined> {
  const { publisher } = looked.context.ports;
  const step = steps.find((each) => each.name === name);
  const mine = traced.find((each) => each.step === name);
  const columns =
    step && mine && columnsOf(step, mine)?.map((column) => ({ name: column.name, type: formatPgType(column.type) }));
  const table = keptTable(programsIn(looked.context).publication.table);
  if (!publisher || !columns || step.sql === undefined || table === undefined) return undefined;
  const keep: KeptStep = { step: name, table, columns: columns.map((column) => [column.name, column.type] as const) };
  const stage: Stage = {
    target: { table, mode: 'replace', columns, keys: [], required: [] },
    runId: `${looked.attempt.job.runId}-kept`,
    instant: looked.attempt.job.instant,
  };
  const names = columns.map((column) => identifier(column.name)).join(', ');
  const reference = `select ${names} from (\n${step.sql}\n) as step`;
  const keys = step.keys.every((key) => columns.some((column) => column.name === key)) ? step.keys : [];
  try {
    if (typeof (await runAgain(looked, 'kept', { keep })) === 'string') return undefined;
    const rows = await publisher.rows(stage, looked.context.signal);
    if (rows === undefined) return undefined;
    const changes = await inSnapshot(looked, (snapshot) =>
      findChanges(snapshot, { table: rows, reference, columns }, keys),
    );
    // They are kept with the run.
    const masker = createMasker();
    return maskChanges(changes, (row) => maskRow(row, masker, columns));
  } finally {
    // Also after a cancellation: what was staged to be looked at waits for nobody.
    await publisher.giveUp(stage, AbortSignal.timeout(dropMs));
  }
}

const dropMs = 30_000;

/** Beside the target, where the job may make tables; no table of this name is ever made, only its staging. */
function keptTable(target: string): string | undefined {
  const name = parseTableName(target);
  return name && tableIdentifier({ ...name, name: 'datamorph_kept' });
}

function linesOf({ context, attempt }: Looked, { divergence, steps }: Seen): ReturnType<typeof placeIn> {
  const { script: compiled, sourceMap } = programsIn(context);
  const ran = { script: attempt.code.script, compiled, sourceMap, steps };
  return placeIn(ran, divergence.kind === 'step' ? divergence.step : divergence.unseen[0]);
}

function causeOf({ attempt }: Looked, { divergence, steps, traced }: Seen): Cause {
  const names = new Set(traced.map(({ step }) => step));
  const gone = steps.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  const lost = gone.length > 0 ? [`The script does not trace ${gone.join(', ')}.`] : [];
  if (divergence.kind === 'step') return { cause: 'script', evidence: lost };
  if (divergence.unseen.length > 0) return { evidence: lost };
  const again = "Run once more, the job has PostgreSQL's own rows in every step:";
  if (attempt.code.origin === 'compiled')
    return { cause: 'data', evidence: [`${again} the sources changed while the first run read them.`] };
  const both = `${again} the script writes other rows than its last step has, or the sources changed while the first run read them.`;
  return { evidence: [...lost, both] };
}
