import { setTimeout as delay } from 'node:timers/promises';

/** How often AWS is asked, and for how long. All in milliseconds. */
export interface Pace {
  /** Between two looks at a run: a tenth of the time that it has been in its state, within these bounds. */
  readonly look: readonly [least: number, most: number];
  /** Between two looks at the logs. */
  readonly logs: number;
  /** Logs come after the end of a run; they are complete when nothing has come for so long… */
  readonly quiet: number;
  /** …or, where the failure that must be in them has not come, after so long. */
  readonly drain: number;
  /** Before a request that failed is repeated: doubled each time, within these bounds. */
  readonly again: readonly [least: number, most: number];
  /** How long a service that is in trouble, or full, is waited for. */
  readonly patience: number;
}

/** A run takes a minute to start and is paid by the second; what Glue charges for looking is nothing. */
export const usualPace: Pace = {
  look: [1_000, 10_000],
  logs: 2_000,
  quiet: 5_000,
  drain: 30_000,
  again: [1_000, 30_000],
  patience: 10 * 60_000,
};

/** Waits, but no longer than until the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  try {
    await delay(ms, undefined, { ...(signal && { signal }) });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** Growing waits before repeated requests; undefined when the patience has run out. */
export function backOff({ again: [least, most], patience }: Pace): () => number | undefined {
  const from = performance.now();
  let next = least;
  return () => {
    const wait = next;
    next = Math.min(next * 2, most);
    return performance.now() - from + wait > patience ? undefined : wait;
  };
}
