import assert from 'node:assert/strict';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { ExpressionResult, Scope, SqlParser, Use } from '../../../src/compiler/expressions/contract.ts';
import { problemCodes } from '../../../src/compiler/expressions/problemCodes.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import type { PgType } from '../../../src/spec/pgType.ts';

const scalar = (name: string): PgType => ({ kind: 'scalar', name }) as PgType;
const amount: PgType = { kind: 'scalar', name: 'numeric', precision: 12, scale: 2 };
const hostile = [
  'we`ird',
  "quo'te",
  'new\nline',
  '$x',
  '${x}',
  '😀',
  'select',
  '__import__',
  'a.b',
  'é'.repeat(31),
  'Ünï "q"',
];

const scope: Scope = {
  columns: [
    { name: 'id', type: scalar('int4'), nullable: false },
    { name: 'quantity', type: scalar('int4'), nullable: true },
    { name: 'amount', type: amount, nullable: true },
    { name: 'rate', type: scalar('float8'), nullable: true },
    { name: 'status', type: scalar('text'), nullable: true },
    { name: 'paid', type: scalar('bool'), nullable: true },
    { name: 'ordered_on', type: scalar('date'), nullable: true },
    { name: 'ordered_at', type: scalar('timestamp'), nullable: true },
    { qualifier: 'o', name: 'region', type: scalar('text'), nullable: true },
    { qualifier: 'c', name: 'region', type: scalar('text'), nullable: true },
    ...hostile.map((name) => ({ name, type: scalar('text'), nullable: true })),
  ],
};

describe('Expressions', () => {
  let parser: SqlParser;
  const compile = (text: string, use: Use = 'row'): ExpressionResult => compileExpression(text, scope, use, parser);

  before(async () => {
    parser = await loadSqlParser();
  });

  const rendered: readonly (readonly [string, string, Use?])[] = [
    ["amount > 10 and status = 'paid'", "amount > 10 and status = 'paid'"],
    ['(amount + 1) * 2 - -1', '(amount + 1) * 2 - -1'],
    ['not (paid or id > 1)', 'not (paid or id > 1)'],
    ['id / 7', 'cast(id div 7 as int)'],
    ['(amount / quantity)::numeric(12,2)', 'cast(amount / quantity as decimal(12,2))'],
    ['o.region is not distinct from c.region', 'o.region is not distinct from c.region'],
    ['extract(year from ordered_on) = 2026', 'year(ordered_on) = 2026'],
    ["ordered_at - interval '1 month 90 minutes'", "ordered_at - interval '1' month - interval '90' minute"],
    ['coalesce(amount, 0)', 'coalesce(amount, 0)'],
    ["status ilike 'A\\_%'", "lower(translate(status, 'Σİ', 'σi')) like 'a\\\\_%'"],
    ['current_date > ordered_on', 'cast(:run_instant as date) > ordered_on'],
    ['sum(amount) filter (where paid)', 'sum(amount) filter (where paid)', 'aggregate'],
    ['round(avg(amount), 2)', 'cast(pg_divide(sum(amount), nullif(count(amount), 0)) as decimal(38,2))', 'aggregate'],
    [
      'sum(amount) over (partition by status order by ordered_on desc)',
      'sum(amount) over (partition by status order by ordered_on desc nulls first)',
      'window',
    ],
  ];
  for (const [text, spark, use] of rendered) {
    it(`say ${text} in Spark`, () => {
      const result = compile(text, use);
      assert.equal(result.expression?.spark, spark, JSON.stringify(result.problems));
    });
  }

  const refused: readonly (readonly [string, string, number, number, Use?])[] = [
    ['amuont > 0', 'unknown-column', 0, 6],
    ["'é😀' = amuont", 'unknown-column', 8, 6],
    ['region = 1', 'ambiguous-column', 0, 6],
    ['status = 1', 'type-mismatch', 7, 1],
    ['soundex(status)', 'unknown-function', 0, 7],
    ['length(id)', 'no-such-signature', 0, 6],
    ["ordered_on = '2026-02-30'", 'bad-literal', 13, 12],
    ['amount > avg(amount)', 'aggregate-not-allowed', 9, 3],
    ['row_number() over (order by id)', 'window-not-allowed', 0, 10],
    ["string_agg(status, ',')", 'needs-order', 0, 10, 'aggregate'],
    ['rate::text', 'not-translatable', 0, 4],
    ['(amount / id)::text', 'numeric-open-scale', 8, 1],
    ['id; drop table x', 'expression-syntax', 0, 16],
    ['id -- comment', 'expression-syntax', 0, 13],
    ['id, id', 'expression-syntax', 0, 6],
    ["'(1,2)'::point", 'unknown-type', 9, 5],
  ];
  for (const [text, code, offset, length, use] of refused) {
    it(`refuse ${text}`, () => {
      const { expression, problems } = compile(text, use);
      const [problem] = problems.filter(({ severity }) => severity === 'error');
      assert.equal(expression, undefined);
      assert.deepEqual(
        { code: problem?.code, offset: problem?.offset, length: problem?.length },
        { code, offset, length },
        JSON.stringify(problem),
      );
      assert.ok(code in problemCodes);
    });
  }

  it('offer the name that was meant', () => {
    assert.deepEqual(compile('amuont > 0').problems[0]?.fix, { title: 'Change to amount', replacement: 'amount' });
  });

  it('keep hostile names inside their backticks', () => {
    for (const name of hostile) {
      const { expression, problems } = compile(`"${name.replaceAll('"', '""')}"`);
      const isPlain = /^[a-z_][a-z0-9_]*$/i.test(name) && name !== 'select';
      assert.equal(expression?.spark, isPlain ? name : `\`${name.replaceAll('`', '``')}\``, JSON.stringify(problems));
    }
  });

  it('keep hostile text inside its quotes', () => {
    const text = "it's \\ a 'test'\nof ${env:HOME} and :run_instant";
    assert.equal(
      compile(`'${text.replaceAll("'", "''")}'`).expression?.spark,
      "'it\\'s \\\\ a \\'test\\'\\nof \\u0024{env:HOME} and \\u003arun_instant'",
    );
  });

  it('give problems for any text, never an exception', () => {
    const words = [
      'amount',
      'status',
      '(',
      ')',
      "'",
      '"',
      '::',
      'case',
      'when',
      'end',
      '+',
      '/',
      'null',
      '1e999',
      '\\',
      '$1',
      'over',
      'in',
      'not',
      ',',
      'interval',
      "'x'",
      'array[',
      ']',
      '%',
      '--',
      '/*',
      '\u0000',
      '😀',
      'between',
      'and',
      'sum(',
      'extract(',
      'from',
    ];
    let seed = 7;
    const next = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: next(9) }, () => words[next(words.length)]).join(next(2) ? ' ' : '');
      const { expression, problems } = compile(text, (['row', 'aggregate', 'window'] as const)[next(3)]);
      assert.ok(expression ?? problems.length > 0, text);
    }
    for (const [text] of rendered) {
      for (let length = 0; length < text.length; length++) compile(text.slice(0, length));
    }
    for (const text of [
      '('.repeat(5000),
      `${'('.repeat(500)}1${')'.repeat(500)}`,
      'not '.repeat(2000),
      '-'.repeat(999),
    ])
      compile(text);
  });
});
