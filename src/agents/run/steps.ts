import { executeCode, writeCode } from '../glueExecutor.ts';
import type { Limits } from '../ports.ts';
import type { RunState } from '../runState.ts';
import type { Step } from './context.ts';
import { locate } from './locate.ts';
import type { StepName } from './nextStep.ts';
import { check, plan } from './plan.ts';
import { liveAttempts, type RunRecord } from './record.ts';
import { giveUp, publish, remember } from './publish.ts';
import { remediate } from './remediate.ts';
import { validate } from './verify.ts';

export interface StepRule {
  /** What the run is said to be doing meanwhile. */
  readonly state: (record: RunRecord) => RunState;
  readonly limit: keyof Limits;
  /** Seconds beyond its limit: for work that keeps its own time, and needs some to start and to stop. */
  readonly grace?: number;
  /** How often it is repeated where the outside world failed in a way that may pass. */
  readonly retries: number;
  /** Whether it ends its own work on an abort, so that its end is waited for. */
  readonly stops: boolean;
  readonly work: Step;
}

/**
 * A planner and a writer of code repeat what helps themselves. A job of which we lost sight goes on: it is looked for again,
 * never started twice.
 */
export const steps: Readonly<Record<StepName, StepRule>> = {
  plan: { state: () => ({ kind: 'planning' }), limit: 'specs', retries: 1, stops: false, work: plan },
  check: { state: () => ({ kind: 'checking' }), limit: 'check', retries: 2, stops: false, work: check },
  code: { state: coding, limit: 'executor', retries: 0, stops: false, work: writeCode },
  execute: { state: executing, limit: 'executor', grace: 300, retries: 3, stops: true, work: executeCode },
  validate: { state: () => ({ kind: 'validating' }), limit: 'validator', retries: 2, stops: false, work: validate },
  locate: { state: () => ({ kind: 'locating' }), limit: 'executor', grace: 300, retries: 1, stops: true, work: locate },
  remediate: { state: remediating, limit: 'remediator', retries: 0, stops: false, work: remediate },
  publish: { state: () => ({ kind: 'publishing' }), limit: 'publisher', retries: 2, stops: true, work: publish },
  giveUp: { state: () => ({ kind: 'publishing' }), limit: 'publisher', retries: 2, stops: true, work: giveUp },
  remember: { state: () => ({ kind: 'publishing' }), limit: 'publisher', retries: 1, stops: false, work: remember },
};

function coding({ attempts }: RunRecord): RunState {
  return { kind: 'coding', attempt: attempts.length + 1 };
}

function executing(record: RunRecord): RunState {
  const open = liveAttempts(record).find(({ outcome }) => !outcome);
  const attempt = open?.number ?? record.attempts.length + 1;
  return { kind: 'executing', attempt, ...(open?.handle && { handle: open.handle }) };
}

function remediating({ rounds }: RunRecord): RunState {
  return { kind: 'remediating', round: rounds.length + 1 };
}
