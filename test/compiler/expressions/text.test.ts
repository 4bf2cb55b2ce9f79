/** How text and patterns read in Spark, and what is refused of them. */
import assert from 'node:assert/strict';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { ExpressionResult, Scope, SqlParser } from '../../../src/compiler/expressions/contract.ts';
import { readRegex } from '../../../src/compiler/expressions/regexSyntax.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import type { PgType } from '../../../src/spec/pgType.ts';

const scalar = (name: string): PgType => ({ kind: 'scalar', name }) as PgType;
const scope: Scope = {
  columns: [
    { name: 'id', type: scalar('int4'), nullable: false },
    { name: 'paid', type: scalar('bool'), nullable: true },
    { name: 's', type: scalar('text'), nullable: true },
    { name: 't', type: scalar('text'), nullable: false },
    { name: 'code', type: { kind: 'scalar', name: 'bpchar', length: 5 }, nullable: true },
  ],
};

describe('Expressions over text', () => {
  let parser: SqlParser;
  const compile = (text: string): ExpressionResult => compileExpression(text, scope, 'row', parser);

  before(async () => {
    parser = await loadSqlParser();
  });

  const rendered: readonly (readonly [string, string])[] = [
    ["s ~ '^[a-z]+$'", "s rlike '(?s)\\\\A[a-z]+\\\\z'"],
    ["s !~ 'a|b'", "s not rlike '(?s)a|b'"],
    ["s ~ '(?c)a'", "cast(pg_regexp_like(s, '(?c)a', '') as boolean)"],
    ["s ~* 'a'", "cast(pg_regexp_like(s, 'a', 'i') as boolean)"],
    ["s !~* 'a' and paid", "not cast(pg_regexp_like(s, 'a', 'i') as boolean) and paid"],
    ['s ~ t', "cast(pg_regexp_like(s, t, '') as boolean)"],
    ["regexp_like(s, 'a', 'c')", "s rlike '(?s)a'"],
    ["regexp_replace(s, '[0-9]+', '#', 'g')", "regexp_replace(s, '(?s)[0-9]+', '#')"],
    ["regexp_replace(s, 'b', '[\\1]')", "pg_regexp_replace(s, 'b', '[\\\\1]', 1, 1, '')"],
    ["regexp_replace(s, '(a|b)+', 'x', 'gi')", "pg_regexp_replace(s, '(a|b)+', 'x', 1, 0, 'i')"],
    ["regexp_replace(s, 'b', 'x', 2)", "pg_regexp_replace(s, 'b', 'x', 2, 1, '')"],
    ["regexp_replace(s, 'b', '\\0')", "regexp_replace(s, '(?s)\\\\A(.*?)b', '$1\\\\\\\\0')"],
    ["substring(s from '(a)(b)')", "pg_regexp_substring(s, '(a)(b)')"],
    ["regexp_match(s, 'a')", "pg_regexp_match(s, 'a', '')"],
    ["s similar to '%a_'", "s rlike '(?s)\\\\A(?:.*a.)\\\\z'"],
    ["s similar to '(a|b)?[c]'", "s rlike '(?s)\\\\A(?:(?:a|b)?[c])\\\\z'"],
    ["s similar to '(a|b)*'", "cast(pg_regexp_like(s, '^(?:(?:a|b)*)$', '') as boolean)"],
    ["s similar to t escape ''", "cast(pg_regexp_like(s, pg_similar_pattern(t, ''), '') as boolean)"],
    ['s like t', "cast(pg_like(s, t, '\\\\') as boolean)"],
    ["s not ilike t escape '#'", "not cast(pg_ilike(s, t, '#') as boolean)"],
    ["s like 'a#%' escape '#'", "s like 'a\\\\%'"],
    ["format('%s: %L %%', s, id)", "concat(coalesce(s, ''), ': ', pg_quote_literal(cast(id as string)), ' %')"],
    ["format('%2$I', s, t)", 'pg_quote_ident(t)'],
    ["format('[%-5s]', t)", "concat('[', rpad(t, greatest(length(t), 5)), ']')"],
    ['concat(t, paid)', "concat_ws('', t, case when paid then 't' when not (paid) then 'f' end)"],
    ['to_hex(id)', 'lower(hex(cast(id as bigint) & 4294967295L))'],
    ['array_to_string(array[id, 1], t)', 'array_join(transform(array(id, 1), element -> cast(element as string)), t)'],
    ["encode(sha256(convert_to(s, 'UTF8')), 'hex')", "lower(hex(unhex(sha2(encode(s, 'utf-8'), 256))))"],
  ];
  for (const [text, spark] of rendered) {
    it(`say ${text} in Spark`, () => {
      const result = compile(text);
      assert.equal(result.expression?.spark, spark, JSON.stringify(result.problems));
    });
  }

  const refused: readonly (readonly [string, string, string])[] = [
    ["s ~ '(a'", 'bad-literal', 'parentheses () not balanced'],
    ["s ~ 'a**'", 'bad-literal', 'quantifier operand invalid'],
    ["s !~* '[b-a]'", 'bad-literal', 'invalid character range'],
    ["s similar to '(a'", 'bad-literal', 'parentheses () not balanced'],
    ["s similar to 'a' escape '##'", 'bad-literal', 'one character'],
    ["substring(s similar 'a#\"b#\"c#\"' escape '#')", 'bad-literal', 'two escaped double quotes'],
    ["s ~ '(?e)a'", 'not-translatable', 'older syntaxes'],
    ["regexp_replace(s, 'a', 'b', 'e')", 'not-translatable', 'older syntax'],
    ["regexp_replace(s, 'a', 'b', 'gz')", 'bad-literal', "flag 'z'"],
    ["regexp_like(s, 'a', 'g')", 'bad-literal', "flag 'g'"],
    ["regexp_like(s, 'a', t)", 'needs-constant', 'flags'],
    ["regexp_count(s, 'a', 0)", 'bad-literal', 'start begins at 1'],
    ['id ~ t', 'type-mismatch', '~'],
    ["s like 'a\\'", 'bad-literal', 'escape character'],
    ['format(s, t)', 'needs-constant', 'format'],
    ["format('%s %s', s)", 'bad-literal', '2 arguments'],
    ["format('%d', id)", 'bad-literal', '%d'],
    ["format('50%', id)", 'bad-literal', 'ends within'],
    ["format('%*s', 5, s)", 'not-translatable', 'width'],
    ['concat(code, s)', 'not-translatable', 'padding'],
    ["encode(convert_to(s, 'LATIN1'), 'hex')", 'not-translatable', 'UTF8'],
  ];
  for (const [text, code, words] of refused) {
    it(`refuse ${text}`, () => {
      const { expression, problems } = compile(text);
      const [problem] = problems.filter(({ severity }) => severity === 'error');
      assert.equal(expression, undefined);
      assert.equal(problem?.code, code, JSON.stringify(problem));
      assert.ok(problem.message.includes(words), problem.message);
    });
  }

  it('know what PostgreSQL says against a regular expression', () => {
    const said = (pattern: string, flags = ''): string | undefined => readRegex(pattern, flags).error;
    assert.equal(said('a{1,2}?(?:b|)[[:alpha:][.hyphen.]-z]\\x41(?=c)$'), undefined);
    assert.equal(said('(', 'q'), undefined);
    assert.equal(said('a { 1 } # note (', 'x'), undefined);
    assert.equal(said('(?q)['), undefined);
    assert.equal(said('(a)\\1'), undefined);
    assert.equal(said('(a\\1)'), 'invalid backreference number');
    assert.equal(said('(?=(a))\\1'), 'invalid backreference number');
    assert.equal(said('a{256}'), 'invalid repetition count(s)');
    assert.equal(said('[[:letter:]]'), 'invalid character class');
    assert.equal(said('[[.lettera.]]'), 'invalid collating element');
    assert.equal(said('[a'), 'brackets [] not balanced');
    assert.equal(said('\\i'), 'invalid escape \\ sequence');
    assert.equal(said('(?z)a'), 'invalid embedded option');
    assert.deepEqual(readRegex('(a)(?:b)((c))', ''), { groups: 3 });
  });
});
