/** A user's mistake is a problem at its place, never an exception; a step that SQL cannot tell ends the reference there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { compileText, errorsOf } from './support.ts';

interface Document {
  steps: Record<string, unknown>[];
  target: { columns: { name: string; type: string }[] };
}

const golden = (name: string): Document =>
  JSON.parse(readFileSync(new URL(`../../golden/${name}.datamorph.json`, import.meta.url), 'utf8')) as Document;

describe('mistakes', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadSqlParser();
  });

  it('in an expression leave no program, and say where', () => {
    const document = golden('filter-after-derive');
    (document.steps[1] ?? {})['where'] = 'net_amuont >= 1000';
    const text = JSON.stringify(document);
    const { problems, pyspark, reference } = compileText(text, { parser });
    assert.equal(pyspark ?? reference, undefined);
    const [problem] = problems.filter(({ severity }) => severity === 'error');
    assert.equal(
      text.slice(problem?.span.offset, (problem?.span.offset ?? 0) + (problem?.span.length ?? 0)),
      'net_amuont',
    );
  });

  it('in a query name what cannot be brought to Spark, and leave the reference', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['select region, 1 as people from customers join quarters using (region)', 'JOIN … USING'],
      ['select distinct on (region) region, 1 as people from customers', 'DISTINCT ON'],
      ['with recursive a as (select 1) select region, 1 as people from a', 'WITH RECURSIVE'],
      ['select region, 1 as people from customers where exists (select 1)', 'sub-select'],
      ['select soundex(region) as region, 1 as people from customers', 'soundex'],
    ];
    for (const [query, words] of refused) {
      const document = golden('sql-set-operations');
      (document.steps[0] ?? {})['query'] = query;
      const { problems, pyspark, reference } = compileText(JSON.stringify(document), { parser });
      const errors = errorsOf(problems).join('\n');
      assert.match(errors, new RegExp(words, 'i'));
      assert.equal(pyspark, undefined);
      assert.ok(reference?.sql);
    }
  });

  it('in the shape of a document are told by its reader', () => {
    for (const text of ['', '{', '[]', '{"version": 2}', 'null']) {
      const { problems, pyspark } = compileText(text, { parser });
      assert.ok(problems.length > 0, text);
      assert.equal(pyspark, undefined);
    }
  });

  it('a python step without a SQL twin ends the reference, by name', () => {
    const document = golden('python-step');
    delete (document.steps[0] ?? {})['sql'];
    const { pyspark, reference } = compileText(JSON.stringify(document), { parser });
    assert.ok(pyspark);
    assert.equal(reference?.sql, undefined);
    assert.deepEqual(
      [...(reference?.beyond ?? [])],
      [
        ['doubled', 'doubled'],
        ['summed', 'doubled'],
      ],
    );
    assert.deepEqual([...(reference?.steps.keys() ?? [])], ['orders']);
  });
});
