import assert from 'node:assert/strict';
import { BudgetSpent, nothingSpent } from '../../../../src/agents/budget.ts';
import { createCodeGate } from '../../../../src/agents/codeGate.ts';
import { ModelFailure } from '../../../../src/agents/model.ts';
import type { Fault, RemedyRequest, Round } from '../../../../src/agents/ports.ts';
import { createRemediator } from '../../../../src/agents/remediator.ts';
import type { Remedy } from '../../../../src/agents/run/events.ts';
import { pythonParser } from '../../../../src/services/pythonParser.ts';
import { agreeing, at, differing, failed, request, totalsText, wrong } from '../../../support/remedies.ts';
import { scriptedAsker, type ScriptedAsker, type Turn } from '../../../support/scriptedAsker.ts';
import { shopChecker, userText } from '../../../support/specsPlan.ts';

const gate = createCodeGate({ parser: pythonParser, hidesSecret: () => false });

interface Options {
  readonly rows?: boolean;
  readonly replans?: boolean;
  readonly signal?: AbortSignal;
  readonly more?: Partial<RemedyRequest>;
}

const misread: Fault = wrong({ ...agreeing, reason: 'You answered: The largest amount of each customer.' });

async function remedy(asker: ScriptedAsker, fault = misread, options: Options = {}): Promise<Remedy> {
  const { rows = false, replans = true, signal = new AbortController().signal, more } = options;
  const model = { asker, gate, checker: await shopChecker(), rows, replans };
  return createRemediator({ model }).remedy(await request(fault, more), signal);
}

const answer = (more: object): Turn => ({
  object: { layer: 'spec', reason: 'The largest was asked for.', kind: 'none', step: '', text: '', ...more },
});

const totalsStep = {
  name: 'totals',
  kind: 'aggregate',
  from: 'customer_orders',
  by: [{ name: 'customer_id' }, { name: 'name' }],
  columns: [
    { name: 'total_amount', expr: 'max(amount)' },
    { name: 'order_count', expr: 'count(*)' },
  ],
};
const step = (change: object = {}): Turn =>
  answer({ kind: 'step', step: 'totals', text: JSON.stringify({ ...totalsStep, ...change }) });
const spec = (change: (spec: Record<string, unknown>) => void): Turn => {
  const corrected = JSON.parse(totalsText) as Record<string, unknown>;
  change(corrected);
  return answer({ kind: 'spec', text: JSON.stringify(corrected) });
};

const patched = (...faults: readonly Fault[]): readonly Round[] =>
  faults.map((fault, at) => ({
    fault,
    remedy: { kind: 'spec', layer: 'spec', reason: `Try ${at + 1}.`, specText: '{}', diff: `+try ${at + 1}\n` },
  }));

describe('a model that is asked for a remedy', () => {
  it('corrects one step, and the corrected spec is the checked one', async () => {
    const asker = scriptedAsker(step());
    const found = await remedy(asker);
    assert.ok(found.kind === 'spec', found.reason);
    assert.deepEqual([found.layer, found.reason], ['spec', 'The largest was asked for.']);
    assert.match(found.specText, /"expr": "max\(amount\)"/);
    assert.match(found.diff, /^\+.*max\(amount\)/m);
    assert.equal(asker.requests.length, 1);
    assert.equal(asker.requests[0]?.purpose, 'remedy');
  });

  it('is told the fault, the spec and the tables that it reads, and no row without consent', async () => {
    const fault = wrong({ ...differing(), findings: [
      { code: 'readings-differ', severity: 'error', message: "The status 'Ann Miller' is missing.", cause: 'spec', evidence: [], examples: ['{"name": "Ann"}'], place: {} },
    ] }, { kind: 'behind', unseen: [] }); // prettier-ignore
    const twice: Round = { fault, remedy: { kind: 'again', layer: 'environment', reason: 'Once more.' } };
    const asks = [scriptedAsker(answer({ layer: 'data' })), scriptedAsker(answer({ layer: 'data' }))] as const;
    await remedy(asks[0], fault, { more: { rounds: [twice] } });
    await remedy(asks[1], fault, { rows: true, more: { rounds: [twice] } });
    const [without, with_] = asks.map(({ requests }) => userText(requests[0]));
    assert.ok(without !== undefined && with_ !== undefined);
    assert.match(
      without,
      /<request>\nJoin customers and orders[^]*<spec>\n\{[^]*<tables>\npublic\.customers[^]*public\.orders/,
    );
    assert.ok(!without.includes('public.payments'), 'the rest of the world stays at home');
    assert.match(
      without,
      /<fault>\nPostgreSQL's own answer to the spec has 10 rows, the job gave 10; missing 0, unexpected 0\.\nCells that differ: "total_amount" in 2 rows\./,
    );
    assert.match(without, /<tried>\n1\. again, environment: "Once more\."/);
    assert.match(without, /<example>\n\(rows are not shown: the engineer has not agreed to it\)/);
    for (const value of ['99.25', 'Ann']) assert.ok(!without.includes(value), value);
    assert.match(
      with_,
      /<example>\nexpected "\{\\"customer_id\\": 7, \\"name\\": \\"‹name 1›\\", \\"total_amount\\": 12\.50\}", found /,
    );
  });

  it('is told why its answer cannot be taken, twice, and then the verdict stands', async () => {
    const checks = [{ kind: 'notNull', column: 'name' }];
    const turns = [
      [answer({ kind: 'step', step: 'none', text: '{}' }), /The spec has no step "none"/],
      [answer({ kind: 'step', step: 'totals', text: '[' }), /is no JSON object/],
      [answer({ kind: 'spec', text: totalsText }), /This is the spec as it is/],
      [step({ columns: [{ name: 'total_amount', expr: 'max(amuont)' }] }), /error unknown-column at steps\[1\]/],
      [spec((each) => (each['checks'] = checks)), /Leave as they are: checks\./],
      [
        spec((each) => Object.assign(each['target'] as object, { table: 'public.orders' })),
        /Leave as they are: target\.table\./,
      ],
      [
        spec(
          (each) =>
            (each['steps'] = [{ name: 'totals', kind: 'sql', inputs: ['orders'], query: 'select pg_sleep(9)' }]),
        ),
        /query-refused/,
      ],
      [answer({ kind: 'else' }), /`text` is empty/],
      [answer({ layer: 'moon' }), /one of the layers/],
      [{ text: 'no object' }, /The answer is one object/],
    ] as const satisfies readonly (readonly [Turn, RegExp])[];
    for (const [turn, told] of turns) {
      const asker = scriptedAsker(turn, step());
      const found = await remedy(asker);
      assert.equal(found.kind, 'spec', String(told));
      assert.match(userText(asker.requests[1], 2), told);
    }
    const [first] = turns;
    const stubborn = await remedy(scriptedAsker(first[0], first[0], first[0]));
    assert.deepEqual([stubborn.kind, stubborn.layer], ['none', 'prompt']);
    assert.match(stubborn.reason, /The corrections of the model could not be taken: The spec has no step "none"/);
  });

  it('may find nothing to mend, and its word is the reason', async () => {
    assert.deepEqual(await remedy(scriptedAsker(answer({ layer: 'data', reason: 'Orders 7 and 8 are doubled.' }))), {
      kind: 'none',
      layer: 'data',
      reason: 'Orders 7 and 8 are doubled.',
    });
  });

  it('that fails leaves the verdict as it is, and a budget that is spent stops the run', async () => {
    const declined = await remedy(scriptedAsker({ failure: new ModelFailure('declined', 'Not that.') }));
    assert.equal(declined.kind, 'none');
    assert.match(declined.reason, /gave no answer: Not that\./);
    const spent = new BudgetSpent('dollars', nothingSpent, 'The budget is spent.');
    await assert.rejects(remedy(scriptedAsker({ failure: spent as never })), spent);
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(remedy(scriptedAsker(step()), misread, { signal: abort.signal }), { name: 'AbortError' });
  });

  it('is not asked where evidence decides', async () => {
    const asker = scriptedAsker();
    const data = wrong({
      ...agreeing,
      rules: [
        {
          kind: 'failed',
          rule: { id: 'a', check: { kind: 'notNull', column: 'name' }, severity: 'error' },
          rows: 1,
          examples: [],
        },
      ],
    });
    for (const fault of [data, failed('Gone.', { reason: 'engine' }), wrong(differing(), at('totals'))]) {
      await remedy(asker, fault);
    }
    assert.deepEqual(asker.requests, []);
  });
});

describe('the end of patching', () => {
  it('is a fresh start from the prompt after two patches that fail in the same way', async () => {
    const asker = scriptedAsker();
    const found = await remedy(asker, misread, { more: { rounds: patched(failed('x'), misread) } });
    assert.deepEqual(found, {
      kind: 'replan',
      layer: 'spec',
      reason: '2 corrections ended in the same fault: a fresh start from the prompt.',
      note: 'A plan for this request was carried out and is wrong (not what was meant: You answered: The largest amount of each customer.). 2 corrections ended in the same fault. Understand the request anew.',
    });
    assert.deepEqual(asker.requests, []);
    // Patches that fail in other ways get somewhere.
    const further = await remedy(scriptedAsker(step()), misread, { more: { rounds: patched(misread, failed('x')) } });
    assert.equal(further.kind, 'spec');
  });

  it('is the verdict where no fresh start can be made, or one has been made', async () => {
    const rounds = patched(failed('x'), misread);
    const replan: Round = { fault: failed('x'), remedy: { kind: 'replan', layer: 'spec', reason: '', note: '' } };
    for (const options of [
      { replans: false, more: { rounds } },
      { more: { rounds: [replan, ...rounds] } },
      { more: { rounds, prompt: undefined as never } },
    ]) {
      const found = await remedy(scriptedAsker(), misread, options);
      assert.equal(found.kind, 'none');
      assert.match(found.reason, /2 corrections ended in the same fault: a further one would do no better/);
    }
    const same: Round = { ...replan, fault: misread };
    const found = await remedy(scriptedAsker(), misread, { more: { rounds: [same] } });
    assert.match(found.reason, /A fresh start from the prompt ended in the same fault/);
  });

  it('may be asked for by the model, once', async () => {
    const fresh = answer({ kind: 'fresh', reason: 'It is about invoices' });
    const found = await remedy(scriptedAsker(fresh));
    assert.deepEqual([found.kind, found.reason], ['replan', 'It is about invoices: a fresh start from the prompt.']);
    const asker = scriptedAsker(fresh, answer({}));
    assert.equal((await remedy(asker, misread, { replans: false })).kind, 'none');
    assert.match(userText(asker.requests[1], 2), /A fresh start cannot be made now/);
  });
});
