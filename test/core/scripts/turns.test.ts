import assert from 'node:assert/strict';
import { createScreen, inTurns } from '../../../scripts/turns.mjs';

interface Item {
  readonly name: string;
  readonly turn?: string;
}

describe('suites side by side', () => {
  /** Runs the items, each of which ends when its name is said; tells what began and ended, in order. */
  async function told(items: readonly Item[], ends: readonly string[], atOnce = 2): Promise<string> {
    const events: string[] = [];
    const open = new Map<string, () => void>();
    const all = inTurns(items, {
      atOnce,
      run: ({ name }) =>
        new Promise<string>((resolve) => {
          events.push(`+${name}`);
          open.set(name, () => {
            events.push(`-${name}`);
            resolve(name);
          });
        }),
    });
    for (const name of ends) {
      open.get(name)?.();
      // Whatever follows from that is a matter of promises alone.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return `${events.join(' ')}: ${(await all).join(' ')}`;
  }

  it('are two at a time, begun in their order, and told in it', async () => {
    const items = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    assert.equal(await told(items, ['b', 'c', 'a']), '+a +b -b +c -c -a: a b c');
  });

  it('wait for their turn, and let others pass', async () => {
    const items = [{ name: 'a', turn: 'aws' }, { name: 'b', turn: 'aws' }, { name: 'c' }];
    assert.equal(await told(items, ['c', 'a', 'b']), '+a +c -c -a +b -b: a b c');
  });

  it('are one at a time where somebody says so', async () => {
    assert.equal(await told([{ name: 'a' }, { name: 'b' }], ['a', 'b'], 1), '+a -a +b -b: a b');
  });
});

describe('the screen of several suites', () => {
  it('shows one as it goes and the others behind it, each whole', () => {
    let seen = '';
    const screen = createScreen((text) => {
      seen += text;
    });
    const [one, two, three] = [screen.speaker(), screen.speaker(), screen.speaker()];
    one.write('a');
    two.write('1');
    three.write('x');
    two.write('2');
    two.end();
    one.write('b');
    assert.equal(seen, 'ab');
    one.end();
    assert.equal(seen, 'ab12x');
    three.write('y');
    three.end();
    assert.equal(seen, 'ab12xy');
  });
});
