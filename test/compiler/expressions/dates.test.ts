/** How dates, intervals and frames read in Spark SQL, and what is refused by name. */
import assert from 'node:assert/strict';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { ExpressionResult, Scope, SqlParser, Use } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import type { PgType } from '../../../src/spec/pgType.ts';

const scalar = (name: string): PgType => ({ kind: 'scalar', name }) as PgType;
const scope: Scope = {
  columns: ['int4', 'int8', 'text', 'date', 'timestamp', 'timestamptz', 'interval'].map((name) => ({
    name: `a_${name}`,
    type: scalar(name),
    nullable: true,
  })),
};

describe('Expressions over dates', () => {
  let parser: SqlParser;
  const compile = (text: string, use: Use = 'row'): ExpressionResult => compileExpression(text, scope, use, parser);

  before(async () => {
    parser = await loadSqlParser();
  });

  const rendered: readonly (readonly [string, string, Use?])[] = [
    ["interval '-1 day 02:03:04.5'", "'-1 days +02:03:04.5'"],
    ['-a_interval', 'pg_interval_negative(a_interval)'],
    ["a_interval > '1 day'", 'pg_interval_order(a_interval) > 86400000000L'],
    ['a_interval::text', 'a_interval'],
    ["to_char(a_timestamp, 'YYYY-MM-DD')", "date_format(a_timestamp, 'yyyy-MM-dd')"],
    ["to_char(a_timestamp, 'SSSS')", "pg_to_char_time(unix_micros(a_timestamp), 'SSSS', false)"],
    ["to_date(a_text, 'DD Mon YYYY')", "cast(pg_to_date(a_text, 'DD Mon YYYY') as date)"],
    [
      "count(*) over (order by a_date range between '1 month' preceding and current row)",
      "count(*) over (order by cast(a_date as timestamp) nulls last range between interval '1' month preceding and current row)",
      'window',
    ],
    [
      'count(*) over (order by a_int8 desc range between 5 preceding and 1 following)',
      'count(*) over (order by cast(a_int8 as decimal(20,0)) desc nulls first range between 5BD preceding and 1BD following)',
      'window',
    ],
  ];

  for (const [text, spark, use] of rendered) {
    it(`writes ${text}`, () => {
      const { expression, problems } = compile(text, use);
      assert.deepEqual(problems, []);
      assert.equal(expression?.spark, spark);
    });
  }

  const refused: readonly (readonly [string, RegExp, Use?])[] = [
    ["interval '1 day 1 day'", /not a value of type interval/],
    ["to_char(a_timestamp, 'TMMonth')", /TM goes by the language/],
    ["to_date(a_text, 'YYYY TZ')", /TZH and TZM only/],
    ['to_date(a_text, a_text)', /format has to be written out/],
    ['clock_timestamp()', /now\(\) is the run's one instant/],
    ['a_timestamp::timestamp(0)', /date_trunc/],
    ['greatest(a_interval, a_interval)', /greatest over interval/],
    ['count(distinct a_interval)', /1 mon is 30 days/, 'aggregate'],
    ['count(*) over (order by a_interval)', /extract\(epoch from/, 'window'],
    ['count(*) over (order by a_int4 groups between 1 preceding and current row)', /dense_rank/, 'window'],
    ['count(*) over (order by a_int4 range between -1 preceding and current row)', /not negative/, 'window'],
    ['count(*) over (order by a_text range between 1 preceding and current row)', /count rows/, 'window'],
    ["date_trunc('hour', a_timestamptz, 'Europe/Berlin')", /day and longer/],
  ];

  for (const [text, message, use] of refused) {
    it(`refuses ${text}`, () => {
      const { expression, problems } = compile(text, use);
      assert.equal(expression, undefined);
      assert.match(problems.map((problem) => problem.message).join(' '), message);
    });
  }
});
