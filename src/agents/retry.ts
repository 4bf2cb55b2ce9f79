import type { Clock } from './clock.ts';

export interface RetryPolicy {
  /** All of them together, the first included. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export interface Retry<T> {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly attempt: (number: number) => Promise<T>;
  /** How long the other side wants to be left alone; undefined where asking again does not help. */
  readonly retryAfter: (error: unknown) => { readonly atLeastMs: number } | undefined;
  readonly onWait?: (ms: number, error: unknown) => void;
}

/** Tries again where that helps, waiting twice as long each time, and a little more or less than others who wait too. */
export async function retry<T>({ policy, clock, signal, attempt, retryAfter, onWait }: Retry<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      const again = retryAfter(error);
      if (!again || number >= policy.attempts || again.atLeastMs > policy.longestWaitMs) throw error;
      const longest = Math.min(policy.firstWaitMs * 2 ** (number - 1), policy.longestWaitMs);
      const wait = Math.max(again.atLeastMs, longest * (0.5 + clock.random() / 2));
      onWait?.(wait, error);
      await clock.sleep(wait, signal);
    }
  }
}
