import assert from 'node:assert/strict';
import { Slots } from '../../../../src/services/localSpark/slots.ts';

const never = new AbortController().signal;
/** Lets everything go on that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the places for scripts side by side', () => {
  it('are given in the order in which they were asked for, and one that needs all waits for all', async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const take = async (name: string, count: number): Promise<() => void> => {
      const give = await slots.take(count, never);
      order.push(name);
      return give;
    };
    const [first, second, alone, last] = [take('first', 1), take('second', 1), take('alone', 2), take('last', 1)];
    await settle();
    assert.deepEqual(order, ['first', 'second']);
    (await first)();
    await settle();
    assert.deepEqual(order, ['first', 'second'], 'nobody overtakes');
    (await second)();
    await settle();
    assert.deepEqual(order, ['first', 'second', 'alone']);
    (await alone)();
    (await last)();
    assert.deepEqual(order, ['first', 'second', 'alone', 'last']);
  });

  it('are not held by one that has gone', async () => {
    const slots = new Slots(1);
    const give = await slots.take(1, never);
    const stop = new AbortController();
    const gone = slots.take(1, stop.signal);
    const next = slots.take(1, never);
    stop.abort();
    await assert.rejects(gone, { name: 'AbortError' });
    give();
    (await next)();
    await assert.rejects(slots.take(1, AbortSignal.abort()), { name: 'AbortError' });
  });
});
