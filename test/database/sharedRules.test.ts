import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { ruleTitle } from '../../src/agents/validation/rules.ts';
import type { Verdict } from '../../src/agents/verdict.ts';
import { sharedRulesIn } from '../../src/services/sharedRules.ts';
import { judge, openTotals, phaseLines, rightRows, type Judged, type Totals } from '../support/totals.ts';

describe('the rules that the specs of a workspace share, in a real PostgreSQL', () => {
  let totals: Totals;
  let workspace: string;
  before(async () => {
    totals = await openTotals('shared');
    await totals.put(rightRows);
  });
  after(() => totals.close());
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'datamorph-rules-'));
    await mkdir(join(workspace, '.datamorph'));
  });
  afterEach(() => rm(workspace, { recursive: true }));

  async function judged(text?: string): Promise<Judged> {
    if (text !== undefined) await writeFile(join(workspace, '.datamorph', 'rules.json'), text);
    const spec = await totals.spec({ checks: [{ kind: 'notNull', column: 'email' }] });
    return judge(totals, spec, { options: { sharedRules: sharedRulesIn(workspace) } });
  }
  const rulesIn = ({ rules = [] }: Verdict) =>
    rules.map((result) => [ruleTitle(result.rule), result.rule.file ?? 'spec', result.kind]);

  it('are tested on every target that they are about, and what the spec says already is not said twice', async () => {
    const { verdict, told } = await judged(`{
      // Of all marts.
      "version": 1,
      "tables": [
        { "table": "public.tot*", "checks": [
          { "kind": "notNull", "column": "email" },
          { "kind": "notNull", "column": "total", "severity": "warning" },
        ] },
        { "table": "totals", "checks": [{ "kind": "rowCount", "min": 1 }, { "kind": "rowCount", "min": 1 }] },
        { "table": "other.*", "checks": [{ "kind": "rowCount", "min": 1000 }] },
      ],
    }`);
    assert.deepEqual(rulesIn(verdict), [
      ['email is never NULL', 'spec', 'passed'],
      ['customer_id is never NULL', 'spec', 'passed'],
      ['total is never NULL', '.datamorph/rules.json', 'failed'],
      ['the number of rows is at least 1', '.datamorph/rules.json', 'passed'],
    ]);
    assert.equal(
      phaseLines(told)[0],
      "rules: passed. 4 rules: 1 of the spec, 1 of the target's keys and types, 2 of the workspace.",
    );
    assert.deepEqual(
      verdict.findings?.map(({ severity, place, cause }) => ({ severity, place, cause })),
      [
        {
          severity: 'warning',
          place: { file: '.datamorph/rules.json', pointer: '/tables/0/checks/1' },
          cause: 'data',
        },
      ],
    );
  });

  it('that cannot be read are told by file and place, and make a warning, because nobody ran them', async () => {
    const cases = [
      ['', '.datamorph/rules.json:1:1: The file is empty: it is a JSON object.'],
      ['{ "version": 1, "tables": [ }', '.datamorph/rules.json:1:29: A value is expected here.'],
      ['[]', '.datamorph/rules.json:1:1:'],
      [
        '{ "version": 1, "tables": [{ "table": "totals",\n"checks": [{ "kind": "notNul", "column": "a" }] }] }',
        '.datamorph/rules.json:2:22:',
      ],
      ['{ "version": 9, "tables": [] }', '.datamorph/rules.json:1:14:'],
    ] as const;
    for (const [text, expected] of cases) {
      const { verdict, told } = await judged(text);
      const [finding] = verdict.findings ?? [];
      const { code, severity, place, message = '' } = finding ?? {};
      assert.deepEqual([verdict.kind, code, severity, place], ['passed', 'not-run', 'warning', { file: '.datamorph/rules.json' }]); // prettier-ignore
      assert.ok(message.startsWith(`A rule of the workspace cannot be read. ${expected}`), `${text}: ${message}`);
      assert.equal(told[0]?.outcome, 'warned');
    }
  });

  it('may name a column that a target does not have, which is told and not passed', async () => {
    const check = { kind: 'notNull', column: 'updated_at' };
    const { verdict } = await judged(JSON.stringify({ version: 1, tables: [{ table: '*', checks: [check] }] }));
    assert.deepEqual(
      verdict.findings?.map(({ code, place }) => [code, place.pointer]),
      [['not-run', '/tables/0/checks/0']],
    );
  });

  it('need no file', async () => {
    const { verdict } = await judged();
    assert.deepEqual([verdict.kind, verdict.findings], ['passed', []]);
  });
});
