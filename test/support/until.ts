import assert from 'node:assert/strict';

/** Asks again and again until it is so; a test that waits in vain fails within its patience. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'what was waited for has come in time');
    await new Promise(setImmediate);
  }
}
