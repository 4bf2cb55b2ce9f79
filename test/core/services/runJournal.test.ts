import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listRuns } from '../../../src/services/runFiles.ts';
import { createRunJournal } from '../../../src/services/runJournal.ts';

describe('the journal of a run', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-journal-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const open = (startedAt = new Date('2026-01-01T10:00:00Z'), now = new Date('2026-01-01T10:00:07Z')) =>
    createRunJournal({ folder, runId: 'r1', engine: 'local Spark', prompt: 'Totals', startedAt, now: () => now });

  it('is what the list of runs reads, whatever the state', async () => {
    const journal = await open();
    await journal.keep('script.py', 'print(1)\n');
    await journal.record({ kind: 'executing' });
    const running = await listRuns(folder);
    await journal.record({ kind: 'finished', verdict: { kind: 'notCompared', reason: 'append' } });
    const finished = await listRuns(folder);
    const common = {
      id: 'r1',
      startedAt: '2026-01-01T10:00:00.000Z',
      engine: 'local Spark',
      prompt: 'Totals',
      durationMs: 7000,
      files: [{ kind: 'script', path: join(journal.folder, 'script.py') }],
    };
    assert.deepEqual(running, { runs: [{ ...common, state: 'running' }], broken: [] });
    assert.deepEqual(finished, { runs: [{ ...common, state: 'warned', verdict: 'not compared' }], broken: [] });
  });

  it('leaves no draft behind, and replaces a file whole', async () => {
    const journal = await open();
    await journal.keep('script.py', 'a long first text');
    await journal.keep('script.py', 'short');
    assert.equal(await readFile(join(journal.folder, 'script.py'), 'utf8'), 'short');
    assert.deepEqual(await readdir(journal.folder), ['script.py']);
  });
});
