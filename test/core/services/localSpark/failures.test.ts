import assert from 'node:assert/strict';
import { failureOf } from '../../../../src/services/localSpark/failures.ts';

const script = '/job/script.py';

describe('what a job that failed says', () => {
  it("takes the runtime's own words, and the last line of the script in the traceback", () => {
    const err = [
      'Traceback (most recent call last):',
      '  File "/job/script.py", line 31, in <module>',
      '    job.write(totals)',
      '  File "/runtime/datamorph/job.py", line 140, in write',
      'datamorph.errors.JobError: orders is also a source',
    ];
    const reported = { event: 'error', code: 'refused', message: 'No.' };
    assert.deepEqual(failureOf({ reported, err, code: 4, script }), {
      kind: 'failed',
      reason: 'refused',
      message: 'No.',
      line: 31,
    });
  });

  it('falls back to the error of the traceback', () => {
    const err = ['  File "/job/script.py", line 3', '    x = = 1', 'SyntaxError: invalid syntax'];
    assert.deepEqual(failureOf({ reported: undefined, err, code: 1, script }), {
      kind: 'failed',
      reason: 'script',
      message: 'SyntaxError: invalid syntax',
      line: 3,
    });
  });

  it('finds an error of any name, and what Java said', () => {
    const messageOf = (...err: readonly string[]): string =>
      failureOf({ reported: undefined, err: ['Traceback (most recent call last):', ...err], code: 1, script }).message;
    assert.equal(
      messageOf('  File "x", line 1', '    a()', 'shop.TooLate: no', 'Error: told later'),
      'shop.TooLate: no',
    );
    assert.equal(
      messageOf('  File "x", line 1', 'py4j.protocol.Py4JJavaError: An error occurred.', ': java.lang.X: no', '\tat y'),
      'java.lang.X: no',
    );
  });

  it('says so when the process ended without a word', () => {
    const silent = { reported: undefined, err: [], script };
    assert.deepEqual(failureOf({ ...silent, code: 137 }), {
      kind: 'failed',
      reason: 'script',
      message: 'The job ended with status 137 and said nothing more.',
    });
    assert.deepEqual(failureOf({ ...silent, code: null, signal: 'SIGSEGV' }), {
      kind: 'failed',
      reason: 'script',
      message: "The script's Python process was ended by SIGSEGV.",
    });
  });

  it('sees memory behind its many names', () => {
    const reasonFor = (err: readonly string[], signal?: string): string =>
      failureOf({ reported: undefined, err, code: signal ? null : 1, script, ...(signal && { signal }) }).reason;
    assert.equal(reasonFor(['MemoryError']), 'memory');
    assert.equal(
      reasonFor(['py4j.protocol.Py4JJavaError: x', ': java.lang.OutOfMemoryError: Java heap space']),
      'memory',
    );
    assert.equal(reasonFor([], 'SIGKILL'), 'memory');
    assert.equal(reasonFor(['ValueError: no']), 'script');
  });
});
