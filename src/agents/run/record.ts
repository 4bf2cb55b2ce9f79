import type { Code, JournalEntry, Outcome, RunChanges, RunEvent, RunOrder } from './events.ts';
import type { GateProblem } from '../codeWriter.ts';
import type { Job, JobHandle } from '../engine.ts';
import type { Answer, Plan, Question } from '../planner.ts';
import type { Fault, Round } from '../ports.ts';
import type { Programs } from '../programs.ts';
import type { PublicationTarget } from '../publicationTarget.ts';
import { isStop, type RunState } from '../runState.ts';
import type { Divergence } from '../validation/divergence.ts';
import type { Verdict } from '../verdict.ts';
import type { Problem } from '../../spec/problem.ts';

/** All that is known of a run: its journal, folded. What comes next depends on nothing else. */
export interface RunRecord {
  readonly order: RunOrder;
  readonly answers: readonly Answer[];
  readonly state?: RunState;
  readonly plan?: Plan;
  readonly specText?: string;
  readonly checked?: { readonly problems: readonly Problem[]; readonly programs?: Programs };
  readonly code?: Code;
  readonly gated?: readonly GateProblem[];
  /** Every execution that there was. */
  readonly attempts: readonly Attempt[];
  /** Those from here on count for what is to be run now. */
  readonly since: number;
  readonly verdict?: Verdict;
  /** It was looked for where the rows went wrong, whatever came of it. */
  readonly located?: { readonly divergence?: Divergence };
  /** What the engineer said to the questions of the verdict. */
  readonly settled: readonly Answer[];
  readonly rounds: readonly Round[];
  /** Those from here on count: whoever edits something begins anew. */
  readonly roundsSince: number;
  /** Handed to the planner with a fresh start. */
  readonly note?: string;
  readonly publication?: 'published' | 'gaveUp';
  readonly remembered: boolean;
}

export interface Attempt {
  readonly number: number;
  readonly code: Code;
  readonly job: Omit<Job, 'script'>;
  readonly handle?: JobHandle;
  readonly outcome?: Outcome;
  /** Where its rows go; a later spec may write to another table. */
  readonly publication?: PublicationTarget;
}

/** Undefined where nothing was ordered yet. */
export function recordOf(entries: readonly JournalEntry[]): RunRecord | undefined {
  let record: RunRecord | undefined;
  for (const { event } of entries) record = withEvent(record, event);
  return record;
}

export function withEvent(before: RunRecord | undefined, event: RunEvent): RunRecord {
  if (event.kind === 'ordered') return ordered(event.order);
  if (!before) throw new Error('The journal does not begin with the order of the run.');
  return folded(before, event);
}

/** The executions of what is to be run now. */
export const liveAttempts = ({ attempts, since }: RunRecord): readonly Attempt[] => attempts.slice(since);

/** The rounds of what is to be run now. */
export const liveRounds = ({ rounds, roundsSince }: RunRecord): readonly Round[] => rounds.slice(roundsSince);

const ordered = (order: RunOrder): RunRecord => ({
  order,
  answers: order.answers ?? [],
  ...(order.specText === undefined ? {} : { specText: order.specText }),
  attempts: [],
  since: 0,
  settled: [],
  rounds: [],
  roundsSince: 0,
  remembered: false,
});

function folded(record: RunRecord, event: Exclude<RunEvent, { readonly kind: 'ordered' }>): RunRecord {
  switch (event.kind) {
    case 'continued':
      return continued(record, event.changes);
    case 'entered':
      return { ...record, state: event.state };
    case 'planned':
      return { ...record, plan: event.plan, ...(event.plan.kind === 'spec' && { specText: event.plan.specText }) };
    case 'checked': {
      const { problems, programs } = event;
      return { ...record, checked: { problems, ...(programs && { programs }) } };
    }
    case 'coded':
      return { ...record, code: event.code };
    case 'gated':
      return { ...record, gated: event.problems };
    case 'attempting':
      return { ...record, attempts: [...record.attempts, attemptOf(record, event)] };
    case 'started':
      return withAttempt(record, event.attempt, { handle: event.handle });
    case 'attempted':
      return withAttempt(record, event.attempt, { outcome: event.outcome });
    case 'phase':
      return record;
    case 'validated':
      return { ...record, verdict: event.verdict };
    case 'located': {
      const { divergence, verdict } = event;
      return { ...record, verdict, located: { ...(divergence && { divergence }) } };
    }
    case 'remedied':
      return remedied(record, event);
    case 'published':
      return { ...record, publication: 'published' };
    case 'gaveUp':
      return { ...record, publication: 'gaveUp' };
    case 'remembered':
      return { ...record, remembered: true };
  }
}

function attemptOf(
  { code, checked }: RunRecord,
  { attempt: number, job }: RunEvent & { readonly kind: 'attempting' },
): Attempt {
  if (!code) throw new Error('The journal tells of an execution before there was a script.');
  const publication = checked?.programs?.publication;
  return { number, code, job, ...(publication && { publication }) };
}

const withAttempt = (record: RunRecord, number: number, news: Pick<Attempt, 'handle' | 'outcome'>): RunRecord => ({
  ...record,
  attempts: record.attempts.map((each) => (each.number === number ? { ...each, ...news } : each)),
});

/** What was made from something that has changed is forgotten; what it cost stays. */
function continued(record: RunRecord, { until, answers = [], specText, script }: RunChanges): RunRecord {
  const order = without(record.order, 'until');
  const asked = openQuestions(record);
  if (answers.length > 0 && asked.length > 0) {
    return settle(
      { ...record, order },
      answers.map((answer) => inWords(answer, asked)),
    );
  }
  const next: RunRecord = {
    ...record,
    order: { ...order, ...(until === undefined ? {} : { until }) },
    answers: [...record.answers, ...answers.map((answer) => inWords(answer, questionsIn(record.plan)))],
  };
  if (specText !== undefined || script !== undefined) {
    const anew = { ...next, roundsSince: next.rounds.length };
    const respecified = specText === undefined ? anew : withSpec(anew, specText);
    return script === undefined ? respecified : withScript(respecified, { script, origin: 'edited' });
  }
  if (answers.length > 0) {
    return without(next, 'plan');
  }
  return isOver(next) ? again(next) : next;
}

/** A planner remembers nothing: an answer comes with the question that it was asked. */
function inWords(answer: Answer, questions: readonly Question[]): Answer {
  const question = questions.find(({ id }) => id === answer.question);
  const choice = question?.choices.find(({ id }) => id === answer.answer);
  return {
    ...answer,
    ...(question && { asked: question.text }),
    ...(choice && { label: choice.label }),
  };
}

const questionsIn = (plan: Plan | undefined): readonly Question[] => (plan?.kind === 'questions' ? plan.questions : []);

/** What the engineer rejects is wrong, whatever was proven. */
function settle(record: RunRecord, answers: readonly Answer[]): RunRecord {
  const settled = [...record.settled, ...answers];
  const no = answers.find(({ answer }) => answer !== keepRows);
  const { verdict } = record;
  if (!verdict || !no) return { ...record, settled };
  const reason = `You answered: ${no.label ?? no.answer}.`;
  return { ...record, settled, verdict: { ...verdict, kind: 'failed', reason } };
}

/** An execution that has come to its end is not asked for a second one. */
const isOver = (record: RunRecord): boolean =>
  record.state !== undefined &&
  isStop(record.state) &&
  liveAttempts(record).at(-1)?.outcome?.result.kind !== 'succeeded';

/** Runs the same script once more, because somebody said so. An execution without an end is looked for first. */
function again(record: RunRecord): RunRecord {
  const last = liveAttempts(record).at(-1);
  if (last && !last.outcome) return record;
  // A cancelled round goes on; behind a failure that stood, the rounds count anew.
  const hasFailed = last?.outcome?.result.kind === 'failed';
  return { ...afresh(record), ...(hasFailed && { roundsSince: record.rounds.length }) };
}

function withSpec(record: RunRecord, specText: string): RunRecord {
  return { ...without(afresh(record), 'plan', 'checked', 'code'), specText };
}

const withScript = (record: RunRecord, code: Code): RunRecord => ({ ...afresh(record), code });

function afresh(record: RunRecord): RunRecord {
  const left = without(record, 'verdict', 'located', 'publication', 'gated', 'note');
  return { ...left, settled: [], since: record.attempts.length, remembered: false };
}

function remedied(record: RunRecord, { remedy, spent }: RunEvent & { readonly kind: 'remedied' }): RunRecord {
  const fault = faultIn(record);
  const round = fault && { fault, remedy, ...(spent && { spent }) };
  const told = { ...record, ...(round && { rounds: [...record.rounds, round] }) };
  // What the engineer said to the rows that are given up counts for those that come.
  const next = { ...told, answers: [...record.answers, ...record.settled] };
  switch (remedy.kind) {
    case 'spec':
      return withSpec(next, remedy.specText);
    case 'script':
      return withScript(next, { script: remedy.script, origin: remedy.origin, diff: remedy.diff });
    case 'replan':
      return { ...without(afresh(next), 'plan', 'specText', 'checked', 'code'), note: remedy.note };
    case 'again':
      return afresh(next);
    case 'none':
      return told;
  }
}

/** What is wrong now: the job failed, its rows are wrong, or the engineer says that they are not what was meant. */
export function faultIn(record: RunRecord): Fault | undefined {
  const outcome = liveAttempts(record).at(-1)?.outcome;
  if (outcome?.result.kind === 'failed') return { kind: 'failed', outcome };
  const { verdict, located } = record;
  if (verdict?.kind !== 'failed') return undefined;
  const divergence = located?.divergence;
  return { kind: 'wrong', verdict, ...(divergence && { divergence }) };
}

/** The answer to a question of a verdict that takes the rows as they are; any other rejects them. */
export const keepRows = 'keep';

export const openQuestions = ({ verdict, settled }: RunRecord): readonly Question[] =>
  (verdict?.questions ?? []).filter(({ id }) => !settled.some(({ question }) => question === id));

/** How often a wrong result is mended before the verdict stands. */
export const mostRounds = 5;

function without<Whole extends object, Name extends keyof Whole>(whole: Whole, ...names: Name[]): Omit<Whole, Name> {
  const left = Object.entries(whole).filter(([name]) => !names.some((each) => each === name));
  return Object.fromEntries(left) as Omit<Whole, Name>;
}
