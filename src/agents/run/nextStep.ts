import { ended, stopOf } from './ending.ts';
import { mayPatch } from './healing.ts';
import { faultIn, liveAttempts, liveRounds, mostRounds, openQuestions, type RunRecord } from './record.ts';
import { agrees } from '../comparison.ts';
import type { Refused, RunStop } from '../runState.ts';

export type StepName =
  'plan' | 'check' | 'code' | 'execute' | 'validate' | 'locate' | 'remediate' | 'publish' | 'giveUp' | 'remember';

export type Next = { readonly step: StepName } | { readonly stop: RunStop };

/** What the run can do beside what every run can. */
export interface Abilities {
  readonly remediates: boolean;
  /** Finds the step that went wrong. */
  readonly locates: boolean;
}

/** What comes next: decided by what is written down, so that a run goes on in any process as it would have in its own. */
export function nextStep(record: RunRecord, can: Abilities): Next {
  const next = following(record, can);
  return 'stop' in next ? { stop: ended(record, next.stop) } : next;
}

function following(record: RunRecord, can: Abilities): Next {
  const { order, specText, checked, code, gated, plan } = record;
  if (specText === undefined) return afterPlanning(record);
  if (order.until === 'plan' && plan?.kind === 'spec') return { stop: { kind: 'planned', problems: plan.problems } };
  if (!checked) return { step: 'check' };
  if (!checked.programs) return { stop: { kind: 'refused', problems: checked.problems } };
  if (order.until === 'plan') return { stop: { kind: 'planned', problems: checked.problems } };
  if (gated) return { stop: gateRefusal(gated) };
  if (!code) return { step: 'code' };
  if (order.until === 'code') return { stop: { kind: 'coded' } };
  return afterCoding(record, can);
}

function afterPlanning({ plan }: RunRecord): Next {
  switch (plan?.kind) {
    case undefined:
    case 'spec':
      return { step: 'plan' };
    case 'questions':
      return { stop: { kind: 'asking', questions: plan.questions } };
    case 'draft':
      return { stop: { kind: 'refused', problems: plan.problems } };
    case 'refused': {
      const { reason, words } = plan;
      return { stop: { kind: 'refused', problems: [], reason, ...(words && { words }) } };
    }
  }
}

function gateRefusal(gate: NonNullable<Refused['gate']>): Refused {
  const places = gate.map(({ line, message }) => `line ${line}: ${message}`);
  return { kind: 'refused', problems: [], reason: `The script may not run. ${places.join(' ')}`, gate };
}

function afterCoding(record: RunRecord, can: Abilities): Next {
  const last = liveAttempts(record).at(-1);
  if (!last?.outcome) return { step: 'execute' };
  switch (last.outcome.result.kind) {
    case 'cancelled':
      return { stop: { kind: 'cancelled', during: 'executing' } };
    case 'failed': {
      // A patch that is written and not tried yet is tried.
      if (record.code !== last.code) return { step: 'execute' };
      if (mayPatch(record)) return { step: 'code' };
      if (mayRemedy(record, can)) return { step: 'remediate' };
      if (last.outcome.staged && waits(record) && !record.publication) return { step: 'giveUp' };
      return { stop: stopOf({ kind: 'failed', outcome: last.outcome }) };
    }
    case 'succeeded':
      return afterExecuting(record, can);
  }
}

function afterExecuting(record: RunRecord, can: Abilities): Next {
  const { verdict, publication } = record;
  if (!verdict) return { step: 'validate' };
  if (isWorthLocating(record, can)) return { step: 'locate' };
  const questions = verdict.kind === 'failed' ? [] : openQuestions(record);
  if (questions.length > 0) return { stop: { kind: 'asking', questions } };
  const isWrong = faultIn(record) !== undefined;
  if (isWrong && mayRemedy(record, can)) return { step: 'remediate' };
  if (waits(record) && !publication) return { step: isWrong ? 'giveUp' : 'publish' };
  if (hasMarks(record) && !record.remembered && !isWrong) return { step: 'remember' };
  return { stop: { kind: 'finished', verdict } };
}

/** Another run of the job, so only where rows differ, and nobody has said that it is not wanted. */
function isWorthLocating({ verdict, located, order }: RunRecord, { locates }: Abilities): boolean {
  if (!locates || located || order.skip?.includes('verification')) return false;
  return verdict?.kind === 'failed' && verdict.comparison !== undefined && !agrees(verdict.comparison);
}

/** Ends by what was tried: so many rounds, or the word of the last one that there is nothing to be done. */
function mayRemedy(record: RunRecord, { remediates }: Abilities): boolean {
  const rounds = liveRounds(record);
  const most = Math.min(record.order.rounds ?? mostRounds, mostRounds);
  return remediates && rounds.length < most && rounds.at(-1)?.remedy.kind !== 'none';
}

/** Nobody sees the rows before they are published. */
const waits = (record: RunRecord): boolean => liveAttempts(record).at(-1)?.job.publish === 'later';

const hasMarks = (record: RunRecord): boolean =>
  Object.keys(liveAttempts(record).at(-1)?.outcome?.marks ?? {}).length > 0;
