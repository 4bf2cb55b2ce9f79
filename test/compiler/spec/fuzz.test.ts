import assert from 'node:assert/strict';
import { readSpec } from '../../../src/spec/read.ts';
import { everything } from './samples.ts';

describe('reading anything at all', () => {
  const sample = JSON.stringify(everything, undefined, 2);

  it('answers 10,000 mutated and truncated specs with problems inside the document, never with an exception', function () {
    this.timeout(120_000);
    const random = randomOf(20261121);
    let wrong = 0;
    for (let round = 0; round < 10_000; round++) {
      const text = mutated(sample, random);
      const { problems, spec } = readOrExplain(text, round);
      for (const { span, message, fix } of problems) {
        const inside = span.offset >= 0 && span.length >= 0 && span.offset + span.length <= text.length;
        assert.ok(inside, `round ${round}: "${message}" points outside: ${JSON.stringify(span)} of ${text.length}`);
        assert.ok(message.length > 0 && message.length < 500, `round ${round}: ${message}`);
        for (const edit of fix?.edits ?? []) {
          assert.ok(edit.offset + edit.length <= text.length, `round ${round}: the fix of "${message}" lies outside`);
        }
      }
      if (!spec) assert.notDeepEqual(problems, [], `round ${round} has neither a spec nor a problem:\n${text}`);
      if (problems.length > 0) wrong += 1;
    }
    assert.ok(wrong > 9000, `only ${wrong} of 10,000 mutations made a wrong document: the mutations are too tame`);
  });

  it('answers documents that are no specs', () => {
    for (const text of [
      '',
      ' ',
      'null',
      '[]',
      '1',
      '"',
      '{',
      '}',
      '[[[[',
      '\uFEFF{}',
      '{"__proto__": 1}',
      '//',
      '/*',
      '1e999',
    ]) {
      assert.notDeepEqual(readSpec(text).problems, [], text);
    }
  });

  it('answers a document nested far too deep', () => {
    const { problems } = readSpec('{"steps":' + '['.repeat(200_000));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['too-deep'],
    );
  });
});

function readOrExplain(text: string, round: number): ReturnType<typeof readSpec> {
  try {
    return readSpec(text);
  } catch (error) {
    throw new Error(`round ${round} threw on:\n${text}`, { cause: error });
  }
}

type Random = (below: number) => number;

/** Mulberry32: the same seed gives the same documents. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const scraps = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    'null',
    'true',
    '-1',
    '1e999',
    '""',
    '{}',
    '[]',
    '"x"',
    '/*',
    '//',
    '\n',
  ],
  ...[
    '\\u0000',
    '\\ud83d',
    '"kind": "join"',
    '"__proto__"',
    '"constructor"',
    '"toString"',
    '😀',
    '\u0000',
    '$',
    "'; drop",
    '`',
  ],
];

function mutated(sample: string, random: Random): string {
  let text = sample;
  if (random(4) === 0) text = text.slice(0, random(text.length + 1));
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(text.length + 1);
    const length = random(3) === 0 ? random(80) : random(4);
    const scrap = random(3) === 0 ? '' : (scraps[random(scraps.length)] ?? '');
    text = random(6) === 0 ? swapValues(text, random) : text.slice(0, at) + scrap + text.slice(at + length);
  }
  return text;
}

/** Puts one line's value in the place of another's: well-formed JSON of the wrong meaning. */
function swapValues(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = lines[random(lines.length)]?.replace(/^[^:]*:/, '') ?? '';
  const at = random(lines.length);
  const line = lines[at] ?? '';
  lines[at] = line.includes(':') ? line.replace(/:.*$/, () => `:${from}`) : from;
  return lines.join('\n');
}
