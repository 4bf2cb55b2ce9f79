import assert from 'node:assert/strict';
import { failureOf } from '../../../src/services/localSpark.ts';

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
    const out = ['datamorph: {"event": "start"}', 'datamorph: {"event": "error", "code": "refused", "message": "No."}'];
    assert.deepEqual(failureOf({ out, err, code: 4, script }), {
      kind: 'failed',
      reason: 'script',
      message: 'No.',
      line: 31,
    });
  });

  it('falls back to the error of the traceback', () => {
    const err = ['  File "/job/script.py", line 3', '    x = = 1', 'SyntaxError: invalid syntax'];
    assert.deepEqual(failureOf({ out: [], err, code: 1, script }), {
      kind: 'failed',
      reason: 'script',
      message: 'SyntaxError: invalid syntax',
      line: 3,
    });
  });

  it('says so when the process ended without a word', () => {
    assert.deepEqual(failureOf({ out: [], err: [], code: 137, script }), {
      kind: 'failed',
      reason: 'script',
      message: 'The job ended with status 137 and said nothing more.',
    });
  });
});
