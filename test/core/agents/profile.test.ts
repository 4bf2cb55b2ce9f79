import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createMasker } from '../../../src/agents/personalData/masker.ts';
import { patternOf } from '../../../src/agents/profile/pattern.ts';
import { summariseColumn, type ColumnEvidence } from '../../../src/agents/profile/summarise.ts';

const profile = (name: string, type: string, rest: Partial<ColumnEvidence>) =>
  summariseColumn({ column: { name, type }, table: 't', values: [], isWhole: false, ...rest });

const statistics = {
  nullShare: 0.25,
  distinct: -0.5,
  common: ['x', 'y'],
  frequencies: [0.3, 0.2],
  lowest: 'a',
  highest: 'z',
};

describe('the profile of a column', () => {
  it('counts where all rows are known', () => {
    assert.deepEqual(
      profile('code', 'text', { values: ['B2', 'A1', null, 'A1'], isWhole: true, statistics, rows: 4 }),
      {
        name: 'code',
        type: 'text',
        nullShare: 0.25,
        distinct: 2,
        min: 'A1',
        max: 'z',
        top: [{ value: 'A1', share: 0.5 }],
        patterns: [{ pattern: 'A9', share: 1 }],
      },
    );
  });

  it('leaves to the statistics what a sample cannot tell', () => {
    const { nullShare, distinct, min, max, top } = profile('code', 'text', {
      values: ['m', 'm'],
      statistics,
      rows: 1000,
    });
    assert.deepEqual([nullShare, distinct, min, max], [0.25, 500, 'a', 'z']);
    assert.deepEqual(top, [
      { value: 'x', share: 0.3 },
      { value: 'y', share: 0.2 },
    ]);
    assert.equal(profile('code', 'text', { values: ['m'], statistics }).distinct, undefined);
    assert.equal(profile('code', 'text', { values: ['m'], statistics: { ...statistics, distinct: 7 } }).distinct, 7);
  });

  it('says nothing where nothing is known', () => {
    assert.deepEqual(profile('code', 'text', {}), { name: 'code', type: 'text', top: [], patterns: [] });
  });

  it('orders numbers as numbers, and nothing that has no order', () => {
    const numbers = profile('n', 'numeric(9,2)', { values: ['10.00', '9.00', '-1.50'], isWhole: true });
    assert.deepEqual([numbers.min, numbers.max, numbers.patterns], ['-1.50', '10.00', []]);
    assert.equal(profile('n', 'jsonb', { values: ['{}'], isWhole: true }).min, undefined);
    assert.equal(profile('n', 'integer[]', { values: ['{1}'], isWhole: true }).min, undefined);
  });

  it('masks what is personal, by name or by value, and tells no extremes of it', () => {
    const values = ['ann@example.com', 'bob@example.com', 'ann@example.com'];
    for (const name of ['email', 'login']) {
      const { personal, min, max, top, patterns } = profile(name, 'text', {
        values,
        isWhole: true,
        masker: createMasker(),
      });
      assert.deepEqual([personal, min, max], ['email', undefined, undefined]);
      assert.deepEqual(top, [{ value: '‹email 1›', share: 2 / 3 }]);
      assert.deepEqual(patterns, [{ pattern: 'a+@a+.a+', share: 1 }]);
    }
    const open = profile('email', 'text', { values, isWhole: true });
    assert.deepEqual([open.personal, open.min, open.top[0]?.value], ['email', 'ann@example.com', 'ann@example.com']);
  });

  it('masks a stray in a column of something else', () => {
    const { personal, max } = profile('note', 'text', {
      values: ['a', 'b', 'c', 'write to ann@example.com'],
      isWhole: true,
      masker: createMasker(),
    });
    assert.deepEqual([personal, max], [undefined, 'write to ‹email 1›']);
  });
});

describe('the pattern of a text', () => {
  for (const [text, pattern] of [
    ['Ab-1234', 'Aa-9+'],
    ['', ''],
    ['ÄÖ ß€', 'A+ a€'],
    ['٣٤', '9+'],
    ['日本', 'a+'],
    ['x'.repeat(100), 'a+'],
  ] as const) {
    it(`of ${JSON.stringify(text)} is ${JSON.stringify(pattern)}`, () => {
      assert.equal(patternOf(text), pattern);
    });
  }
});
