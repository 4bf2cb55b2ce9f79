import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { readLines, Tail } from '../../../../src/services/localSpark/lines.ts';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (line) => lines.push(line));
  return lines;
}

describe('the lines of an output', () => {
  it('come whole, however the output is cut', async () => {
    assert.deepEqual(await linesOf('a\nb', 'c\r\n', '\n', 'last'), ['a', 'bc', '', 'last']);
    const [head, tail] = [Buffer.from('größe\n').subarray(0, 3), Buffer.from('größe\n').subarray(3)];
    assert.deepEqual(await linesOf(head, tail), ['größe']);
    assert.deepEqual(await linesOf(), []);
  });

  it('are cut where they never end, and lose nothing', async () => {
    const pieces = await linesOf(...Array.from({ length: 300 }, () => 'x'.repeat(1000)), '\nend\n');
    assert.equal(pieces.at(-1), 'end');
    assert.ok(pieces.every(({ length }) => length <= 64 * 1024));
    assert.equal(pieces.slice(0, -1).join('').length, 300_000);
  });

  it('are kept at their end only', () => {
    const tail = new Tail();
    for (let number = 0; number < 1000; number++) tail.add(`line ${number}`);
    assert.equal(tail.lines.length, 400);
    assert.equal(tail.lines.at(-1), 'line 999');
    for (let number = 0; number < 10; number++) tail.add('x'.repeat(60_000));
    assert.equal(tail.lines.length, 4);
  });
});
