import { headline, warningsIn } from '../agents/report/words.ts';
import type { JournalEntry } from '../agents/run/events.ts';
import { isStop, type RunState } from '../agents/runState.ts';
import type { Verdict } from '../agents/verdict.ts';

/** `waiting`: for an answer, or for somebody's word; `interrupted`: its process died. */
export type ListedState = 'running' | 'waiting' | 'interrupted' | 'passed' | 'warned' | 'failed' | 'cancelled';

/** What `run.json` says: the fields that the list of runs shows. */
export function runSummary(entries: readonly JournalEntry[], now: Date): object {
  const [first] = entries;
  if (first?.event.kind !== 'ordered') throw new Error('The journal does not begin with the order of the run.');
  const { engine, prompt } = first.event.order;
  const state = lastState(entries);
  return {
    startedAt: first.at,
    state: state ? listedState(state) : 'running',
    engine,
    ...(prompt === undefined ? {} : { prompt }),
    durationMs: now.getTime() - Date.parse(first.at),
    ...(state && verdictText(state)),
  };
}

function lastState(entries: readonly JournalEntry[]): RunState | undefined {
  const last = entries.findLast(({ event }) => event.kind === 'entered' || event.kind === 'continued');
  return last?.event.kind === 'entered' ? last.event.state : undefined;
}

function listedState(state: RunState): ListedState {
  if (!isStop(state)) return 'running';
  switch (state.kind) {
    case 'asking':
    case 'planned':
    case 'coded':
      return 'waiting';
    case 'refused':
    case 'executionFailed':
    case 'broken':
    case 'budgetSpent':
      return 'failed';
    case 'cancelled':
    case 'interrupted':
      return state.kind;
    case 'finished':
      return verdictState(state.verdict);
  }
}

function verdictState(verdict: Verdict): ListedState {
  switch (verdict.kind) {
    case 'passed':
      return warningsIn(verdict) > 0 ? 'warned' : 'passed';
    case 'failed':
      return 'failed';
    case 'notCompared':
      return 'warned';
  }
}

function verdictText(state: RunState): { readonly verdict?: string } {
  switch (state.kind) {
    case 'finished':
      return { verdict: headline(state.verdict) };
    case 'refused':
      return { verdict: state.reason ?? state.problems.find(isError)?.message ?? 'refused' };
    case 'executionFailed':
    case 'broken':
    case 'budgetSpent':
      return { verdict: state.message };
    default:
      return {};
  }
}

const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';
