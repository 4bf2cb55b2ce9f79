import type { RunPorts } from '../ports.ts';
import { isStop, type RunState } from '../runState.ts';
import { liveAttempts, recordOf, type Attempt } from './record.ts';

/**
 * Stops a run that no process has in its hands any more, and its job where that went on. A run that has come to its end stays
 * what it is.
 */
export async function cancelAbandoned({ journal, engine }: Pick<RunPorts, 'journal' | 'engine'>): Promise<RunState> {
  const record = recordOf(journal.entries);
  if (!record) throw new Error('The journal of the run is empty.');
  const { state } = record;
  if (state && isStop(state) && !waiting.has(state.kind)) return state;
  const open = liveAttempts(record).find(({ outcome }) => !outcome);
  if (open) {
    const result = await stopped(engine, open);
    await journal.record({ kind: 'attempted', attempt: open.number, outcome: { result } });
  }
  const cancelled: RunState = { kind: 'cancelled', during: state?.kind ?? 'checking' };
  await journal.record({ kind: 'entered', state: cancelled });
  return cancelled;
}

const waiting: ReadonlySet<RunState['kind']> = new Set<RunState['kind']>(['asking', 'planned', 'coded']);

async function stopped(engine: RunPorts['engine'], { handle, job, code }: Attempt) {
  const stop = new AbortController();
  const watch = { signal: stop.signal, onOutput: () => undefined };
  if (handle) {
    stop.abort();
    return engine.attach(handle, watch);
  }
  // Whether it was started is known to the engine alone, which finds it by its id.
  const onStarted = (): void => {
    stop.abort();
  };
  return engine.run({ ...job, script: code.script }, { ...watch, onStarted });
}
