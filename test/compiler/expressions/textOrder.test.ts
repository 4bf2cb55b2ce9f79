import assert from 'node:assert/strict';
import { checkSpec } from '../../../src/compiler/check.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { Scope, SqlParser, Use } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import type { PgType } from '../../../src/spec/pgType.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import { shopTables } from '../check/shop.ts';
import { mended, shown } from '../check/support.ts';
import { everyStep, specWith } from '../spec/samples.ts';

const text: PgType = { kind: 'scalar', name: 'text' };
const scope: Scope = {
  columns: [
    { name: 'name', type: text, nullable: true, collation: 'en_US.utf8' },
    { name: 'Title', type: text, nullable: true, collation: 'de_DE' },
    { name: 'code', type: text, nullable: true },
    { name: 'id', type: { kind: 'scalar', name: 'int4' }, nullable: false },
  ],
};

/** The shop in a database whose texts are ordered as in American English. */
const collated = catalogueOf(
  shopTables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => (column.type === 'text' ? { ...column, collation: 'en_US.utf8' } : column)),
  })),
);

describe('Text order', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadSqlParser();
  });

  /** What is warned of in an expression: the words that each warning points at, and what would stand there instead. */
  const said = (source: string, use: Use = 'row'): string[] => {
    const { expression, problems } = compileExpression(source, scope, use, parser);
    assert.ok(expression, JSON.stringify(problems));
    return problems
      .filter(({ code }) => code === 'text-order')
      .map(({ offset, length, fix }) => `${source.slice(offset, offset + length)} -> ${fix?.replacement ?? 'no fix'}`);
  };

  const cases: readonly (readonly [string, readonly string[], Use?])[] = [
    ["name < 'm'", ['name -> name collate "C"']],
    ["name = 'm'", []],
    ["name in ('a', 'b') or name is null", []],
    ["code < 'm'", []],
    ["'a' || name || code >= code", ['|| -> no fix']],
    ['"Title" between \'a\' and name', ['"Title" -> "Title" collate "C"', 'name -> name collate "C"']],
    ['name collate "C" < \'m\'', []],
    ['(lower(name) collate "POSIX") < \'m\'', []],
    ['length(name) < 5', []],
    ["case when id > 1 then name else 'x' end > code", ['case -> no fix']],
    ['greatest(name, code)', ['name -> name collate "C"']],
    ["name > any(array['a', 'b'])", ['name -> name collate "C"']],
    ['max(name)', ['name -> name collate "C"'], 'aggregate'],
    ['max(id)', [], 'aggregate'],
    ["string_agg(code, ',' order by name)", ['name -> name collate "C"'], 'aggregate'],
    ['row_number() over (partition by name order by "Title", id)', ['"Title" -> "Title" collate "C"'], 'window'],
    ['name', ['name -> name collate "C"'], 'order'],
    ['name collate "C"', [], 'order'],
    ['lower(name)', ['lower -> no fix'], 'order'],
    ['code', [], 'order'],
    ['name', []],
  ];
  for (const [source, expected, use] of cases) {
    it(`of ${source} is ${expected.length === 0 ? 'not spoken of' : 'warned of'}${use ? ` in ${use}` : ''}`, () => {
      assert.deepEqual(said(source, use), expected);
    });
  }

  it('by another collation is refused', () => {
    const { problems } = compileExpression('name collate "de_DE" < code', scope, 'row', parser);
    assert.deepEqual(
      problems.map(({ code, message }) => `${code}: ${message}`),
      ['not-translatable: Spark orders text by bytes only: write collate "C".'],
    );
  });

  it('is looked for in the queries of sql steps', () => {
    const query =
      'select status, max(status) as last from orders where length(status) > 1 group by status order by status';
    const sample = specWith({ ...everyStep.sql, query });
    const columns = ['status', 'last'].map((name) => ({ name, type: 'text' }));
    const target = { ...sample.target, mode: 'append', keys: [], columns } as const;
    const { spec, positions } = readSpec(formatSpec({ ...sample, target }));
    assert.ok(spec);
    const described = new Map([['s_sql', columns.map(({ name }) => ({ name, type: text, nullable: true }))]]);
    const expression = (source: string, known: Scope, use: Use) => compileExpression(source, known, use, parser);
    const { problems } = compile({ spec, positions, catalogue: collated, parser, compile: expression, described });
    assert.deepEqual(
      problems
        .filter(({ code }) => code === 'text-order')
        .map(({ span }) => positions.text.slice(span.offset, span.offset + span.length)),
      ['max(status)', 'status'],
    );
  });

  it('follows a column through the steps, and is mended by its fix', () => {
    const check = (document: string) =>
      checkSpec(document, { catalogue: collated, parser, compile: compileExpression }).problems;
    const spec = specWith(
      { ...everyStep.derive, name: 'more', from: 'orders', columns: [{ name: 'state', expr: 'lower(status)' }] },
      { ...everyStep.limit, name: 'few', from: 'more', by: [{ expr: 'state' }, { expr: 'order_id' }] },
    );
    const document = formatSpec(spec);
    const [problem] = check(document).filter(({ code }) => code === 'text-order');
    assert.equal(
      problem && shown(problem, document),
      'warning text-order at state: PostgreSQL orders this text by the collation en_US.utf8, Spark by bytes: add collate "C" to it. [Order by bytes]',
    );
    const better = problem ? mended(document, problem) : '';
    assert.deepEqual(
      check(better).filter(({ code }) => code === 'text-order'),
      [],
    );
  });
});
