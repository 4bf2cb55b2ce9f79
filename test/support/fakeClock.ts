import type { Clock } from '../../src/agents/clock.ts';

/** Time that passes only by waiting, and at once. */
export interface FakeClock extends Clock {
  readonly waits: readonly number[];
  pass(ms: number): void;
}

export function fakeClock(start = Date.parse('2026-11-25T08:00:00Z')): FakeClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
    random: () => 1,
  };
}
