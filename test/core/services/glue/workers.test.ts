import assert from 'node:assert/strict';
import { workersFor } from '../../../../src/services/glue/workers.ts';

const gibibyte = 2 ** 30;

describe('the size of a Glue run', () => {
  for (const [bytes, type, count] of [
    [0, 'G.1X', 2],
    [8 * gibibyte, 'G.1X', 2],
    [8 * gibibyte + 1, 'G.1X', 3],
    [72 * gibibyte, 'G.1X', 10],
    [72 * gibibyte + 1, 'G.2X', 6],
    [5000 * gibibyte, 'G.2X', 10],
  ] as const) {
    it(`is ${count} of ${type} for ${bytes} bytes`, () => {
      assert.deepEqual(workersFor({ rows: 1, bytes }), { type, count });
    });
  }

  it('is three of G.1X where nobody knows', () => {
    assert.deepEqual(workersFor(undefined), { type: 'G.1X', count: 3 });
  });
});
