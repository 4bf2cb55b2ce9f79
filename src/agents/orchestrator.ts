import { usualLimits, type Limits, type RunPorts } from './ports.ts';
import { attend, isAbort, TookTooLong } from './run/attend.ts';
import type { StepContext } from './run/context.ts';
import type { JournalEntry, RunChanges, RunEvent } from './run/events.ts';
import { nextStep, type StepName } from './run/nextStep.ts';
import { recordOf, withEvent, type RunRecord } from './run/record.ts';
import { roundsPage, toldRounds } from './run/rounds.ts';
import { letGo } from './run/staged.ts';
import { steps } from './run/steps.ts';
import type { RunState, RunStop } from './runState.ts';
import type { Catalogue } from '../spec/catalogue.ts';

export interface RunOptions {
  readonly ports: RunPorts;
  readonly signal: AbortSignal;
  readonly onState: (state: RunState) => void;
}

/**
 * From an order to a compared target: plan, check, write the code, execute, compare, mend, publish. Each result is in the
 * journal before the next step begins, and the last state is always one that tells the truth. The run goes on from where its
 * journal says that it is; a new one says what was ordered.
 */
export const run = (options: RunOptions): Promise<RunStop> => new Running(options).toTheEnd();

/** The same for a run that stood still, or whose process died, perhaps with something changed. */
export async function resume(changes: RunChanges, options: RunOptions): Promise<RunStop> {
  const running = new Running(options);
  await running.write({ kind: 'continued', changes });
  return running.toTheEnd();
}

const letGoSeconds = 2;

class Running {
  readonly #options: RunOptions;
  readonly #signal: AbortSignal;
  #record: RunRecord | undefined;
  #during: string = 'checking';
  readonly #catalogue = new Once<Catalogue>();
  readonly #samples = new Once<string>();

  constructor(options: RunOptions) {
    const { ports, signal } = options;
    this.#options = options;
    this.#record = recordOf(ports.journal.entries);
    const seconds = ports.limits?.run;
    const clock = seconds === undefined ? [] : [AbortSignal.timeout(seconds * 1000)];
    this.#signal = AbortSignal.any([signal, ...clock]);
    for (const entry of ports.journal.entries) this.#log(entry);
  }

  async write(event: RunEvent): Promise<void> {
    // Folded when it is stored: what comes next rests on nothing that a crash could take back.
    const entry = await this.#options.ports.journal.record(event);
    this.#record = withEvent(this.#record, event);
    this.#log(entry);
  }

  async toTheEnd(): Promise<RunStop> {
    try {
      return await this.#stop(await this.#advance());
    } catch (error) {
      const stop = this.#stopOf(error);
      if (stop.kind === 'cancelled') await this.#letGo();
      return this.#stop(stop);
    }
  }

  async #letGo(): Promise<void> {
    const attendance = { signal: new AbortController().signal, seconds: letGoSeconds, retries: 0, stops: false, what: 'cancel' }; // prettier-ignore
    try {
      const event = await attend(attendance, (signal) => letGo(this.#context(signal, letGoSeconds)));
      if (event) await this.write(event);
    } catch (error) {
      // A database that cannot be reached does not keep a run from being cancelled.
      this.#options.ports.log?.write('left', { message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #advance(): Promise<RunStop> {
    const { ports } = this.#options;
    for (;;) {
      const next = nextStep(this.#known(), {
        remediates: ports.remediator !== undefined,
        locates: ports.snapshots !== undefined,
      });
      if ('stop' in next) return next.stop;
      this.#signal.throwIfAborted();
      await this.#enter(steps[next.step].state(this.#known()));
      await this.write(await this.#carryOut(next.step));
    }
  }

  #carryOut(name: StepName): Promise<RunEvent> {
    const { limit, grace = 0, retries, stops, work } = steps[name];
    const { ports } = this.#options;
    const limits: Limits = { ...usualLimits, ...ports.limits };
    const seconds = limits[limit] ?? usualLimits.executor;
    return attend({ signal: this.#signal, seconds: seconds + grace, retries, stops, what: name }, async (signal) => {
      const event = await work(this.#context(signal, seconds));
      if (event.kind === 'attempted' && event.outcome.result.kind === 'cancelled' && signal.aborted) {
        // It has stopped, and that is a fact whatever stopped it.
        await this.write(event);
        throw signal.reason;
      }
      return event;
    });
  }

  #context(signal: AbortSignal, limit: number): StepContext {
    const { ports } = this.#options;
    const { database, journal, samples } = ports;
    return {
      runId: journal.runId,
      record: this.#known(),
      ports,
      catalogue: (asked) => this.#catalogue.get(() => database.catalogue(asked)),
      samples: async (asked) => {
        if (!samples) return undefined;
        const known = await this.#catalogue.get(() => database.catalogue(asked));
        return this.#samples.get(() => samples(this.#known().specText ?? '', known, asked));
      },
      signal,
      limit,
      note: (event) => this.write(event),
    };
  }

  async #enter(state: RunState): Promise<void> {
    this.#during = state.kind;
    await this.write({ kind: 'entered', state });
    this.#options.onState(state);
  }

  async #stop(state: RunStop): Promise<RunStop> {
    const rounds = toldRounds(this.#known());
    if (rounds.length > 0) await this.#options.ports.journal.keep('rounds.md', roundsPage(rounds));
    await this.write({ kind: 'entered', state });
    this.#options.onState(state);
    return state;
  }

  #stopOf(error: unknown): RunStop {
    const during = this.#during;
    const { signal, ports } = this.#options;
    // What could not be stopped, and goes on, is not cancelled.
    const goesOn = during === 'executing' && error !== this.#signal.reason && !isAbort(error);
    if (signal.aborted && !goesOn) return { kind: 'cancelled', during };
    if (this.#signal.aborted && !goesOn) {
      const message = `The run took longer than the ${ports.limits?.run ?? 0} s that it may.`;
      return { kind: 'budgetSpent', during, message };
    }
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.name === 'BudgetSpent') return { kind: 'budgetSpent', during, message };
    if (error instanceof TookTooLong && during === 'executing') {
      return { kind: 'executionFailed', reason: 'timeout', message };
    }
    return { kind: 'broken', during, message };
  }

  #known(): RunRecord {
    if (!this.#record) throw new Error('The run has no order.');
    return this.#record;
  }

  #log({ n, event }: JournalEntry): void {
    this.#options.ports.log?.write(event.kind, shortened(event), n);
  }
}

const longestText = 4000;
const mostOfAFact = 50_000;

/** Specs and scripts stand in the folder of the run; the log tells of them. */
function shortened(event: RunEvent): Readonly<Record<string, unknown>> {
  const short = JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'string' && value.length > longestText
      ? `${value.slice(0, longestText)}… (${value.length} characters)`
      : value,
  );
  if (short.length > mostOfAFact) return { kind: event.kind, text: `${short.slice(0, longestText)}…` };
  return JSON.parse(short) as Readonly<Record<string, unknown>>;
}

/** Asked for once, however many need it; after a failure the next one asks again. */
class Once<T> {
  #asked: Promise<T> | undefined;

  get(ask: () => Promise<T>): Promise<T> {
    if (this.#asked) return this.#asked;
    const asked = ask();
    this.#asked = asked;
    asked.catch(() => {
      this.#asked = undefined;
    });
    return asked;
  }
}
