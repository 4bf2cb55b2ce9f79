import { measured, programsIn, specIn, type Step, type StepContext } from './context.ts';
import { isWrittenForGood } from './ending.ts';
import { faultIn, liveAttempts, liveRounds, withEvent } from './record.ts';
import { roundsPage, toldRounds } from './rounds.ts';
import { comparisonValidator } from '../comparisonValidator.ts';
import type { Publisher, RemedyRequest, Stage, ValidationRequest } from '../ports.ts';
import { maskedVerdict, reportOf } from '../report.ts';
import type { RunEvent } from './events.ts';
import type { PhaseResult } from '../verdict.ts';

/** Fetches the target and judges it. The report shows examples; the journal holds them masked as well. */
export const validate: Step = async (context) => {
  const { ports, signal } = context;
  const programs = programsIn(context);
  const validator = ports.validator ?? comparisonValidator(ports.database);
  const onPhase = (result: PhaseResult): Promise<void> => context.note({ kind: 'phase', result });
  const verdict = await validator.validate(await requestOf(context), { signal, onPhase });
  signal.throwIfAborted();
  await ports.journal.keep('report.md', reportOf(verdict, programs));
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
  const { code, order, checked } = record;
  const fault = faultIn(record);
  if (!remediator || !fault || !code) throw new Error('There is nothing to be mended, or nobody to do it.');
  const request: RemedyRequest = {
    specText: specIn(context),
    ...(order.prompt === undefined ? {} : { prompt: order.prompt }),
    ...(record.answers.length + record.settled.length > 0 && { answers: [...record.answers, ...record.settled] }),
    catalogue: await context.catalogue(signal),
    problems: checked?.problems ?? [],
    programs: programsIn(context),
    ...{ code, fault, rounds: liveRounds(record) },
    ...(isWrittenForGood(record) && { visible: true }),
  };
  const { value: remedy, spent } = await measured(ports, () => remediator.remedy(request, signal));
  signal.throwIfAborted();
  if ('diff' in remedy) await ports.journal.keep(`round-${record.rounds.length + 1}.diff`, remedy.diff);
  const event: RunEvent = { kind: 'remedied', remedy, ...(spent && { spent }) };
  await ports.journal.keep('rounds.md', roundsPage(toldRounds(withEvent(record, event))));
  // A new round begins with nothing of the last one; where there is none, the rows are given up by a step of their own.
  if (remedy.kind !== 'none' && isStaged(context)) await publisherIn(context).giveUp(stageOf(context), signal);
  return event;
};

const isStaged = ({ record }: StepContext): boolean => {
  const last = liveAttempts(record).at(-1);
  return last?.job.publish === 'later' && last.outcome?.published !== true;
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
  const published = await publisher.publish(stage, signal);
  if (published.kind === 'refused') return notPublished(context, published.reason);
  const { rows, repeated } = published;
  ports.log?.write('published', { table: stage.target.table, rows, repeated });
  return { kind: 'published', rows, repeated };
};

/** An execution ends with its rows where they belong: a database that does not take them has ended it otherwise. */
function notPublished({ record }: StepContext, message: string): RunEvent {
  const last = liveAttempts(record).at(-1);
  if (!last?.outcome) throw new Error('Nothing was executed yet.');
  const result = { kind: 'failed', reason: 'publication', message } as const;
  return { kind: 'attempted', attempt: last.number, outcome: { ...last.outcome, result } };
}

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
  return {
    target: last.publication ?? programsIn(context).publication,
    runId: last.job.runId,
    instant: last.job.instant,
  };
}
