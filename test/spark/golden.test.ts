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
import { fingerprintSql } from '../../src/compiler/reference/fingerprint.ts';
import { targetNames } from '../../src/compiler/reference/expected.ts';
import { formatTableName, parseTableName } from '../../src/spec/tableName.ts';
import { readSpec } from '../../src/spec/read.ts';
import { shopSql, shopTables } from '../golden/shop.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
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
      const ran = await shop.run(text, { catalogue: catalogueOf(shopTables), args: ['--trace', 'yes'] });
      const { compiled, failure } = ran;
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
      await assertSameSteps(shop, ran);
    });
  }
});

interface RowsEvent {
  readonly event: string;
  readonly step: string;
  readonly count: number;
  readonly fingerprint: string;
  readonly columns: readonly string[];
}

/** Step by step, what the traced run counted and what PostgreSQL counts. */
async function assertSameSteps(shop: Database, { compiled, events }: Ran): Promise<void> {
  const { resolved, reference } = compiled;
  assert.ok(resolved && reference);
  const traced = (events as unknown as readonly RowsEvent[]).filter(({ event }) => event === 'rows');
  assert.deepEqual(
    traced.map(({ step }) => step),
    resolved.steps.map(({ step }) => step.name),
  );
  for (const { step, columns, count, fingerprint } of traced) {
    const query = fingerprintSql({ resolved, reference }, { step, columns });
    if (query === undefined) assert.ok(reference.beyond.has(step), `${step}: ${columns.join(', ')}`);
    else assert.deepEqual([step, ...(await shop.row(query))], [step, String(count), fingerprint], query);
  }
}

function targetOf(text: string): string {
  const table = parseTableName(readSpec(text).spec?.target.table ?? '');
  assert.ok(table);
  return formatTableName(table);
}
