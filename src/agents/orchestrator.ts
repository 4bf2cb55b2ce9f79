import { compare, type Comparison } from './comparison.ts';
import type { Engine, Job, JobResult, JobWatch } from './engine.ts';
import type { Database, Journal } from './ports.ts';
import type { CompiledRun, Programs } from './programs.ts';
import { reportOf } from './report.ts';
import type { RunState, Verdict } from './runState.ts';
import type { Catalogue } from '../spec/catalogue.ts';

export interface RunOptions {
  readonly runId: string;
  /** The run's one instant: what `now()` means on both sides. */
  readonly instant: string;
  /** The document, as it stands in the file. */
  readonly specText: string;
  readonly compile: (specText: string, catalogue: Catalogue) => Promise<CompiledRun>;
  readonly database: Database;
  readonly engine: Pick<Engine, 'run'>;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly onState: (state: RunState) => void;
  readonly onOutput: (line: string) => void;
  readonly onStarted?: JobWatch['onStarted'];
  readonly onProgress?: JobWatch['onProgress'];
}

/**
 * From an accepted spec to a compared target: check, compile, execute, compare. Each result is in the journal before the
 * next step begins, and the last state is always one that tells the truth.
 */
export async function run(options: RunOptions): Promise<RunState> {
  let during = 'checking';
  const enter = async (state: RunState): Promise<RunState> => {
    during = state.kind;
    await options.journal.record(state);
    options.onState(state);
    return state;
  };
  try {
    return await enter(await advance(options, enter));
  } catch (error) {
    if (options.signal.aborted) return enter({ kind: 'cancelled', during });
    return enter({ kind: 'broken', during, message: error instanceof Error ? error.message : String(error) });
  }
}

async function advance(options: RunOptions, enter: (state: RunState) => Promise<RunState>): Promise<RunState> {
  const { journal, database, engine, signal } = options;
  await enter({ kind: 'checking' });
  await journal.keep('spec.datamorph.json', options.specText);
  const { problems, programs } = await options.compile(options.specText, await database.catalogue(signal));
  if (!programs) return { kind: 'refused', problems };
  await journal.keep('script.py', programs.script);
  if (programs.reference !== undefined) await journal.keep('reference.sql', `${programs.reference}\n`);

  await enter({ kind: 'executing' });
  const result = await engine.run(
    { runId: options.runId, instant: options.instant, script: programs.script, ...sizeOf(programs) },
    watchOf(options),
  );
  if (result.kind === 'cancelled') return { kind: 'cancelled', during: 'executing' };
  signal.throwIfAborted();
  if (result.kind === 'failed') return failureOf(result, programs);

  await enter({ kind: 'comparing' });
  const verdict = await verdictOf(programs, options);
  await journal.keep('report.md', reportOf(verdict, programs));
  return { kind: 'finished', verdict };
}

const watchOf = ({ signal, onOutput, onStarted, onProgress }: RunOptions): JobWatch => ({
  signal,
  onOutput,
  ...(onStarted && { onStarted }),
  ...(onProgress && { onProgress }),
});

const sizeOf = ({ estimate }: Programs): Pick<Job, 'estimate'> => (estimate === undefined ? {} : { estimate });

function failureOf({ message, line }: Extract<JobResult, { kind: 'failed' }>, programs: Programs): RunState {
  const step = line === undefined ? undefined : programs.stepAt(line);
  return {
    kind: 'executionFailed',
    message,
    ...(line === undefined ? {} : { line }),
    ...(step === undefined ? {} : { step }),
  };
}

async function verdictOf(programs: Programs, { database, signal }: RunOptions): Promise<Verdict> {
  const { reference, target } = programs;
  if (reference === undefined) {
    return { kind: 'notCompared', reason: programs.noReference ?? 'The spec has no reference.' };
  }
  if (target.mode !== 'replace') {
    const reason = `The target's mode is ${target.mode}: it holds rows of earlier runs too, so it is not compared as a whole.`;
    return { kind: 'notCompared', reason };
  }
  const comparison = await compare(database, { table: target.table, reference, columns: target.columns }, signal);
  return { kind: agrees(comparison) ? 'passed' : 'failed', comparison };
}

const agrees = ({ missing, unexpected }: Comparison): boolean => missing === 0 && unexpected === 0;
