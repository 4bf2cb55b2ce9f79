// Several suites at a time: the long ones wait for Spark and for editors more than for a processor.

/**
 * Works on the items in their order, `atOnce` of them side by side; those that share a turn follow one another.
 * @template {{ readonly turn?: string }} Item
 * @template Result
 * @param {readonly Item[]} items
 * @param {{ atOnce: number, run: (item: Item) => Promise<Result> }} options
 * @returns {Promise<Result[]>} in the order of the items
 */
export async function inTurns(items, { atOnce, run }) {
  /** @type {Result[]} */
  const results = [];
  const waiting = items.map((item, place) => ({ item, place }));
  /** @type {Set<string>} */
  const taken = new Set();
  /** @type {Set<Promise<void>>} */
  const running = new Set();

  /** @param {{ item: Item, place: number }} next */
  const start = ({ item, place }) => {
    const { turn } = item;
    if (turn !== undefined) taken.add(turn);
    const work = run(item).then((result) => {
      results[place] = result;
      running.delete(work);
      if (turn !== undefined) taken.delete(turn);
    });
    running.add(work);
  };

  while (waiting.length > 0 || running.size > 0) {
    while (running.size < atOnce) {
      const next = waiting.find(({ item: { turn } }) => turn === undefined || !taken.has(turn));
      if (!next) break;
      waiting.splice(waiting.indexOf(next), 1);
      start(next);
    }
    await Promise.race(running);
  }
  return results;
}

/**
 * One screen for all of them: the first that speaks is seen as it goes, the others when it has ended.
 * @param {(text: string) => void} write
 */
export function createScreen(write) {
  /** @type {{ text: string, ended: boolean }[]} */
  const speakers = [];
  const showNext = () => {
    while (speakers[0]?.ended) {
      speakers.shift();
      if (speakers[0]) write(speakers[0].text);
    }
  };
  return {
    /** @returns {{ write: (text: string) => void, end: () => void }} */
    speaker() {
      const mine = { text: '', ended: false };
      speakers.push(mine);
      return {
        write(text) {
          if (speakers[0] === mine) write(text);
          else mine.text += text;
        },
        end() {
          mine.ended = true;
          showNext();
        },
      };
    },
  };
}
