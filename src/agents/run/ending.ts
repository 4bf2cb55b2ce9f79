import { liveAttempts, liveRounds, type RunRecord } from './record.ts';
import { roundText, toldRounds } from './rounds.ts';
import type { Fault } from '../ports.ts';
import type { RunStop } from '../runState.ts';

/** A run that ends says what was done about a wrong result, and whether the old rows were left. */
export function ended(record: RunRecord, stop: RunStop): RunStop {
  const told = toldRounds(record).map(roundText);
  const rounds = told.length > 0 ? { rounds: told } : {};
  switch (stop.kind) {
    case 'finished': {
      const { verdict } = stop;
      const left = record.publication === 'gaveUp' || (verdict.kind === 'failed' && isHidden(record));
      return { ...stop, verdict: { ...verdict, ...rounds }, ...(left && { leftOld: true }) };
    }
    case 'executionFailed':
      return { ...stop, ...rounds };
    case 'refused': {
      // What was tried may be refused; what it was tried for is still wrong.
      const fault = liveRounds(record).at(-1)?.fault;
      return fault ? ended(record, stopOf(fault)) : stop;
    }
    default:
      return stop;
  }
}

/** Where nothing more is done about it. */
export function stopOf(fault: Fault): RunStop {
  if (fault.kind === 'wrong') return { kind: 'finished', verdict: fault.verdict };
  const { result, step } = fault.outcome;
  if (result.kind !== 'failed') throw new Error('A job that did not fail has no failure to tell.');
  const { reason, message, line } = result;
  const place = { ...(line === undefined ? {} : { line }), ...(step === undefined ? {} : { step }) };
  return { kind: 'executionFailed', reason, message, ...place };
}

const isHidden = ({ attempts, publication }: RunRecord): boolean =>
  publication !== 'published' && attempts.at(-1)?.job.publish === 'later' && !isVisible(attempts.at(-1));

const isVisible = (attempt: RunRecord['attempts'][number] | undefined): boolean => attempt?.outcome?.published === true;

/** The rows of what is run now are in a target that keeps what it has: a further execution would write them once more. */
export function isWrittenForGood(record: RunRecord): boolean {
  const mode = record.checked?.programs?.target.mode;
  return mode !== undefined && mode !== 'replace' && isVisible(liveAttempts(record).at(-1));
}
