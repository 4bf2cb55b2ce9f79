/**
 * Every golden spec, executed: the script's target against the reference SQL, row by row, as PostgreSQL compares them.
 *
 * That they can fail was shown on 21 November 2026 by three mutations of src/compiler/pyspark, one at a time:
 * - rows.ts, `filter` returns its input without `.where(…)`: filter-after-derive and window-ranks fail;
 * - joins.ts, `sparkHow.left` is 'inner': join-left, join-condition and step-used-twice fail;
 * - columns.ts, `orderColumn` turns the default of `nulls` round: dedupe-first, dedupe-last, limit-null-order, sort-limit fail.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { targetNames } from '../../src/compiler/reference/expected.ts';
import { formatTableName, parseTableName } from '../../src/spec/tableName.ts';
import { readSpec } from '../../src/spec/read.ts';
import { shopSql, shopTables } from '../golden/shop.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import type { Compiled } from '../../src/compiler/compile.ts';
import { fingerprintSql } from '../../src/compiler/reference/fingerprint.ts';
import { startWorld, type Database, type Ran, type World } from './support/world.ts';

const folder = new URL('../golden/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.datamorph.json'))
  .map((file) => file.replace('.datamorph.json', ''));

describe('golden specs, executed', function () {
  this.timeout(180_000);
  let world: World;
  let shop: Database;

  before(async () => {
    world = await startWorld();
    shop = await world.database('golden', shopSql);
  });
  after(() => world.stop());

  it('are Python that compiles, in the form of the formatter', () => {
    const python = process.env['DATAMORPH_TEST_PYTHON'] ?? '';
    const scripts = names.map((name) => fileURLToPath(new URL(`${name}.py`, folder)));
    const run = (...args: readonly string[]): string => execFileSync(python, args, { encoding: 'utf8' });
    const parse = 'import ast, sys; [ast.parse(open(name, encoding="utf-8").read(), name) for name in sys.argv[1:]]';
    assert.equal(run('-c', parse, ...scripts), '');
    assert.match(run('-m', 'ruff', 'check', ...scripts), /All checks passed/);
    assert.match(run('-m', 'ruff', 'format', '--check', ...scripts), /already formatted/);
  });

  for (const name of names) {
    it(name, async () => {
      const text = readFileSync(new URL(`${name}.datamorph.json`, folder), 'utf8');
      const target = targetOf(text);
      await shop.client.query(`drop table if exists ${target}`);
      const args = traced(name) ? ['--trace', 'yes'] : [];
      const { compiled, failure, events } = await shop.run(text, { catalogue: catalogueOf(shopTables), args });
      assert.equal(failure, null, `${failure ?? ''}\n${compiled.pyspark?.text ?? ''}`);
      const { resolved, reference } = compiled;
      assert.ok(resolved && reference?.expected);
      const columns = targetNames(resolved.target)
        .map((column) => `"${column}"`)
        .join(', ');
      const expected = reference.expected(`(select * from ${target} where false)`);
      const difference = await shop.difference(
        `select ${columns} from ${target}`,
        `select ${columns} from (${expected}) as r`,
      );
      assert.deepEqual(difference, [], `${expected}\n\n${compiled.pyspark?.text ?? ''}`);
      if (traced(name)) await sameFingerprints(shop, compiled, events);
    });
  }
});

/** Counting every step costs as much again as the run: every third spec is traced. */
const traced = (name: string): boolean => names.indexOf(name) % 3 === 0;

/** Both sides say the same of every step. */
async function sameFingerprints(
  shop: Database,
  { resolved, reference }: Compiled,
  events: Ran['events'],
): Promise<void> {
  assert.ok(resolved && reference);
  for (const { step, columns } of resolved.steps) {
    const select = reference.steps.get(step.name);
    if (select === undefined) continue;
    const told = events.find((each) => each['event'] === 'rows' && each['step'] === step.name);
    const kept = (told?.['columns'] ?? []) as readonly string[];
    const known = kept.flatMap((name) => columns.find((column) => column.name === name) ?? []);
    assert.equal(known.length, kept.length);
    const sql = fingerprintSql(select, known);
    const { rows } = await shop.client.query<{ rows: string; fingerprint: string }>(sql);
    const ours = { rows: String(told?.['count']), fingerprint: told?.['fingerprint'] };
    assert.deepEqual(ours, rows[0], `${step.name}: ${sql}`);
  }
}

function targetOf(text: string): string {
  const table = parseTableName(readSpec(text).spec?.target.table ?? '');
  assert.ok(table);
  return formatTableName(table);
}
