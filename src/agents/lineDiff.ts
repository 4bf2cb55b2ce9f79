/** The changes from one text to the other, as a unified diff; empty where they are equal. */
export function lineDiff(before: string, after: string, name: string): string {
  const edits = editsOf(before.split('\n'), after.split('\n'));
  if (edits.every(({ sign }) => sign === ' ')) return '';
  return [`--- ${name}`, `+++ ${name}`, ...hunks(edits)].join('\n') + '\n';
}

interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** By the longest common subsequence of lines; what is equal at both ends needs no table. */
function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const same = (texts: readonly string[]): readonly Edit[] => texts.map((text) => ({ sign: ' ', text }));
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

/** Two texts that are both long and wholly different are not worth the memory of a table. */
const mostCells = 4_000_000;

function middle(a: readonly string[], b: readonly string[]): readonly Edit[] {
  if (a.length * b.length > mostCells) {
    return [...a.map((text) => ({ sign: '-', text }) as const), ...b.map((text) => ({ sign: '+', text }) as const)];
  }
  const length = lengths(a, b);
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]];
    if (i < a.length && j < b.length && left === right) {
      edits.push({ sign: ' ', text: left });
      [i, j] = [i + 1, j + 1];
    } else if (j === b.length || (i < a.length && at(length, i + 1, j) >= at(length, i, j + 1))) {
      edits.push({ sign: '-', text: left });
      i++;
    } else {
      edits.push({ sign: '+', text: right });
      j++;
    }
  }
  return edits;
}

function lengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i];
      if (!row) continue;
      row[j] = a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const at = (table: readonly Uint32Array[], i: number, j: number): number => table[i]?.[j] ?? 0;

const context = 3;

function hunks(edits: readonly Edit[]): readonly string[] {
  const near = edits.map((_, place) =>
    edits.slice(Math.max(0, place - context), place + context + 1).some(({ sign }) => sign !== ' '),
  );
  const lines: string[] = [];
  let [old, fresh] = [1, 1];
  for (const [place, { sign, text }] of edits.entries()) {
    if (near[place]) {
      if (!near[place - 1]) lines.push(header(edits.slice(place), near.slice(place), [old, fresh]));
      lines.push(`${sign}${text}`);
    }
    if (sign !== '+') old++;
    if (sign !== '-') fresh++;
  }
  return lines;
}

function header(
  rest: readonly Edit[],
  near: readonly boolean[],
  [old, fresh]: readonly [old: number, fresh: number],
): string {
  const end = near.indexOf(false);
  const hunk = rest.slice(0, end < 0 ? rest.length : end);
  const count = (not: Edit['sign']): number => hunk.filter(({ sign }) => sign !== not).length;
  return `@@ -${old},${count('+')} +${fresh},${count('-')} @@`;
}
