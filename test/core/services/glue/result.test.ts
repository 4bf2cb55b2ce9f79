import assert from 'node:assert/strict';
import type { JobRun } from '@aws-sdk/client-glue';
import { Evidence } from '../../../../src/services/glue/evidence.ts';
import { isOver, resultOf } from '../../../../src/services/glue/result.ts';

function failed(lines: readonly string[], run: JobRun = {}) {
  const evidence = new Evidence('abc.py');
  for (const line of lines) evidence.add(line);
  const result = resultOf({ JobRunState: 'FAILED', ExecutionTime: 7, MaxCapacity: 2, ...run }, evidence);
  assert.equal(result.kind, 'failed');
  return result;
}

const traceback = [
  'Traceback (most recent call last):',
  '  File "/tmp/abc.py", line 4, in <module>',
  '    total()',
  '  File "/tmp/abc.py", line 2, in total',
  '  File "/opt/amazon/lib/pyspark/sql.py", line 99, in sql',
  'pyspark.errors.exceptions.captured.ArithmeticException: [DIVIDE_BY_ZERO] Division by zero.',
];

describe('the end of a Glue run', () => {
  it('is told by the runtime before anybody else', () => {
    const report = 'datamorph: {"event": "error", "code": "refused", "message": "orders is also a source"}';
    const { reason, message, line } = failed([...traceback, report], { ErrorMessage: 'SystemExit: 4' });
    assert.deepEqual({ reason, message, line }, { reason: 'refused', message: 'orders is also a source', line: 2 });
  });

  it('is told by Glue where no log came: message and line, without its categories', () => {
    const ErrorMessage = 'Error Category: QUERY_ERROR; Failed Line Number: 12; Spark Error Class: DIVIDE_BY_ZERO; ArithmeticException: Division by zero.'; // prettier-ignore
    const { reason, message, line } = failed([], { ErrorMessage });
    assert.deepEqual({ reason, message, line }, { reason: 'script', message: 'ArithmeticException: Division by zero.', line: 12 }); // prettier-ignore
  });

  for (const text of [
    'Command failed with exit code 137',
    'Error Category: OUT_OF_MEMORY_ERROR; An error occurred while calling o80.save. Java heap space',
    'Job aborted: ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason: Container killed by YARN for exceeding memory limits.',
  ]) {
    it(`is memory where Glue says "${text.slice(0, 45)}…"`, () => {
      assert.equal(failed(traceback, { ErrorMessage: text }).reason, 'memory');
    });
  }

  it('is no memory where a script only talks of it', () => {
    assert.equal(failed(['we never have a MemoryError here', ...traceback]).reason, 'script');
  });

  it('costs what Glue reports, or the time of its capacity', () => {
    assert.deepEqual(failed([]).cost, { seconds: 7, dpuSeconds: 14 });
    assert.deepEqual(failed([], { DPUSeconds: 9.5 }).cost, { seconds: 7, dpuSeconds: 9.5 });
  });

  it('is known for all ten states, and for one that is not known', () => {
    const over = ['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'] as const;
    for (const JobRunState of over) assert.ok(isOver({ JobRunState }), JobRunState);
    for (const JobRunState of ['WAITING', 'STARTING', 'RUNNING', 'STOPPING'] as const)
      assert.ok(!isOver({ JobRunState, CompletedOn: new Date() }), JobRunState);
    const JobRunState = 'HIBERNATING' as 'RUNNING';
    assert.deepEqual([isOver({ JobRunState }), isOver({ JobRunState, CompletedOn: new Date() })], [false, true]);
  });
});
