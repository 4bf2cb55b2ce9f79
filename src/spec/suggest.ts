/** The candidate that the writer most likely meant, or nothing where none comes near. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  // A third of the letters may be wrong: beyond that a suggestion is a guess.
  let limit = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let best: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate), limit);
    if (distance < limit) {
      best = candidate;
      limit = distance;
      if (distance === 0) break;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, to be put after a sentence; empty where there is no suggestion. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;

/** How names are compared: without case and without what joins their parts. */
const plain = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** Edits and swaps of neighbours between two words; `limit` is returned as soon as it cannot be less. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const cost = stepCost({ a, b, row, column, current, last, beforeLast });
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return Math.min(limit, last[b.length] ?? limit);
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly column: number;
  readonly current: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function stepCost({ a, b, row, column, current, last, beforeLast }: Cell): number {
  const at = (line: readonly number[], index: number): number => line[index] ?? Number.MAX_SAFE_INTEGER;
  const same = a[row - 1] === b[column - 1];
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return Math.min(
    at(last, column) + 1,
    at(current, column - 1) + 1,
    at(last, column - 1) + (same ? 0 : 1),
    swapped ? at(beforeLast, column - 2) + 1 : Number.MAX_SAFE_INTEGER,
  );
}
