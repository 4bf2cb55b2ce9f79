import type { RunStop } from '../agents/runState.ts';

/** Documented in docs/cli.md; a script may rely on them. */
export const exitCodes = {
  done: 0,
  wrongResult: 1,
  usage: 2,
  refused: 3,
  jobFailed: 4,
  outside: 5,
  asking: 6,
  budgetSpent: 7,
  cancelled: 130,
} as const;

/** The caller's mistake, in words that say what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function exitCodeOf(stop: RunStop): number {
  switch (stop.kind) {
    case 'finished':
      return stop.verdict.kind === 'failed' ? exitCodes.wrongResult : exitCodes.done;
    case 'planned':
    case 'coded':
      return exitCodes.done;
    case 'asking':
      return exitCodes.asking;
    case 'refused':
      return exitCodes.refused;
    case 'executionFailed':
      return exitCodes.jobFailed;
    case 'budgetSpent':
      return exitCodes.budgetSpent;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'broken':
    case 'interrupted':
      return exitCodes.outside;
  }
}
