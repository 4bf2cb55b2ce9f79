import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/spec/edits.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import { shown } from '../check/support.ts';
import { everyStep, everything, specWith } from './samples.ts';

const problemsIn = (text: string): string[] => readSpec(text).problems.map((problem) => shown(problem, text));

describe('reading a spec', () => {
  it('takes comments, trailing commas and a byte order mark as they come', () => {
    const text =
      `\uFEFF// the job\n${formatSpec(specWith(everyStep.filter)).replace('"sample",', '"sample", /* x */')}`.replace(
        '{ "name": "customers", "table": "shop.customers" }',
        '',
      );
    const { spec, problems } = readSpec(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(spec, { ...specWith(everyStep.filter), sources: [{ name: 'orders', table: 'shop.orders' }] });
  });

  it('says every kind of step, check and target without an error', () => {
    const { problems, spec } = readSpec(formatSpec(everything));
    assert.deepEqual(
      problems.filter(({ code }) => code !== 'unused-step'),
      [],
    );
    assert.deepEqual(spec, everything);
  });

  it('understands the words of other tools', () => {
    const text = formatSpec(specWith(everyStep.aggregate))
      .replace('"kind": "aggregate"', '"kind": "group_by"')
      .replace('"mode": "replace"', '"mode": "overwrite"')
      .replace('"table": "shop.customers"', '"tabel": "shop.customers"');
    assert.deepEqual(problemsIn(text), [
      'error missing-property at "customers": The property "table" is missing. [Add "table"]',
      'error unknown-property at "tabel": There is no property "tabel" here. Did you mean "table"? [Change to "table"]',
      'error unknown-kind at "group_by": There is no kind of step "group_by". Did you mean "aggregate"? [Change to "aggregate"]',
      'error unknown-value at "overwrite": There is no value "overwrite". Did you mean "replace"? [Change to "replace"]',
    ]);
  });

  it('reaches a readable document by applying the fixes it offers', () => {
    let text = '{ "version": "1", "steps": [{ "type": "filter", "input": "orders" }], }';
    for (let round = 0; round < 20; round++) {
      const next = readSpec(text).problems.find(({ fix, severity }) => fix && severity === 'error');
      if (!next?.fix) break;
      text = applyEdits(text, next.fix.edits);
    }
    const { spec, problems } = readSpec(text);
    assert.ok(spec, text);
    // What is left names things that only the writer knows.
    assert.deepEqual(
      [...new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))],
      ['unknown-reference'],
      text,
    );
  });

  it('tells a step to itself, and a circle at both of its steps', () => {
    const distinct = (name: string, from: string) => ({ name, kind: 'distinct', from }) as const;
    const circle = specWith(
      distinct('a', 'c'),
      distinct('b', 'a'),
      distinct('c', 'b'),
      distinct('d', 'd'),
      distinct('e', 'c'),
    );
    const text = formatSpec(circle);
    assert.deepEqual(
      problemsIn(text).filter((line) => line.includes('cycle')),
      [
        'error cycle at "c": The step "a" reads "c", which reads "a" in turn.',
        'error cycle at "d": The step "d" reads itself.',
      ],
    );
  });

  it('moves a step up to where it is read', () => {
    const late = specWith({ ...everyStep.distinct, from: 's_filter' }, everyStep.filter);
    const text = formatSpec({ ...late, target: { ...late.target, from: 's_distinct' } });
    const [problem] = readSpec(text).problems.filter(({ code }) => code === 'later-reference');
    assert.ok(problem?.fix);
    const moved = readSpec(applyEdits(text, problem.fix.edits));
    assert.deepEqual(
      moved.spec?.steps.map(({ name }) => name),
      ['s_filter', 's_distinct'],
    );
    assert.deepEqual(
      moved.problems.map(({ code }) => code),
      ['unused-source'],
    );
  });

  it('takes hostile names as names', () => {
    const names = [
      '"; drop table x; --',
      "'",
      '\\',
      '\n',
      '$1',
      '`',
      '😀',
      'select',
      '__import__("os")',
      '__proto__',
      'constructor',
      'é'.repeat(31),
    ];
    for (const name of names) {
      const spec = specWith(
        { ...everyStep.filter, name },
        { ...everyStep.distinct, name: `${name.slice(0, 20)}2`, from: name },
      );
      const { problems, spec: read } = readSpec(formatSpec(spec));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['unused-source'],
        name,
      );
      assert.deepEqual(read, spec);
    }
  });
});

describe('positions in a document', () => {
  const text = `{ "steps": [{ "where": "a\\n\\u00e9 = \\"b\\" and \\ud83d\\ude00c" }] }`;
  const { positions } = readSpec(text);
  const path = ['steps', 0, 'where'];
  const at = ({ offset, length }: { offset: number; length: number }): string => text.slice(offset, offset + length);

  it('finds parts of a decoded string through its escapes', () => {
    const decoded = 'a\né = "b" and 😀c';
    const found = ['a', '\n', 'é', '"b"', '😀', 'c'].map((part) =>
      at(positions.within(path, decoded.indexOf(part), part.length)),
    );
    assert.deepEqual(found, ['a', '\\n', '\\u00e9', '\\"b\\"', '\\ud83d\\ude00', 'c']);
  });

  it('stays inside the string where it is asked for more', () => {
    assert.equal(at(positions.within(path, 16, 100)), 'c');
    assert.equal(at(positions.within(path, 100, 100)), '');
  });

  it('finds keys, values, and what stands nearest to what is not there', () => {
    assert.equal(at(positions.key(path)), 'where');
    assert.equal(at(positions.span(['steps', 0])), text.slice(12, -3));
    assert.equal(at(positions.span(['steps', 0, 'from', 3])), text.slice(12, -3));
  });
});
