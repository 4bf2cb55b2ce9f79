import assert from 'node:assert/strict';
import { problemText, stateText, tableText } from '../../../src/services/terminal.ts';

describe('what a terminal is told', () => {
  it('names the place of a problem as compilers do', () => {
    const problem = {
      code: 'unknown-column',
      severity: 'error',
      message: 'There is no column idd.',
      span: { offset: 8, length: 3 },
    } as const;
    assert.equal(
      problemText(problem, '{\n  "a": idd\n}', 'x.datamorph.json'),
      'x.datamorph.json:2:7: error: There is no column idd. [unknown-column]',
    );
  });

  it('prints a state with the seconds since the start', () => {
    const clock = { startedAt: new Date(0), now: new Date(12_340) };
    const failed = { kind: 'executionFailed', message: 'division by zero', step: 'totals', line: 12 } as const;
    assert.equal(stateText(failed, clock), '  12.3 s  Failed in step totals (script line 12): division by zero');
    const verdict = { kind: 'notCompared', reason: 'It appends.' } as const;
    assert.equal(stateText({ kind: 'finished', verdict }, clock), '  12.3 s  Not compared: It appends.');
  });

  it('prints rows in columns, with long texts cut', () => {
    const rows = [
      { id: 1, name: null },
      { id: 20, name: 'x'.repeat(50) },
    ];
    assert.equal(
      tableText('t', ['id', 'name'], rows),
      `t:
id  name
--  ----------------------------------------
1   NULL
20  ${'x'.repeat(39)}…
…`,
    );
  });
});
