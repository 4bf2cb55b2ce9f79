import type { Code, JournalEntry, Outcome, RunChanges, RunEvent, RunOrder } from './events.ts';
import type { GateProblem } from '../codeWriter.ts';
import type { Job, JobHandle } from '../engine.ts';
import type { Answer, Plan } from '../planner.ts';
import type { Programs } from '../programs.ts';
import { isStop, type RunState, type Verdict } from '../runState.ts';
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
  readonly rounds: number;
  readonly publication?: 'published' | 'gaveUp';
  readonly remembered: boolean;
}

export interface Attempt {
  readonly number: number;
  readonly code: Code;
  readonly job: Omit<Job, 'script'>;
  readonly handle?: JobHandle;
  readonly outcome?: Outcome;
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

const ordered = (order: RunOrder): RunRecord => ({
  order,
  answers: order.answers ?? [],
  ...(order.specText === undefined ? {} : { specText: order.specText }),
  attempts: [],
  since: 0,
  rounds: 0,
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
    case 'validated':
      return { ...record, verdict: event.verdict };
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

function attemptOf({ code }: RunRecord, { attempt: number, job }: RunEvent & { readonly kind: 'attempting' }): Attempt {
  if (!code) throw new Error('The journal tells of an execution before there was a script.');
  return { number, code, job };
}

const withAttempt = (record: RunRecord, number: number, news: Pick<Attempt, 'handle' | 'outcome'>): RunRecord => ({
  ...record,
  attempts: record.attempts.map((each) => (each.number === number ? { ...each, ...news } : each)),
});

/** What was made from something that has changed is forgotten; what it cost stays. */
function continued(record: RunRecord, { until, answers = [], specText, script }: RunChanges): RunRecord {
  const order = without(record.order, 'until');
  const next: RunRecord = {
    ...record,
    order: { ...order, ...(until === undefined ? {} : { until }) },
    answers: [...record.answers, ...answers.map((answer) => inWords(answer, record.plan))],
  };
  if (specText !== undefined || script !== undefined) {
    const respecified = specText === undefined ? next : withSpec(next, specText);
    return script === undefined ? respecified : withScript(respecified, { script, origin: 'edited' });
  }
  if (answers.length > 0) {
    return without(next, 'plan');
  }
  return isOver(next) ? again(next) : next;
}

/** A planner remembers nothing: an answer comes with the question that it was asked. */
function inWords(answer: Answer, plan: Plan | undefined): Answer {
  const question = plan?.kind === 'questions' ? plan.questions.find(({ id }) => id === answer.question) : undefined;
  const choice = question?.choices.find(({ id }) => id === answer.answer);
  return {
    ...answer,
    ...(question && { asked: question.text }),
    ...(choice && { label: choice.label }),
  };
}

/** An execution that has come to its end is not asked for a second one. */
const isOver = (record: RunRecord): boolean =>
  record.state !== undefined &&
  isStop(record.state) &&
  liveAttempts(record).at(-1)?.outcome?.result.kind !== 'succeeded';

/** Runs the same script once more, because somebody said so. An execution without an end is looked for first. */
function again(record: RunRecord): RunRecord {
  const last = liveAttempts(record).at(-1);
  return last && !last.outcome ? record : { ...record, since: record.attempts.length };
}

function withSpec(record: RunRecord, specText: string): RunRecord {
  return { ...without(afresh(record), 'plan', 'checked', 'code'), specText };
}

const withScript = (record: RunRecord, code: Code): RunRecord => ({ ...afresh(record), code });

function afresh(record: RunRecord): RunRecord {
  return { ...without(record, 'verdict', 'publication', 'gated'), since: record.attempts.length, remembered: false };
}

function remedied(record: RunRecord, { remedy }: RunEvent & { readonly kind: 'remedied' }): RunRecord {
  const next = { ...record, rounds: record.rounds + 1 };
  switch (remedy.kind) {
    case 'spec':
      return withSpec(next, remedy.specText);
    case 'script':
      return withScript(next, { script: remedy.script, origin: 'model' });
    case 'none':
      return { ...next, rounds: mostRounds };
  }
}

/** How often a wrong result is mended before the verdict stands. */
export const mostRounds = 5;

function without<Whole extends object, Name extends keyof Whole>(whole: Whole, ...names: Name[]): Omit<Whole, Name> {
  const left = Object.entries(whole).filter(([name]) => !names.some((each) => each === name));
  return Object.fromEntries(left) as Omit<Whole, Name>;
}
