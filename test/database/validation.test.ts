import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import type { Intent, IntentOutcome, IntentWriter } from '../../src/agents/intentPort.ts';
import { ModelFailure } from '../../src/agents/model.ts';
import { phaseNames, type Finding, type Verdict } from '../../src/agents/verdict.ts';
import type { Check } from '../../src/spec/spec.ts';
import { judge, openTotals, phaseLines, rightRows, type Judged, type Totals } from '../support/totals.ts';

const noSmall: Check = { kind: 'range', column: 'total', min: 8, severity: 'warning', name: 'small totals' };
const noDebts: Check = { kind: 'sql', name: 'no debts', query: 'select * from target where total < 0' };
const prompt = 'Totals per customer';

/** A finding in one line, with its place, cause and evidence. */
const line = ({ code, severity, place, cause, message, evidence }: Finding): string =>
  `${severity} ${code} ${place.file ?? ''}${place.pointer ?? ''} ${cause ?? 'unknown'}: ${[message, ...evidence].join(' | ')}`;

const lines = ({ findings }: Verdict): readonly string[] => (findings ?? []).map(line);

describe('a validation, phase by phase, in a real PostgreSQL', () => {
  let totals: Totals;
  before(async () => {
    totals = await openTotals('validation');
  });
  after(() => totals.close());
  beforeEach(() => totals.put(rightRows));

  it('passes, and says what it did and what it did not prove', async () => {
    const spec = await totals.spec();
    const { verdict, told } = await judge(totals, spec);
    assert.deepEqual(phaseLines(told), [
      "rules: passed. 1 rule: 0 of the spec, 1 of the target's keys and types, 0 of the workspace.",
      'intent: notRun. There is no prompt to test against.',
      'execution: passed. 1 rule (1 passed). Snapshot SNAPSHOT.',
      "comparison: passed. 3 rows compared: equal to PostgreSQL's own answer.",
      'verification: notRun. Nothing failed.',
      'analysis: passed. Passed: nothing to be told.',
    ]);
    assert.deepEqual(verdict.phases, told);
    assert.equal(verdict.kind, 'passed');
    assert.deepEqual(lines(verdict), []);
    const { snapshot, ms, ...proof } = verdict.proof ?? assert.fail('no proof');
    assert.match(snapshot, /^\d+:\d+:/);
    assert.ok(ms >= 0);
    assert.deepEqual(proof, {
      rows: 3,
      notProven: ['That the spec is what the prompt asks for: There is no prompt to test against.'],
    });
  });

  it("passes with warnings where the data breaks a rule that only warns: PostgreSQL's own answer breaks it too", async () => {
    const { verdict, told } = await judge(totals, await totals.spec({ checks: [noSmall, noDebts] }));
    assert.equal(verdict.kind, 'passed');
    assert.deepEqual(phaseLines(told).slice(2), [
      'execution: warned. 3 rules (1 failed, 2 passed). Snapshot SNAPSHOT.',
      "comparison: passed. 3 rows compared: equal to PostgreSQL's own answer.",
      'verification: passed. 1 failure looked into: 1 of the data.',
      'analysis: warned. Passed with warnings: 1 warning.',
    ]);
    assert.deepEqual(lines(verdict), [
      "warning rule-broken /checks/0 data: small totals: 1 row breaks it. | Every row equals PostgreSQL's own answer, which breaks the rule too: the data or the spec, not the job.",
    ]);
  });

  it("fails with the job for a cause where PostgreSQL's own answer keeps the rule", async () => {
    await totals.put(`(1, 'ann@example.com', 15), (2, 'bob@example.com', -7)`);
    const { verdict, told } = await judge(totals, await totals.spec({ checks: [noSmall, noDebts] }));
    assert.equal(verdict.kind, 'failed');
    assert.deepEqual(phaseLines(told).slice(2), [
      'execution: failed. 3 rules (2 failed, 1 passed). Snapshot SNAPSHOT.',
      'comparison: failed. 2 rows compared with 3 expected: 2 missing, 1 unexpected.',
      'verification: passed. 3 failures looked into: 2 of the script, 1 of the data.',
      'analysis: failed. Failed: 2 errors and 1 warning.',
    ]);
    assert.deepEqual(lines(verdict), [
      "error rows-differ /target script: The target differs from PostgreSQL's own answer: 1 row missing and 1 row changed. | PostgreSQL computes the same spec from the same tables and gets other rows: what ran says something else than the spec. | No row that was written after those of the target: public.customers, public.orders.",
      "error rule-broken /checks/1 script: no debts: 1 row breaks it. | PostgreSQL's own answer keeps it.",
      "warning rule-broken /checks/0 data: small totals: 1 row breaks it. | PostgreSQL's own answer breaks it too, by 1 row: the data or the spec, not the job.",
    ]);
    assert.deepEqual(verdict.findings?.[1]?.examples, [
      '{"email": "bob@example.com", "total": -7.00, "customer_id": 2}',
    ]);
  });

  it('does not blame the job where a source has changed since, also for rows that wait to be published', async () => {
    const spec = await totals.spec();
    await totals.postgres.query('drop table if exists staged; create table staged as select * from totals');
    const staged = '(select customer_id as customer_id, email as email, total as total from public.staged) as waiting';
    await totals.postgres.query('update orders set amount = amount + 1 where order_id = 3');
    for (const rows of ['public.totals', staged]) {
      const { verdict } = await judge(totals, spec, { rows });
      assert.deepEqual(lines(verdict), [
        "error rows-differ /target environment: The target differs from PostgreSQL's own answer: 1 row changed. | public.orders holds 1 row written after the rows of the target.",
      ]);
    }
    await totals.postgres.query('update orders set amount = amount - 1 where order_id = 3');
  });

  it('tells a rule alone of a target that holds older rows too, without a cause that nobody can know', async () => {
    await totals.put(`(9, 'old@example.com', -1), ${rightRows}`);
    const { verdict, told } = await judge(totals, await totals.spec({ mode: 'append', checks: [noDebts] }));
    const reason = "The target's mode is append: it holds rows of earlier runs too, so it is not compared as a whole.";
    assert.equal(verdict.kind === 'failed' && verdict.reason, reason);
    assert.deepEqual(phaseLines(told).slice(3), [
      `comparison: notRun. ${reason}`,
      'verification: warned. 1 failure looked into: 1 without a known cause.',
      'analysis: failed. Failed: 1 error.',
    ]);
    assert.deepEqual(lines(verdict), [
      "error rule-broken /checks/0 unknown: no debts: 1 row breaks it. | PostgreSQL's own answer keeps it: the rows are of the job, or were in the target before.",
    ]);
    assert.deepEqual(verdict.proof?.notProven[0], `That the rows are PostgreSQL's own answer: ${reason}`);
  });

  it('never takes a rule that cannot be run for passed', async () => {
    const spec = await totals.spec({ checks: [{ kind: 'sql', name: 'gone', query: 'select * from gone' }] });
    const { verdict } = await judge(totals, spec);
    assert.deepEqual(
      [verdict.kind, ...lines(verdict)],
      ['passed', 'warning not-run /checks/0 unknown: gone: it could not be run. relation "gone" does not exist'],
    );
    assert.deepEqual(verdict.proof?.notProven[0], 'That 1 rule holds: not run.');
  });

  it('leaves out what it is told to leave out, and says so', async () => {
    await totals.put(`(1, 'ann@example.com', -1)`);
    const spec = await totals.spec({ checks: [noDebts] });
    const { verdict, told } = await judge(totals, spec, { skip: phaseNames });
    assert.deepEqual(
      phaseLines(told),
      phaseNames.map((phase) => `${phase}: notRun. It was left out, as you asked.`),
    );
    assert.deepEqual(
      { ...verdict, phases: [], proof: { ...verdict.proof, snapshot: '', ms: 0 } },
      {
        ...{ kind: 'notCompared', reason: 'The comparison was left out.', rules: [], phases: [] },
        proof: {
          ...{ snapshot: '', ms: 0, rows: 0 },
          notProven: [
            "That the rows are PostgreSQL's own answer: The comparison was left out.",
            'That the spec is what the prompt asks for: It was left out, as you asked.',
          ],
        },
      },
    );
    const rules = await judge(totals, spec, { skip: ['execution', 'verification'] });
    assert.deepEqual(
      lines(rules.verdict).map((each) => each.slice(0, 60)),
      [
        'error rows-differ /target unknown: The target differs from P',
        'warning not-run /checks/0 unknown: no debts: it could not be',
        'warning not-run /target unknown: customer_id is never NULL: ',
      ],
    );
  });

  it('tells that a table has changed since the spec was written, at the source that reads it', async () => {
    const sources = [
      { name: 'customers', table: 'public.customers' },
      { name: 'orders', table: 'public.orders', fingerprint: 'old' },
    ];
    const spec = await totals.spec({ sources });
    const offset = spec.specText.indexOf('"old"');
    const message = '"public.orders" has changed since this spec was written.';
    const problem = { code: 'table-changed', severity: 'warning', message, span: { offset, length: 5 } } as const;
    const { verdict, told } = await judge(totals, spec, { problems: [problem] });
    assert.equal(told[0]?.outcome, 'warned');
    assert.deepEqual(lines(verdict), [
      `warning table-changed /sources/1 unknown: ${message} | The fingerprint that stands in the spec is not that of the table as it is now.`,
    ]);
    assert.equal(verdict.findings?.[0]?.place.step, 'orders');
  });
});

describe('tests of the prompt, in a verdict', () => {
  let totals: Totals;
  before(async () => {
    totals = await openTotals('validation_intent');
  });
  after(() => totals.close());
  beforeEach(() => totals.put(rightRows));

  const test = { name: 'no nulls', says: 'Every customer has a total.', query: 'select 1' };
  const reading = { query: 'select 1', words: 'Only customers with orders count.' };
  const writer: IntentWriter = { write: (): Promise<Intent> => Promise.resolve({ tests: [test], reading }) };
  const cat = '{"email": "cat@example.com", "total": null, "customer_id": 3}';
  const doubtful: IntentOutcome = {
    tests: [{ test, kind: 'failed', rows: 1, examples: [cat] }],
    reading: {
      ...{ reading, kind: 'differs' },
      changes: {
        ...{ keys: [], missing: 0, unexpected: 1, changed: 0, byColumn: {} },
        rows: [{ kind: 'unexpected', actual: cat }],
      },
    },
  };
  const judged = async (outcome: IntentOutcome, intentWriter = writer): Promise<Judged> => {
    const testIntent = () => Promise.resolve(outcome);
    return judge(totals, await totals.spec(), { prompt, options: { intentWriter, testIntent } });
  };

  it('that hold are told, and so is what was dropped', async () => {
    const { verdict, told } = await judged({
      tests: [
        { test, kind: 'passed', damage: 'dropped rows' },
        { test, kind: 'dropped', reason: 'It cannot fail.' },
      ],
      reading: { reading, kind: 'agrees', rows: 3 },
    });
    assert.deepEqual(phaseLines(told).slice(1, 3), [
      'intent: passed. Written from the prompt: 1 test and a second reading.',
      'execution: passed. 1 rule (1 passed), 2 tests of the prompt (1 passed, 1 dropped), a second reading (agrees). Snapshot SNAPSHOT.',
    ]);
    assert.deepEqual(verdict.proof?.notProven, [
      'What 1 test of the prompt would have shown: dropped, because it could not fail or not be run.',
    ]);
  });

  it('that do not hold while every row is as in the spec ask the engineer, and fail nothing', async () => {
    const { verdict } = await judged(doubtful);
    assert.equal(verdict.kind, 'passed');
    const evidence = "The rows equal PostgreSQL's own answer to the spec: the prompt can be read in another way.";
    assert.deepEqual(lines(verdict), [
      `warning intent-test-failed /prompt prompt: Every customer has a total. 1 row says otherwise. | ${evidence}`,
      `warning readings-differ /prompt prompt: The prompt, read once more, asks for other rows: 1 fewer. Only customers with orders count. | ${evidence}`,
    ]);
    const shown = '{"email": "‹email 1›", "total": null, "customer_id": 3}';
    const words =
      'It reads public.customers, public.orders; then sums (aggregate), named (join); and writes public.totals.';
    assert.deepEqual(verdict.questions, [
      {
        id: 'test-1',
        text: 'Is this what you meant: Every customer has a total.',
        choices: [
          { id: 'keep', label: 'No, the rows are right', detail: `The spec: ${words}` },
          { id: 'wrong', label: 'Yes, the rows are wrong', detail: `1 row says otherwise. For example ${shown}.` },
        ],
      },
      {
        id: 'reading',
        text: 'The prompt can be read in two ways, and they differ in 1 row. Which one is meant?',
        choices: [
          { id: 'keep', label: 'As in the spec: keep the rows', detail: `${words} For example ${shown}.` },
          { id: 'wrong', label: 'The other one: the rows are wrong', detail: `${reading.words} Without this row.` },
        ],
      },
    ]);
  });

  it('ask nothing while the rows are wrong anyway', async () => {
    await totals.put(`(1, 'ann@example.com', 15)`);
    const { verdict } = await judged(doubtful);
    assert.deepEqual([verdict.kind, verdict.questions], ['failed', undefined]);
    assert.deepEqual(
      verdict.findings?.map(({ code, severity, cause }) => [code, severity, cause]),
      [
        ['rows-differ', 'error', 'script'],
        ['intent-test-failed', 'warning', undefined],
        ['readings-differ', 'warning', undefined],
      ],
    );
  });

  it('are not run where the model cannot be asked, and are never taken for passed; what is a mistake of ours is told', async () => {
    const failing = (error: Error): IntentWriter => ({ write: () => Promise.reject(error) });
    const { verdict, told } = await judged(doubtful, failing(new ModelFailure('unavailable', 'Nobody answers.')));
    assert.deepEqual(phaseLines(told)[1], 'intent: notRun. Nobody answers.');
    assert.equal(verdict.kind, 'passed');
    assert.deepEqual(verdict.proof?.notProven, ['That the spec is what the prompt asks for: Nobody answers.']);
    await assert.rejects(judged(doubtful, failing(new TypeError('a mistake'))), /a mistake/);
  });

  it('run as the role with fewer rights, and nothing else does', async () => {
    const { user } = await totals.database.createRole('lowly');
    const snapshots = await totals.snapshotsAs({ queryRole: user });
    const users: string[] = [];
    await judge({ ...totals, snapshots }, await totals.spec(), {
      prompt,
      options: {
        intentWriter: writer,
        async testIntent(snapshot) {
          const [row] = await snapshot.select<{ name: string }>('select current_user::text as name');
          users.push(row?.name ?? '');
          await assert.rejects(snapshot.select('select * from totals'), /permission denied/);
          return { tests: [] };
        },
      },
    });
    assert.deepEqual(users, [user]);
  });
});
