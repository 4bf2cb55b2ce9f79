/** How functions and aggregates of numbers read in Spark, and which of them are refused. */
import assert from 'node:assert/strict';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { ExpressionResult, Scope, SqlParser, Use } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import type { PgType } from '../../../src/spec/pgType.ts';

const scalar = (name: string): PgType => ({ kind: 'scalar', name }) as PgType;

const scope: Scope = {
  columns: [
    { name: 'id', type: scalar('int4'), nullable: false },
    { name: 'small', type: scalar('int2'), nullable: true },
    { name: 'big', type: scalar('int8'), nullable: true },
    { name: 'amount', type: { kind: 'scalar', name: 'numeric', precision: 12, scale: 2 }, nullable: true },
    { name: 'fine', type: { kind: 'scalar', name: 'numeric', precision: 38, scale: 20 }, nullable: true },
    { name: 'open', type: scalar('numeric'), nullable: true },
    { name: 'rate', type: scalar('float8'), nullable: true },
    { name: 'status', type: scalar('text'), nullable: true },
    { name: 'code', type: { kind: 'scalar', name: 'bpchar', length: 4 }, nullable: true },
  ],
};

describe('Expressions over numbers', () => {
  let parser: SqlParser;
  const compile = (text: string, use: Use = 'row'): ExpressionResult => compileExpression(text, scope, use, parser);

  before(async () => {
    parser = await loadSqlParser();
  });

  const rendered: readonly (readonly [string, string, Use?])[] = [
    ['sqrt(amount)', 'cast(pg_numeric_sqrt(amount) as decimal(38,29))'],
    ['round(sqrt(amount), 2)', 'cast(pg_numeric_sqrt(amount) as decimal(38,2))'],
    ['sqrt(amount / 3)::numeric(12,4)', 'cast(pg_numeric_sqrt(pg_divide(amount, 3)) as decimal(12,4))'],
    ['sqrt(id)', 'cast(pg_sqrt(cast(id as double)) as double)'],
    ['amount ^ 2', 'cast(pg_numeric_power(amount, cast(2 as decimal(1,0))) as decimal(38,20))'],
    ['id & 7 | 8', '((id & 7) | 8)'],
    ['small << 3', 'cast(((shiftleft(cast(small as int), 3) & 65535) ^ 32768) - 32768 as smallint)'],
    ['trunc(amount, -2)', 'cast(amount - amount % 100BD as decimal(10,0))'],
    ['scale(amount)', 'nvl2(amount, 2, null)'],
    ["to_char(amount, 'FM990.00')", "pg_numeric_to_char(amount, 'FM990.00')"],
    [
      'stddev(amount)',
      "cast(pg_deviation(nullif(count(amount), 1), sum(cast(amount as decimal(12,2))), sum(cast(amount as decimal(12,2)) * cast(amount as decimal(12,2))), 'stddev_samp') as decimal(38,24))",
      'aggregate',
    ],
    [
      'percentile_disc(0.5) within group (order by amount desc)',
      'get(sort_array(collect_list(amount), false), greatest(cast(ceil(0.5D * count(amount)) as int), 1) - 1)',
      'aggregate',
    ],
    ['corr(id, amount)', 'regr_sxy(cast(id as double), cast(amount as double)) / sqrt(nullif(regr_sxx(cast(id as double), cast(amount as double)), 0D) * nullif(regr_syy(cast(id as double), cast(amount as double)), 0D))', 'aggregate'], // prettier-ignore
    [
      'array_agg(distinct id order by id)',
      'case when count(distinct 1) > 0 then transform(sort_array(collect_list(distinct struct(id is null as n0, id as k0, id as value))), item -> item.value) end',
      'aggregate',
    ],
  ];
  for (const [text, spark, use] of rendered) {
    it(`say ${text} in Spark`, () => {
      const result = compile(text, use);
      assert.equal(result.expression?.spark, spark, JSON.stringify(result.problems));
    });
  }

  const refused: readonly (readonly [string, string, Use?])[] = [
    ['sqrt(open)', 'numeric-open-scale'],
    ['scale(open)', 'numeric-open-scale'],
    ['ln(amount + open)', 'numeric-open-scale'],
    ['sqrt(status)', 'no-such-signature'],
    ['id << big', 'type-mismatch'],
    ['rate & 1', 'type-mismatch'],
    ["to_char(amount, 'RN')", 'not-translatable'],
    ["to_char(amount, '9.99EEEE')", 'not-translatable'],
    ["to_char(amount, 'L999')", 'not-translatable'],
    ['to_char(amount, status)', 'needs-constant'],
    ["to_number(status, '')", 'bad-literal'],
    ['stddev(open)', 'numeric-open-scale', 'aggregate'],
    ['stddev(amount / 3)', 'numeric-open-scale', 'aggregate'],
    ['var_pop(fine)', 'numeric-too-wide', 'aggregate'],
    ['corr(id, status)', 'type-mismatch', 'aggregate'],
    ['corr(distinct id, amount)', 'not-translatable', 'aggregate'],
    ['bit_and(amount)', 'no-such-signature', 'aggregate'],
    ['any_value(id)', 'not-translatable', 'aggregate'],
    ['json_agg(id order by id)', 'not-translatable', 'aggregate'],
    ['count(distinct id, status)', 'no-such-signature', 'aggregate'],
    ['array_agg(distinct id)', 'needs-order', 'aggregate'],
    ['array_agg(distinct id order by status)', 'needs-order', 'aggregate'],
    ['percentile_disc(array[0.5, 0.9]) within group (order by id)', 'needs-constant', 'aggregate'],
    ['percentile_disc(1.5) within group (order by id)', 'needs-constant', 'aggregate'],
    ['percentile_disc(0.5) within group (order by code)', 'not-translatable', 'aggregate'],
    ['percentile_cont(0.5) within group (order by status)', 'not-translatable', 'aggregate'],
    ['mode(id)', 'no-such-signature', 'aggregate'],
    ['mode() within group (order by id, status)', 'not-translatable', 'aggregate'],
  ];
  for (const [text, code, use] of refused) {
    it(`refuse ${text}`, () => {
      const { expression, problems } = compile(text, use);
      assert.equal(expression, undefined);
      assert.equal(problems.find(({ severity }) => severity === 'error')?.code, code, JSON.stringify(problems));
    });
  }
});
