import assert from 'node:assert/strict';
import { JobReports } from '../../../src/agents/jobReports.ts';
import { lineDiff } from '../../../src/agents/lineDiff.ts';
import { attend } from '../../../src/agents/run/attend.ts';
import { mirrored } from '../../../src/agents/run/mirror.ts';
import { scripted } from '../../support/scriptedRun.ts';

describe('the difference of two scripts', () => {
  it('is what a patch tool takes, with three lines around each change', () => {
    const before = Array.from({ length: 20 }, (_, place) => `line ${place + 1}`);
    const after = before.filter((line) => line !== 'line 5').map((line) => (line === 'line 15' ? 'changed' : line));
    assert.equal(
      lineDiff(before.join('\n'), after.join('\n'), 'script.py'),
      `--- script.py
+++ script.py
@@ -2,7 +2,6 @@
 line 2
 line 3
 line 4
-line 5
 line 6
 line 7
 line 8
@@ -12,7 +11,7 @@
 line 12
 line 13
 line 14
-line 15
+changed
 line 16
 line 17
 line 18
`,
    );
    assert.equal(lineDiff('same', 'same', 'script.py'), '');
  });
});

describe('the reports of a job', () => {
  const reportsOf = (...events: readonly object[]): JobReports => {
    const reports = new JobReports();
    for (const event of events) reports.add(`datamorph: ${JSON.stringify(event)}`);
    reports.add('datamorph: no JSON');
    reports.add('a line of the script');
    return reports;
  };

  it('tell how far its sources were read, what is visible, and the columns of the last step', () => {
    const { marks, staged, published, schema } = reportsOf(
      { event: 'mark', source: 'orders', value: '5' },
      { event: 'rows', step: 'totals', count: 3, columns: ['id', 'total'] },
      { event: 'staged', table: 't', rows: 3 },
      { event: 'published', table: 't', rows: 3, repeated: false },
    );
    assert.deepEqual([marks, staged, published, schema], [{ orders: '5' }, true, true, 'totals: id, total']);
  });

  it('tell no marks of rows that an earlier execution made visible', () => {
    const repeated = { event: 'published', table: 't', rows: 0, repeated: true };
    assert.deepEqual(reportsOf({ event: 'mark', source: 'orders', value: '5' }, repeated).marks, {});
  });
});

describe('a step', () => {
  const attendance = { signal: new AbortController().signal, seconds: 10, retries: 2, stops: false, what: 'check' };

  it('is repeated as often as its rule says, where the failure may pass', async () => {
    let tries = 0;
    const work = (): Promise<never> => Promise.reject(Object.assign(new Error(`${++tries}`), { isRetryable: true }));
    await assert.rejects(attend({ ...attendance, retries: 1 }, work), { message: '2' });
    tries = 0;
    const other = (): Promise<never> => Promise.reject(new Error(`${++tries}`));
    await assert.rejects(attend(attendance, other), { message: '1' });
  });

  it('that ends its work itself is waited for, and what it says then counts', async () => {
    const abort = new AbortController();
    const work = (signal: AbortSignal): Promise<string> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve('published nevertheless');
        });
        abort.abort();
      });
    const told = await attend({ ...attendance, signal: abort.signal, stops: true }, work);
    assert.equal(told, 'published nevertheless');
  });
});

describe('the second home of what a run makes', () => {
  it('gets everything in order, and never stops the run', async () => {
    const { journal } = scripted({}, []);
    const stored: string[] = [];
    const troubles: string[] = [];
    const copies = mirrored(journal, {
      artifacts: {
        put: ({ name }) => {
          if (name === 'script.py') return Promise.reject(new Error('no bucket'));
          stored.push(name);
          return Promise.resolve();
        },
        get: () => Promise.resolve(undefined),
      },
      signal: new AbortController().signal,
      onTrouble: (name) => troubles.push(name),
    });
    for (const name of ['prompt.txt', 'script.py', 'report.md']) await copies.keep(name, '');
    await copies.settled();
    assert.deepEqual([stored, troubles], [['prompt.txt', 'report.md'], ['script.py']]);
  });
});
