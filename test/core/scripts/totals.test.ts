import assert from 'node:assert/strict';
import { judge, report } from '../../../scripts/totals.mjs';

const WHOLE = JSON.stringify({ passed: 3, failed: 0, skipped: 1, failures: [] });
const WRONG = JSON.stringify({ passed: 2, failed: 1, skipped: 0, failures: [{ title: 'adds up' }] });
const NOTHING = JSON.stringify({ passed: 0, failed: 0, skipped: 0, failures: [] });

describe('judging a suite by its result and its end', () => {
  const told = (code: number | null, text: string | undefined, timedOut = false): string => {
    const { passed, failed, skipped, failures } = judge({ code, timedOut, text });
    return [`${passed} ${failed} ${skipped}`, ...failures].join('; ');
  };

  it('believes a whole result', () => {
    assert.equal(told(0, WHOLE), '3 0 1');
    assert.equal(told(1, WRONG), '2 1 0; adds up');
  });

  it('never takes a crash, a time-out or silence for success', () => {
    assert.equal(told(0, undefined), '0 1 0; left no result (exit code 0)');
    assert.equal(told(139, '{"passed":3,'), '0 1 0; left no result (exit code 139)');
    assert.equal(told(0, '{"passed":3}'), '0 1 0; left no result (exit code 0)');
    assert.equal(told(null, WHOLE, true), '3 1 1; ended by its time limit (exit code null)');
    assert.equal(told(1, WHOLE), '3 1 1; its runner ended with exit code 1');
    assert.equal(told(0, NOTHING), '0 1 0; ran no test');
  });
});

describe('the report of a run', () => {
  const lint = { name: 'lint', ms: 4200, passed: 1, failed: 0, skipped: 0, failures: [] };
  const core = { name: 'core', ms: 61_000, passed: 7, failed: 1, skipped: 2, failures: ['adds up'] };

  it('ends with the plain line over everything', () => {
    assert.equal(
      report([lint, core]),
      `
lint           1 passed, 0 failed                 4.2 s
core           7 passed, 1 failed, 2 skipped      1 min 1 s

Failed:
  core: adds up

8 passed, 1 failed, 2 skipped`,
    );
  });

  it('leaves out what is not there', () => {
    assert.equal(report([lint]).split('\n').at(-1), '1 passed, 0 failed');
  });
});
