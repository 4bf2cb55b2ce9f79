import { measured, programsIn, specIn, type Step, type StepContext } from './context.ts';
import { faultIn, liveAttempts } from './record.ts';
import { comparisonValidator } from '../comparisonValidator.ts';
import type { Publisher, RemedyRequest, Stage, ValidationRequest } from '../ports.ts';
import { reportsOf } from '../report.ts';
import { maskedVerdict } from '../report/masked.ts';
import type { PhaseResult } from '../verdict.ts';

/** Fetches the target and judges it. The reports show examples; the journal holds them masked as well. */
export const validate: Step = async (context) => {
  const { ports, signal } = context;
  const programs = programsIn(context);
  const validator = ports.validator ?? comparisonValidator(ports.database);
  const onPhase = (result: PhaseResult): Promise<void> => context.note({ kind: 'phase', result });
  const verdict = await validator.validate(await requestOf(context), { signal, onPhase });
  signal.throwIfAborted();
  for (const [name, text] of reportsOf(verdict, programs)) await ports.journal.keep(name, text);
  return { kind: 'validated', verdict: maskedVerdict(verdict, programs.target.columns) };
};

/** Looks for the step in which the rows went wrong, by a second run of the same job that is traced and writes nothing. */
export const locate: Step = ({ record }) => {
  if (!record.verdict) throw new Error('There is no verdict yet.');
  return Promise.resolve({ kind: 'located', verdict: record.verdict });
};

export const remediate: Step = async (context) => {
  const { record, ports, signal } = context;
  const { remediator } = ports;
  const { code, rounds, order } = record;
  const fault = faultIn(record);
  if (!remediator || !fault || !code) throw new Error('There is nothing to be mended, or nobody to do it.');
  const request: RemedyRequest = {
    specText: specIn(context),
    ...(order.prompt === undefined ? {} : { prompt: order.prompt }),
    ...(record.answers.length + record.settled.length > 0 && { answers: [...record.answers, ...record.settled] }),
    catalogue: await context.catalogue(signal),
    programs: programsIn(context),
    ...{ code, fault, rounds },
  };
  const { value: remedy, spent } = await measured(ports, () => remediator.remedy(request, signal));
  signal.throwIfAborted();
  if ('diff' in remedy) await ports.journal.keep(`round-${rounds.length + 1}.diff`, remedy.diff);
  return { kind: 'remedied', remedy, ...(spent && { spent }) };
};

async function requestOf(context: StepContext): Promise<ValidationRequest> {
  const { order, answers, checked } = context.record;
  const programs = programsIn(context);
  const staged = await stagedRows(context);
  return {
    specText: specIn(context),
    ...(order.prompt === undefined ? {} : { prompt: order.prompt }),
    ...(answers.length > 0 && { answers }),
    catalogue: await context.catalogue(context.signal),
    problems: checked?.problems ?? [],
    programs,
    rows: staged ?? programs.target.table,
    ownRows: staged !== undefined,
    ...(order.skip && { skip: order.skip }),
  };
}

function stagedRows(context: StepContext): Promise<string | undefined> {
  if (liveAttempts(context.record).at(-1)?.job.publish !== 'later') return Promise.resolve(undefined);
  return publisherIn(context).rows(stageOf(context), context.signal);
}

/**
 * Makes the rows visible that were found right. A publication whose answer was lost left nothing staged: whether it came to
 * its end is then told by the target.
 */
export const publish: Step = async (context) => {
  const { ports, signal } = context;
  const publisher = publisherIn(context);
  const stage = stageOf(context);
  const waits = (await publisher.rows(stage, signal)) !== undefined;
  if (!waits && (await isThere(context))) return { kind: 'published', rows: 0, repeated: true };
  const { rows, repeated } = await publisher.publish(stage, signal);
  ports.log?.write('published', { table: stage.target.table, rows, repeated });
  return { kind: 'published', rows, repeated };
};

async function isThere({ ports, signal, ...context }: StepContext): Promise<boolean> {
  const programs = programsIn(context);
  if (programs.target.mode !== 'replace') return false;
  const request = { specText: specIn(context), programs, rows: programs.target.table, ownRows: false };
  return (await comparisonValidator(ports.database).validate(request, { signal })).kind === 'passed';
}

export const giveUp: Step = async (context) => {
  await publisherIn(context).giveUp(stageOf(context), context.signal);
  return { kind: 'gaveUp' };
};

/** From here on the next run reads what came after this one. */
export const remember: Step = async (context) => {
  const { record, ports } = context;
  const marks = liveAttempts(record).at(-1)?.outcome?.marks ?? {};
  await ports.marks?.keep(programsIn(context).target.table, marks);
  return { kind: 'remembered' };
};

function publisherIn({ ports }: StepContext): Publisher {
  if (!ports.publisher) throw new Error('Nobody is there who could publish the rows later.');
  return ports.publisher;
}

function stageOf(context: StepContext): Stage {
  const last = liveAttempts(context.record).at(-1);
  if (!last) throw new Error('Nothing was executed yet.');
  return { target: programsIn(context).publication, runId: last.job.runId, instant: last.job.instant };
}
