import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesOf } from '../../../src/cli/edits.ts';
import { readArguments } from '../../../src/cli/arguments.ts';
import type { JournalEntry, RunEvent } from '../../../src/agents/run/events.ts';
import { order, promptOrder } from '../../support/scriptedRun.ts';

const values = (...args: readonly string[]) => readArguments(['resume', 'r1', ...args]).values;

describe('what a run goes on with', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-edits-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const entriesOf = (...events: readonly RunEvent[]): readonly JournalEntry[] =>
    events.map((event, place) => ({ n: place + 1, at: order.instant, event }));
  const ordered = { kind: 'ordered', order } as const;
  const written = { kind: 'coded', code: { script: 'x = 1\n', origin: 'edited' } } as const;
  const spec = entriesOf(ordered);
  const coded = entriesOf(ordered, written);

  it('is nothing new where nothing was edited', async () => {
    await write('spec.datamorph.json', order.specText ?? '');
    await write('script.py', 'x = 1\n');
    assert.deepEqual(await changesOf(folder, coded, values()), {});
    await rm(join(folder, 'script.py'));
    assert.deepEqual(await changesOf(folder, coded, values()), {});
  });

  it('is the spec or the script that somebody edited in its folder', async () => {
    await write('spec.datamorph.json', '{ "name": "edited" }');
    assert.deepEqual(await changesOf(folder, spec, values()), { specText: '{ "name": "edited" }' });
    await write('spec.datamorph.json', order.specText ?? '');
    await write('script.py', 'x = 2\n');
    assert.deepEqual(await changesOf(folder, coded, values()), { script: 'x = 2\n' });
  });

  it('is a draft that the checker refused, once it is mended', async () => {
    const draft = entriesOf(
      { kind: 'ordered', order: promptOrder },
      { kind: 'planned', plan: { kind: 'draft', specText: '{}', problems: [] } },
    );
    await write('spec.datamorph.json', '{}');
    assert.deepEqual(await changesOf(folder, draft, values()), {});
    await write('spec.datamorph.json', '{ "name": "mended" }');
    assert.deepEqual(await changesOf(folder, draft, values()), { specText: '{ "name": "mended" }' });
  });

  it('is no edit where a process died before it had replaced its own file', async () => {
    const remedied = (remedy: object): RunEvent => ({
      kind: 'remedied',
      remedy: { layer: 'spec', reason: '', diff: '', ...remedy } as (RunEvent & { kind: 'remedied' })['remedy'],
    });
    await write('spec.datamorph.json', order.specText ?? '');
    const corrected = entriesOf(ordered, written, remedied({ kind: 'spec', specText: '{ "name": "corrected" }' }));
    assert.deepEqual(await changesOf(folder, corrected, values()), {});
    // Once it is checked the file is the corrected one, and whoever takes it back means it.
    const checked = [...corrected, ...entriesOf({ kind: 'checked', problems: [] })];
    assert.deepEqual(await changesOf(folder, checked, values()), { specText: order.specText });
    await write('script.py', 'x = 1\n');
    const restored = entriesOf(ordered, written, remedied({ kind: 'script', script: 'x = 0\n', origin: 'compiled' }));
    assert.deepEqual(await changesOf(folder, restored, values()), {});
  });

  it('is what the options name', async () => {
    await write('mine.json', '{}');
    await write('mine.py', 'x = 3\n');
    const options = ['--spec', join(folder, 'mine.json'), '--script', join(folder, 'mine.py'), '--until', 'code'];
    assert.deepEqual(await changesOf(folder, coded, values(...options, '--answer', 'q=a')), {
      until: 'code',
      answers: [{ question: 'q', answer: 'a' }],
      specText: '{}',
      script: 'x = 3\n',
    });
  });
});
