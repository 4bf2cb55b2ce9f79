import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listRuns } from '../../../src/services/runFiles.ts';
import { createRun, openRun, readRun, type RunJournal } from '../../../src/services/runJournal.ts';
import { order } from '../../support/scriptedRun.ts';

describe('the journal of a run', () => {
  let workspace: string;
  const opened: RunJournal[] = [];

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'datamorph-journal-'));
  });
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close();
    await rm(workspace, { recursive: true });
  });

  const options = (redact?: (text: string) => string) => ({
    workspace,
    runId: 'r1',
    now: clock,
    ...(redact && { redact }),
  });
  let seconds = 0;
  const clock = (): Date => new Date(Date.parse('2026-01-01T10:00:00Z') + 1000 * seconds++);
  const create = async (redact?: (text: string) => string): Promise<RunJournal> => {
    seconds = 0;
    const journal = await createRun({ ...order, prompt: 'Totals' }, options(redact));
    opened.push(journal);
    return journal;
  };
  const states = async (): Promise<readonly string[]> => (await listRuns(workspace)).runs.map(({ state }) => state);

  it('is what the list of runs reads, whatever the state', async () => {
    const journal = await create();
    await journal.keep('script.py', 'print(1)\n');
    await journal.record({ kind: 'entered', state: { kind: 'executing', attempt: 1 } });
    const running = await listRuns(workspace);
    await journal.record({
      kind: 'entered',
      state: { kind: 'finished', verdict: { kind: 'notCompared', reason: '' } },
    });
    const finished = await listRuns(workspace);
    const common = {
      id: 'r1',
      startedAt: '2026-01-01T10:00:00.000Z',
      engine: 'scripted',
      prompt: 'Totals',
      files: [{ kind: 'script', path: join(journal.folder, 'script.py') }],
    };
    assert.deepEqual(running, { runs: [{ ...common, state: 'running', durationMs: 3000 }], broken: [] });
    const end = { state: 'warned', durationMs: 5000, verdict: 'not compared' };
    assert.deepEqual(finished, { runs: [{ ...common, ...end }], broken: [] });
  });

  it('leaves no draft behind, and replaces a file whole', async () => {
    const journal = await create();
    await journal.keep('script.py', 'a long first text');
    await journal.keep('script.py', 'short');
    assert.equal(await readFile(join(journal.folder, 'script.py'), 'utf8'), 'short');
    assert.deepEqual((await readdir(journal.folder)).sort(), [
      'journal.jsonl',
      'owner-1.json',
      'run.json',
      'script.py',
    ]);
    assert.deepEqual(await readdir(join(workspace, '.datamorph', 'runs')), ['r1']);
  });

  it('says waiting where the run waits for somebody', async () => {
    const journal = await create();
    await journal.record({ kind: 'entered', state: { kind: 'planned', problems: [] } });
    assert.deepEqual(await states(), ['waiting']);
    await journal.record({ kind: 'continued', changes: {} });
    assert.deepEqual(await states(), ['running']);
  });

  it('is read back by the next process as it was written, without the line that a crash tore', async () => {
    const journal = await create();
    await journal.record({ kind: 'gaveUp' });
    await journal.close();
    opened.pop();
    await appendFile(join(journal.folder, 'journal.jsonl'), '{"n":3,"at":"2026-');
    assert.deepEqual(
      (await readRun(workspace, 'r1')).map(({ n }) => n),
      [1, 2],
    );
    const again = await openRun(options());
    assert.ok(again);
    opened.push(again);
    await again.record({ kind: 'remembered' });
    assert.deepEqual(
      (await readRun(workspace, 'r1')).map(({ n, event }) => [n, event.kind]),
      [
        [1, 'ordered'],
        [2, 'gaveUp'],
        [3, 'remembered'],
      ],
    );
  });

  it('takes no secret that the outside world tells, and leaves a script as it is', async () => {
    const journal = await create((text) => text.replaceAll('s3cret"', '‹redacted›'));
    await journal.record({ kind: 'coded', code: { script: 'x = "s3cret"', origin: 'edited' } });
    await journal.record({
      kind: 'entered',
      state: { kind: 'broken', during: 'checking', message: 'PGPASSWORD="s3cret"' },
    });
    const [, coded, entered] = await readRun(workspace, 'r1');
    assert.deepEqual(coded?.event, { kind: 'coded', code: { script: 'x = "s3cret"', origin: 'edited' } });
    const state = { kind: 'broken', during: 'checking', message: 'PGPASSWORD="‹redacted›' };
    assert.deepEqual(entered?.event, { kind: 'entered', state });
  });

  it('is listed from its facts where a crash of the machine has emptied its summary', async () => {
    const journal = await create();
    await journal.record({ kind: 'entered', state: { kind: 'cancelled', during: 'executing' } });
    await writeFile(join(journal.folder, 'run.json'), '');
    assert.deepEqual(await states(), ['cancelled']);
  });

  it('belongs to one process at a time, and is free again when that lets go', async () => {
    const journal = await create();
    assert.equal(await openRun(options()), undefined);
    await journal.close();
    opened.pop();
    const racers = await Promise.all([openRun(options()), openRun(options()), openRun(options())]);
    const winners = racers.filter((each) => each !== undefined);
    opened.push(...winners);
    assert.equal(winners.length, 1);
  });

  it('is listed as interrupted when its process has died, and can be taken over by one of several', async () => {
    const journal = await create();
    await journal.record({ kind: 'entered', state: { kind: 'executing', attempt: 1 } });
    await journal.close();
    opened.pop();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const owner = { pid: child.pid, host: hostname(), start: 'long ago' };
    await writeFile(join(journal.folder, 'owner-1.json'), JSON.stringify(owner));
    assert.deepEqual(await states(), ['interrupted']);
    // The number of the dead process may have been given to another one.
    await writeFile(join(journal.folder, 'owner-1.json'), JSON.stringify({ ...owner, pid: process.pid }));
    assert.deepEqual(await states(), ['interrupted']);
    const racers = await Promise.all([openRun(options()), openRun(options()), openRun(options())]);
    const winners = racers.filter((each) => each !== undefined);
    opened.push(...winners);
    assert.equal(winners.length, 1);
    assert.deepEqual(await states(), ['running']);
  });

  it('of another machine is not called interrupted, and is taken over only by force', async () => {
    const journal = await create();
    await journal.close();
    opened.pop();
    const owner = { pid: 1, host: 'another-machine', start: 'x' };
    await writeFile(join(journal.folder, 'owner-1.json'), JSON.stringify(owner));
    assert.deepEqual(await states(), ['running']);
    assert.equal(await openRun(options()), undefined);
    const taken = await openRun({ ...options(), force: true });
    assert.ok(taken);
    opened.push(taken);
  });
});
