/** The phases of one validation: each is timed, told when it is over, and left out where somebody said so. */
import type { ValidationWatch } from '../ports.ts';
import type { PhaseName, PhaseResult } from '../verdict.ts';

/** What a phase found, and what it says of itself. */
export interface PhaseOutcome<T> {
  readonly found: T;
  readonly outcome: PhaseResult['outcome'];
  readonly summary: string;
}

export const skippedSummary = 'It was left out, as you asked.';

export class Phases {
  readonly #skip: ReadonlySet<PhaseName>;
  readonly #watch: ValidationWatch;
  readonly #results: PhaseResult[] = [];

  constructor(skip: readonly PhaseName[] = [], watch: ValidationWatch) {
    this.#skip = new Set(skip);
    this.#watch = watch;
  }

  /** Those that are over, in their order. */
  get results(): readonly PhaseResult[] {
    return this.#results;
  }

  /** Told before it returns, so that the next one begins behind it. */
  async run<T>(
    phase: PhaseName,
    work: () => Promise<PhaseOutcome<T>> | PhaseOutcome<T>,
    whenSkipped: () => T,
  ): Promise<T> {
    this.#watch.signal.throwIfAborted();
    const started = performance.now();
    const { found, outcome, summary } = this.#skip.has(phase)
      ? { found: whenSkipped(), outcome: 'notRun' as const, summary: skippedSummary }
      : await work();
    const result: PhaseResult = { phase, outcome, summary, ms: Math.round(performance.now() - started) };
    this.#results.push(result);
    await this.#watch.onPhase?.(result);
    return found;
  }
}
