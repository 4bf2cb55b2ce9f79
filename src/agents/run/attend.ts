/** One step under its own clock: until it has its result, is cancelled, or takes too long. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Attendance {
  /** Of the run. */
  readonly signal: AbortSignal;
  readonly seconds: number;
  readonly retries: number;
  readonly stops: boolean;
  readonly what: string;
}

/** The step's own limit, not the run's. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';

  constructor(what: string, seconds: number) {
    super(`The step ${what} took longer than ${seconds} s.`);
  }
}

const firstWaitMs = 500;

/** Rejects with the signal's reason where the run is cancelled, with `TookTooLong` where the clock has run out. */
export async function attend<T>(attendance: Attendance, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, seconds, retries, stops, what } = attendance;
  const clock = new AbortController();
  const timer = setTimeout(() => {
    clock.abort(new TookTooLong(what, seconds));
  }, seconds * 1000);
  const both = AbortSignal.any([signal, clock.signal]);
  try {
    for (let failures = 0; ; failures++) {
      both.throwIfAborted();
      try {
        return await (stops ? work(both) : unlessAborted(work(both), both));
      } catch (error) {
        if (both.aborted) throw stops && !isAbort(error) ? error : both.reason;
        if (failures === retries || !isRetryable(error)) throw error;
        await pause(firstWaitMs * 2 ** failures, both);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Work that does not look at its signal must not keep a run from being cancelled. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // An abort is told by the next look at the signal.
    signal.throwIfAborted();
  }
}

export const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'));

/** As our failures say it of themselves, whichever adapter they come from. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { isRetryable, failure } = error as { isRetryable?: unknown; failure?: { isRetryable?: unknown } };
  return isRetryable === true || failure?.isRetryable === true;
}
