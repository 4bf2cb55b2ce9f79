import assert from 'node:assert/strict';
import { reportFor, reportsOf } from '../../../src/agents/report.ts';
import { maskedVerdict } from '../../../src/agents/report/masked.ts';
import { reportValue } from '../../../src/agents/report/value.ts';
import { headline } from '../../../src/agents/report/words.ts';
import { withDivergence } from '../../../src/agents/validation/findings.ts';
import type { Divergence } from '../../../src/agents/validation/divergence.ts';
import type { Verdict } from '../../../src/agents/verdict.ts';
import { assertAccepted } from '../../compiler/spec/accepted.ts';
import { elementsOf } from '../../support/markup.ts';
import {
  failedVerdict,
  hostile,
  hostileVerdict,
  passedVerdict,
  reported,
  warnedVerdict,
} from '../../support/verdicts.ts';

const textOf = (verdict: Verdict, name: string): string =>
  new Map(reportsOf(verdict, reported)).get(name) ?? assert.fail(`no ${name}`);

const cases = { passed: passedVerdict, warned: warnedVerdict, failed: failedVerdict } as const;

describe('the reports of a verdict', () => {
  for (const [name, verdict] of Object.entries(cases)) {
    for (const file of ['report.md', 'report.html', 'report.json', 'report.junit.xml']) {
      it(`${name}: ${file} is as it was accepted`, () => {
        assertAccepted(`test/golden/reports/${name}.${file}`, textOf(verdict, file));
      });
    }
  }

  it('say in one sentence what became of it', () => {
    assert.deepEqual(Object.values(cases).map(headline), [
      "passed, all 3 rows equal PostgreSQL's own answer",
      "passed with warnings (3), 14 of 30 rows were compared, and equal PostgreSQL's own answer",
      'failed, 1 row missing, 1 row changed and 1 rule broken',
    ]);
    const no = 'You answered: Yes, the rows are wrong.';
    assert.equal(headline({ ...passedVerdict, kind: 'failed', reason: no }), `failed, ${no}`);
  });

  it('are written by the end of the file that is asked for', () => {
    assert.equal(reportFor('out/RESULT.XML')?.(passedVerdict, reported), textOf(passedVerdict, 'report.junit.xml'));
    assert.equal(reportFor('a.html')?.(passedVerdict, reported), textOf(passedVerdict, 'report.html'));
    assert.equal(reportFor('report.pdf'), undefined);
    assert.equal(reportFor('report'), undefined);
  });

  it('are JSON of the value itself', () => {
    const value: unknown = JSON.parse(JSON.stringify(reportValue(failedVerdict, reported)));
    assert.deepEqual(JSON.parse(textOf(failedVerdict, 'report.json')), value);
    const odd = reportValue(hostileVerdict, reported);
    assert.deepEqual(JSON.parse(textOf(hostileVerdict, 'report.json')), JSON.parse(JSON.stringify(odd)));
  });

  it('hold no personal data, in whatever part of the verdict it stands', () => {
    for (const verdict of Object.values(cases)) {
      for (const [, text] of reportsOf(verdict, reported)) assert.doesNotMatch(text, /example\.com/);
      assert.doesNotMatch(JSON.stringify(maskedVerdict(verdict, reported.target.columns)), /example\.com/);
    }
  });
});

describe('hostile texts of a database, a model or a file', () => {
  it('are no mark-up in HTML: no element, no attribute, no address beyond those of the page itself', () => {
    const page = textOf(hostileVerdict, 'report.html');
    const known = 'html head meta title style body main header p h1 section h2 article h3 span ul li details summary code dl dt dd div table caption thead tr td th tbody footer'; // prettier-ignore
    const elements = elementsOf(page);
    assert.deepEqual(elements.filter(({ name }) => !known.split(' ').includes(name)), []); // prettier-ignore
    const attributes = new Set(elements.flatMap((element) => element.attributes));
    assert.deepEqual([...attributes].sort(), ['aria-label', 'aria-labelledby', 'charset', 'class', 'content', 'http-equiv', 'id', 'lang', 'name', 'role', 'scope', 'tabindex']); // prettier-ignore
    assert.equal(page.match(/<style>/g)?.length, 1);
    assert.match(page, /default-src 'none'/);
  });

  it('are no mark-up in XML, and no sign that XML does not know', () => {
    const text = textOf(hostileVerdict, 'report.junit.xml');
    const names = new Set(elementsOf(text).map(({ name }) => name));
    assert.deepEqual([...names].sort(), ['failure', 'skipped', 'system-out', 'testcase', 'testsuite', 'testsuites']);
    assert.doesNotMatch(text, /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/u);
    assert.doesNotMatch(text, /&(?!#\d+;)/);
  });

  it('stay in their line in Markdown, without a link, an image, a heading or code that ends early', () => {
    const text = textOf(hostileVerdict, 'report.md');
    const plain = text.replaceAll(/(?<!\\)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(plain, /(?<!\\)[<>[\]*]|https?:\/\/|\bwww\.[a-z]/);
    const headings = text.split('\n').filter((each) => each.startsWith('#'));
    assert.deepEqual(headings.slice(1), ['## Findings', '## Rules', '## Tests of the prompt', '## Questions', '## Proof', '## Phases']); // prettier-ignore
  });

  it('hide nothing from a reader in any of them', () => {
    for (const [name, text] of reportsOf(hostileVerdict, reported)) {
      assert.doesNotMatch(text, /[\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\u001B/, name);
      assert.ok(text.includes('u') && !text.includes(hostile), name);
    }
  });
});

describe('the place where the rows went wrong', () => {
  const placed = (divergence: Divergence) => {
    const [finding, ...others] = withDivergence(failedVerdict, divergence).findings ?? [];
    assert.deepEqual(others, failedVerdict.findings?.slice(1));
    const before = failedVerdict.findings?.[0]?.evidence.length;
    return { ...finding?.place, evidence: finding?.evidence.slice(before) };
  };

  it('is put into the finding that rows differ, with what speaks for it', () => {
    assert.deepEqual(
      placed({
        kind: 'step',
        step: 'sums',
        index: 2,
        expectedRows: '2',
        actualRows: '3',
        unseen: ['raw'],
        lines: { first: 7, last: 9 },
      }),
      {
        ...{ pointer: '/steps/2', step: 'sums', lines: { first: 7, last: 9 } },
        evidence: [
          'The first step that differs is sums: the job has 3 rows, and PostgreSQL 2.',
          'Not looked at, and so not ruled out: raw.',
        ],
      },
    );
    assert.deepEqual(placed({ kind: 'step', step: 'gone', index: 3, expectedRows: '2', actualRows: '2', unseen: [] }), {
      ...{ pointer: '/steps/3', step: 'gone' },
      evidence: ['The first step that differs is gone: the job has as many rows as PostgreSQL (2), but others.'],
    });
    assert.deepEqual(placed({ kind: 'behind', step: 'sums', unseen: [], lines: { first: 11, last: 14 } }), {
      ...{ pointer: '/target', lines: { first: 11, last: 14 } },
      evidence: ['Every step up to sums that could be looked at is right.'],
    });
    assert.deepEqual(placed({ kind: 'behind', unseen: ['sums'] }), {
      pointer: '/target',
      evidence: ['Not looked at, and so not ruled out: sums.'],
    });
  });

  it('needs a finding', () => {
    const divergence: Divergence = { kind: 'behind', unseen: [] };
    assert.equal(withDivergence({ kind: 'notCompared', reason: '' }, divergence).kind, 'notCompared');
  });
});
