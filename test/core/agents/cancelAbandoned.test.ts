import assert from 'node:assert/strict';
import type { Engine, JobWatch } from '../../../src/agents/engine.ts';
import { run } from '../../../src/agents/orchestrator.ts';
import { cancelAbandoned } from '../../../src/agents/run/cancel.ts';
import type { JournalEntry, RunEvent } from '../../../src/agents/run/events.ts';
import { order, promptOrder, scripted } from '../../support/scriptedRun.ts';

const job = { runId: 'r1', instant: order.instant };

/** A run up to this fact, as it is found when its process has died. */
const entries = (...events: readonly RunEvent[]): readonly JournalEntry[] =>
  [{ kind: 'ordered', order } as const, ...events].map((event, place) => ({ n: place + 1, at: order.instant, event }));

const coded: RunEvent = { kind: 'coded', code: { script: 'x = 1\n', origin: 'compiled' } };
const attempting: RunEvent = { kind: 'attempting', attempt: 1, job };
const executing: RunEvent = { kind: 'entered', state: { kind: 'executing', attempt: 1 } };
const started: RunEvent = { kind: 'started', attempt: 1, handle: { engine: 'scripted', runId: 'r1', id: 'j-r1' } };

describe('a run that nobody has in his hands any more', () => {
  it('is cancelled, and the job that went on without it is stopped', async () => {
    const { ports, events } = scripted({}, entries(coded, executing, attempting, started));
    assert.deepEqual(await cancelAbandoned(ports), { kind: 'cancelled', during: 'executing' });
    assert.deepEqual(events, ['attach j-r1', 'fact attempted', 'state cancelled']);
  });

  it('looks for a job that may have been started, and stops it', async () => {
    const { ports } = scripted({}, entries(coded, executing, attempting));
    const asked: string[] = [];
    const engine: Engine = {
      ...ports.engine,
      run: async ({ runId }, watch: JobWatch) => {
        asked.push(runId);
        watch.onStarted?.({ engine: 'scripted', runId, id: 'j' });
        await Promise.resolve();
        return watch.signal.aborted ? { kind: 'cancelled' } : { kind: 'succeeded' };
      },
    };
    await cancelAbandoned({ ...ports, engine });
    assert.deepEqual(asked, ['r1']);
    const outcome = { result: { kind: 'cancelled' } };
    assert.deepEqual(ports.journal.entries.at(-2)?.event, { kind: 'attempted', attempt: 1, outcome });
  });

  it('is cancelled where it waits for somebody, and stays what it is where it has ended', async () => {
    const first: JournalEntry = { n: 1, at: order.instant, event: { kind: 'ordered', order: promptOrder } };
    const asking = scripted({ plans: [{ kind: 'questions', questions: [] }] }, [first]);
    const options = { signal: new AbortController().signal, onState: () => undefined };
    await run({ ports: asking.ports, ...options });
    assert.deepEqual(await cancelAbandoned(asking.ports), { kind: 'cancelled', during: 'asking' });
    const refused = scripted({ plans: [{ kind: 'refused', reason: 'No.' }] }, [first]);
    await run({ ports: refused.ports, ...options });
    assert.equal((await cancelAbandoned(refused.ports)).kind, 'refused');
  });
});
