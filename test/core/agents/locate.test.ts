import assert from 'node:assert/strict';
import { resume, run } from '../../../src/agents/orchestrator.ts';
import type { JobResult } from '../../../src/agents/engine.ts';
import type { JournalEntry } from '../../../src/agents/run/events.ts';
import { recordOf } from '../../../src/agents/run/record.ts';
import type { RunStop } from '../../../src/agents/runState.ts';
import { placeIn, type Ran } from '../../../src/agents/validation/scriptPlace.ts';
import type { Snapshots } from '../../../src/agents/validation/snapshot.ts';
import { order, programs, scripted, type Script, type Scripted } from '../../support/scriptedRun.ts';

const steps = [{ name: 'totals', index: 0, inputs: [], columns: [], keys: [], sql: 'select 1' }];
const rowsOf = (count: string): string =>
  `datamorph: {"event": "rows", "step": "totals", "count": ${count}, "fingerprint": "7", "columns": []}`;

const changes = {
  missing: '1',
  unexpected: '0',
  changed: '0',
  by_column: [],
  rows: [{ kind: 'missing', expected: '{}' }],
};

/** What PostgreSQL says of the step, whatever it is asked. */
const snapshots = (rows: string): Snapshots => ({
  snapshot: (work, { signal }) =>
    work({
      ...{ signal, id: '1:1:' },
      refusal: () => undefined,
      select: <Row extends object>(sql: string) =>
        Promise.resolve([(sql.includes('as fingerprint') ? { rows, fingerprint: '7' } : changes) as Row]),
    }),
});

const differs: Script = { missing: 1, compiled: { problems: [], programs, steps }, output: [rowsOf('3')] };

async function ran(script: Script, entries?: readonly JournalEntry[]): Promise<Scripted & { readonly last: RunStop }> {
  const first: JournalEntry = { n: 1, at: order.instant, event: { kind: 'ordered', order } };
  const set = scripted(script, entries ?? [first]);
  const options = { ports: set.ports, signal: new AbortController().signal, onState: () => undefined };
  return { ...set, last: await (entries ? resume({}, options) : run(options)) };
}

const divergenceIn = ({ journal }: Scripted) => recordOf(journal.entries)?.located?.divergence;
const after = (events: readonly string[], event: string): readonly string[] => events.slice(events.indexOf(event));

describe('looking for the step that went wrong', () => {
  it('costs a run that passes nothing', async () => {
    const { events } = await ran({ ...differs, missing: 0, ports: { snapshots: snapshots('3') } });
    assert.deepEqual(
      events.filter((event) => event.startsWith('job')),
      ['job r1'],
    );
  });

  it('runs the job once more, names the step, and looks at its rows in a third run that leaves nothing', async () => {
    const found = await ran({ ...differs, ports: { snapshots: snapshots('4') } });
    assert.deepEqual(after(found.events, 'state locating'), [
      ...[
        'state locating',
        'job r1-trace',
        'compile',
        'job r1-kept',
        'give up r1-kept',
        'keep report.md',
        'fact located',
      ],
      'state finished',
    ]);
    assert.deepEqual(divergenceIn(found), {
      ...{ kind: 'step', step: 'totals', index: 0, expectedRows: '4', actualRows: '3', unseen: [] },
      changes: {
        keys: [],
        missing: 1,
        unexpected: 0,
        changed: 0,
        byColumn: {},
        rows: [{ kind: 'missing', expected: '{}' }],
      },
      lines: { first: 2, last: 2 },
    });
    assert.equal(found.last.kind === 'finished' && found.last.verdict.kind, 'failed');
  });

  it('says that every step agrees where it does', async () => {
    const found = await ran({ ...differs, ports: { snapshots: snapshots('3') } });
    assert.deepEqual(divergenceIn(found), { kind: 'behind', step: 'totals', unseen: [] });
    assert.ok(!found.events.includes('job r1-kept'));
  });

  it('leaves the verdict as it is where the second run fails', async () => {
    const results: readonly JobResult[] = [
      { kind: 'succeeded' },
      { kind: 'failed', reason: 'memory', message: 'Out of memory.' },
    ];
    const found = await ran({ ...differs, results, ports: { snapshots: snapshots('4') } });
    assert.equal(divergenceIn(found), undefined);
    assert.equal(found.last.kind === 'finished' && found.last.verdict.kind, 'failed');
  });

  it('takes it up again where its process died, by the ids that the engine knows', async () => {
    const stop = new Error('The process died.');
    const onEvent = (event: string): void => {
      if (event === 'fact located') throw stop;
    };
    const died = await ran({ ...differs, onEvent, ports: { snapshots: snapshots('4') } });
    assert.equal(died.last.kind, 'broken');
    const found = await ran({ ...differs, ports: { snapshots: snapshots('4') } }, died.journal.entries);
    assert.deepEqual(
      found.events.filter((event) => event.startsWith('job')),
      ['job r1-trace', 'job r1-kept'],
    );
    assert.equal(divergenceIn(found)?.kind, 'step');
  });
});

describe('the lines of a step', () => {
  const compiled = [
    ...['job = Job.start("x")', '', '# orders: read', 'orders = job.read()', ''],
    ...['# paid: the paid ones', 'paid = orders.where("x")', 'paid = paid.cache()', ''],
    ...[
      '# totals: sums',
      'totals = paid.groupBy()',
      '',
      '# The target: all of t',
      'job.trace({})',
      'job.write(totals)',
      '',
    ],
  ];
  const sourceMap: Ran['sourceMap'] = {
    blocks: [
      { name: 'orders', part: 'source', firstLine: 4, lastLine: 4 },
      { name: 'paid', part: 'step', firstLine: 7, lastLine: 8 },
      { name: 'totals', part: 'step', firstLine: 11, lastLine: 11 },
      { name: 'target', part: 'target', firstLine: 14, lastLine: 15 },
    ],
  };
  const known = [
    { name: 'paid', inputs: ['orders'] },
    { name: 'totals', inputs: ['paid'] },
  ];
  const place = (lines: readonly string[], step?: string): ReturnType<typeof placeIn> =>
    placeIn({ script: lines.join('\n'), compiled: compiled.join('\n'), sourceMap, steps: known }, step);
  const without = (start: string): readonly string[] => compiled.filter((line) => !line.startsWith(start));

  it('are the compiler’s own in its own script', () => {
    assert.deepEqual(place(compiled, 'paid'), { first: 7, last: 8 });
    assert.deepEqual(place(compiled), { first: 14, last: 15 });
  });

  it('are told by the comments in an edited one, wherever they went', () => {
    assert.deepEqual(place(['import os', ...compiled], 'paid'), { first: 8, last: 9 });
    assert.deepEqual(place(['import os', ...compiled]), { first: 15, last: 16 });
    const moved = [...compiled.slice(0, 5), ...compiled.slice(9, 12), ...compiled.slice(5, 9), ...compiled.slice(12)];
    assert.deepEqual(place(moved, 'totals'), { first: 7, last: 7 });
  });

  it('are those of the nearest step before it where its comment is gone', () => {
    assert.deepEqual(place(without('# totals'), 'totals'), { first: 7, last: 10, near: 'paid' });
    assert.deepEqual(place(without('# paid'), 'paid'), { first: 4, last: 7, near: 'orders' });
  });

  it('are unknown where nothing is left of the comments', () => {
    assert.equal(place(without('#'), 'totals'), undefined);
    assert.equal(place(['job.write(spark.table("x"))'], 'paid'), undefined);
  });
});
