import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readGlossary } from '../../../src/agents/glossary.ts';

describe('the glossary of a workspace', () => {
  it('is an object of terms and meanings, with comments where somebody wants them', () => {
    const text =
      '{\n  // sales\n  "active customer": " ordered within 90 days ",\n  "GMV": "gross, returns included",\n}';
    assert.deepEqual(readGlossary(text), {
      terms: [
        { term: 'active customer', meaning: 'ordered within 90 days' },
        { term: 'GMV', meaning: 'gross, returns included' },
      ],
      problems: [],
    });
  });

  it('says what is wrong and where, and gives the rest', () => {
    const text = `{"a": 1, "  ": "x", "b": "", "c": "good", "C": "again", "d": ${JSON.stringify('x'.repeat(601))}}`;
    const { terms, problems } = readGlossary(text);
    assert.deepEqual(terms, [{ term: 'c', meaning: 'good' }]);
    assert.deepEqual(
      problems.map(({ message, span }) => [text.slice(span.offset, span.offset + span.length), message]),
      [
        ['a', 'The meaning of "a" is a text.'],
        ['  ', 'A term has at least a letter.'],
        ['b', 'The meaning of "b" is a text.'],
        ['C', '"C" stands here twice.'],
        ['d', 'A meaning has at most 600 characters: a model reads no more of it.'],
      ],
    );
  });

  it('takes whatever else a file holds as a problem, never as an exception', () => {
    for (const text of ['', '[]', 'null', '"x"', '{"a"', '\u0000', '{"a": "b"', '['.repeat(5000)]) {
      const { terms, problems } = readGlossary(text);
      assert.deepEqual([terms, problems.length > 0], [[], true], text);
    }
    assert.deepEqual(readGlossary('{"__proto__": "a", "constructor": "b"}').terms, [
      { term: '__proto__', meaning: 'a' },
      { term: 'constructor', meaning: 'b' },
    ]);
  });
});
