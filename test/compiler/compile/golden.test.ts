/** The two programs of every golden spec, to the byte. DATAMORPH_ACCEPT=1 writes what the compiler gives now. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import { blockAt, linesOf } from '../../../src/compiler/sourceMap.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { compileText, errorsOf } from './support.ts';

const folder = new URL('../../golden/', import.meta.url);
const accept = process.env['DATAMORPH_ACCEPT'] === '1';
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.datamorph.json'))
  .map((file) => file.replace('.datamorph.json', ''));

describe('golden programs', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadSqlParser();
  });

  const compiled = (name: string) => {
    const text = readFileSync(new URL(`${name}.datamorph.json`, folder), 'utf8');
    const { problems, pyspark, reference } = compileText(text, { parser });
    assert.deepEqual(errorsOf(problems), []);
    assert.ok(pyspark && reference?.sql !== undefined);
    return { pyspark, sql: `${reference.sql}\n`, steps: reference.steps };
  };

  it('are at least forty', () => {
    assert.ok(names.length >= 40);
  });

  for (const name of names) {
    it(name, () => {
      const { pyspark, sql } = compiled(name);
      golden(`${name}.py`, pyspark.text);
      golden(`${name}.sql`, sql);
      assert.equal(compiled(name).pyspark.text, pyspark.text);
      assert.deepEqual(
        pyspark.text.split('\n').filter((line) => line.length > 120),
        [],
      );
    });
  }

  it('map every source and step to its lines and back', () => {
    for (const name of names) {
      const { pyspark, steps } = compiled(name);
      const lines = pyspark.text.split('\n');
      for (const block of pyspark.sourceMap.blocks) {
        assert.match(lines[block.firstLine - 1] ?? '', block.part === 'target' ? /^# The target/ : /^# /);
        assert.equal(lines[block.firstLine - 2], '');
        assert.equal(blockAt(pyspark.sourceMap, block.lastLine), block);
        if (block.part !== 'target') assert.equal(linesOf(pyspark.sourceMap, block.name), block);
      }
      const mapped = new Set(pyspark.sourceMap.blocks.map((block) => block.name));
      const pushed = [...steps.keys()].filter((step) => !mapped.has(step));
      // A source whose filter PostgreSQL applies has no block of its own.
      assert.ok(pushed.length <= 1, `${name}: ${pushed.join(', ')}`);
    }
  });

  it('parse, each step by itself too', () => {
    for (const name of names) {
      const { sql, steps } = compiled(name);
      for (const statement of [sql, ...steps.values()]) assert.ok('tree' in parser.parse(statement), statement);
    }
  });
});

function golden(file: string, text: string): void {
  const url = new URL(file, folder);
  if (accept) writeFileSync(url, text);
  assert.equal(
    text,
    existsSync(url) ? readFileSync(url, 'utf8') : '',
    `${file} differs; DATAMORPH_ACCEPT=1 accepts it`,
  );
}
