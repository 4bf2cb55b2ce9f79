import assert from 'node:assert/strict';
import { filteredAggregate } from '../../../src/compiler/filteredAggregate.ts';
import { readInterval } from '../../../src/compiler/pyspark/interval.ts';
import { assignment, call, dict, method, string, word } from '../../../src/compiler/pyspark/layout.ts';
import { pythonComment, pythonNames, pythonString } from '../../../src/compiler/pyspark/pythonText.ts';
import { atInstant, readsClock } from '../../../src/compiler/reference/clock.ts';
import { identifier, literal } from '../../../src/compiler/reference/identifier.ts';
import { ordered } from '../../../src/compiler/reference/select.ts';
import { tokens } from '../../../src/compiler/tokens.ts';

describe('tokens of SQL text', () => {
  it('put together again are the text, whatever it is', () => {
    const texts = [
      `select 'it''s' || E'\\'' || "a""b" -- c 'd\n/* e /* f */ 'g' */ || $x$ ' $x$ || U&'h' || 1.5e3`,
      "'open",
      '"open',
      '/* open',
      '$a$ open',
      "E'open\\",
      '€ 🙂 \u0000 é',
    ];
    for (const text of texts)
      assert.equal(
        tokens(text)
          .map((token) => token.text)
          .join(''),
        text,
      );
  });

  it('know a word from the same letters in a literal, a name or a comment', () => {
    const words = tokens(`now 'now' "now" /* now */ $$now$$ -- now`).filter(({ kind }) => kind === 'word');
    assert.deepEqual(
      words.map(({ offset }) => offset),
      [0],
    );
  });
});

describe('the clock', () => {
  it('is read as the one instant, but not inside texts', () => {
    const text = `at > now() - interval '1 day' and d < CURRENT_DATE and s <> 'now()' and x.now <> current_timestamp`;
    assert.equal(
      atInstant(text, '2026-01-02T03:04:05+00:00'),
      `at > timestamptz '2026-01-02T03:04:05+00:00' - interval '1 day' and ` +
        `d < ((timestamptz '2026-01-02T03:04:05+00:00' at time zone 'UTC')::date) and s <> 'now()' and ` +
        `x.now <> timestamptz '2026-01-02T03:04:05+00:00'`,
    );
  });

  it('is not read by a column of the same letters', () => {
    assert.deepEqual(['now > 1', '"current_date"', 't.now()', 'now(1)'].map(readsClock), [false, false, false, false]);
    assert.deepEqual(['now ( )', 'localtimestamp'].map(readsClock), [true, true]);
  });
});

describe('aggregates over part of the rows', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['sum(a)', 'sum(a) filter (where c)'],
    ['sum(a) / nullif(count(*), 0)', 'sum(a) filter (where c) / nullif(count(*) filter (where c), 0)'],
    ['count(*) filter (where a > 1)', 'count(*) filter (where (a > 1) and c)'],
    [
      'percentile_cont(0.5) within group (order by a)',
      'percentile_cont(0.5) within group (order by a) filter (where c)',
    ],
    [`string_agg(a, ')' order by a)`, `string_agg(a, ')' order by a) filter (where c)`],
    ['coalesce(max(f(a)), 0)', 'coalesce(max(f(a)) filter (where c), 0)'],
  ];
  for (const [text, expected] of cases) {
    it(text, () => {
      assert.equal(filteredAggregate(text, 'c'), expected);
    });
  }
});

describe('names and texts in SQL', () => {
  it('are quoted where PostgreSQL would read them as something else', () => {
    const names = ['plain_1', 'Upper', 'select', 'a b', 'a"b', '1st', '', 'é', 'a;b', "a'b", '🙂'];
    assert.deepEqual(names.map(identifier), [
      'plain_1',
      '"Upper"',
      '"select"',
      '"a b"',
      '"a""b"',
      '"1st"',
      '""',
      '"é"',
      '"a;b"',
      `"a'b"`,
      '"🙂"',
    ]);
    assert.deepEqual([`a'b`, 'a\\b', `\\'`].map(literal), [`'a''b'`, `E'a\\\\b'`, `E'\\\\'''`]);
  });

  it('an order reads the same rows from the other end when it is turned', () => {
    const order = [
      { expr: 'a' },
      { expr: 'b', direction: 'desc' },
      { expr: 'c', nulls: 'first' },
      { expr: '1' },
    ] as const;
    assert.equal(ordered(order), 'a, b desc, c nulls first, (1)');
    assert.equal(ordered(order, true), 'a desc, b, c desc nulls last, (1) desc');
  });
});

describe('names and texts in Python', () => {
  it('stay one literal in printable characters', () => {
    assert.equal(pythonString(`a"b\\c\nd\t$e{f}`), String.raw`"a\"b\\c\nd\t$e{f}"`);
    assert.equal(pythonString('é🙂\u202e\u0000\ud800\u2028\u00a0'), String.raw`"é🙂\u202e\x00\ud800\u2028\xa0"`);
    assert.equal(pythonComment('a\nb"""\u2028import os'), 'a b""" import os');
  });

  it('become variables that are valid and differ', () => {
    const names = [
      'orders',
      'Orders',
      'class',
      'F',
      'job',
      '__import__',
      '1st',
      '🙂',
      'ÄÖ',
      'a b',
      'a-b',
      'doubled',
      'None',
    ];
    assert.deepEqual(
      [...pythonNames(names, ['doubled']).values()],
      [
        'orders',
        'orders_2',
        'class_rows',
        'f_rows',
        'job_rows',
        'import_rows',
        'step_1st',
        'rows',
        'ao',
        'a_b',
        'a_b_2',
        'doubled_rows',
        'none_rows',
      ],
    );
  });
});

describe('layout', () => {
  it('keeps what fits on a line there, and breaks the rest as a formatter does', () => {
    const long = 'x'.repeat(50);
    const one = method(word('a'), 'where', string('b > 1'));
    assert.deepEqual(assignment('c', one), ['c = a.where("b > 1")']);
    const two = method(method(one, 'select', string(long), string(long)), 'distinct');
    assert.deepEqual(assignment('c', two), [
      'c = (',
      '    a.where("b > 1")',
      `    .select("${long}", "${long}")`,
      '    .distinct()',
      ')',
    ]);
    assert.deepEqual(
      assignment(
        'c',
        call(
          'f',
          dict([
            [long, string(long)],
            ['d', word('1')],
          ]),
        ),
      ),
      ['c = f(', `    {"${long}": "${long}", "d": 1}`, ')'],
    );
  });

  it('cuts a long text behind a blank, without changing it', () => {
    const text = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ') + 'y'.repeat(300);
    const lines = assignment('c', call('F.expr', string(text)));
    assert.ok(lines.every((line) => line.length <= 120));
    const pieces = lines.slice(1, -1).map((line) => JSON.parse(line.trim()) as string);
    assert.equal(pieces.join(''), text);
  });
});

describe('intervals of whole units', () => {
  it('are read in the ways they are written', () => {
    assert.deepEqual(readInterval("interval '1 month'"), { months: 1, days: 0, microseconds: 0 });
    assert.deepEqual(readInterval("'-2 weeks 3 hours'::interval"), {
      months: 0,
      days: -14,
      microseconds: 10_800_000_000,
    });
    assert.equal(readInterval("interval '1.5 days'"), undefined);
    assert.equal(readInterval('a - b'), undefined);
  });
});
