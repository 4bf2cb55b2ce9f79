import assert from 'node:assert/strict';
import type { Fault, RemedyRequest, Round } from '../../../../src/agents/ports.ts';
import { createRemediator } from '../../../../src/agents/remediator.ts';
import { withoutValues } from '../../../../src/agents/remediator/dataFault.ts';
import { patchesInVain, signatureOf } from '../../../../src/agents/remediator/signature.ts';
import type { Remedy } from '../../../../src/agents/run/events.ts';
import type { Finding, Verdict } from '../../../../src/agents/verdict.ts';
import { agreeing, at, compiled, differing, failed, request, totalsText, wrong } from '../../../support/remedies.ts';

const { signal } = new AbortController();

/** What is done without any model. */
const remedy = async (fault: Fault, more: Partial<RemedyRequest> = {}): Promise<Remedy> =>
  createRemediator().remedy(await request(fault, more), signal);

const edited = async (from: string, to: string): Promise<string> => {
  const { script } = (await compiled(totalsText)).programs;
  assert.ok(script.includes(from));
  return script.replace(from, to);
};

const broken: Verdict = {
  ...agreeing,
  rules: [
    {
      kind: 'failed',
      rule: { id: 'checks[0]', check: { kind: 'notNull', column: 'name' }, severity: 'error', index: 0 },
      rows: 3,
      examples: [],
    },
  ],
};

const finding = (cause: Finding['cause'] & string, message: string): Finding => ({
  ...{ code: 'rule-broken', severity: 'error', message, cause, place: {}, examples: [] },
  evidence: ['The reference breaks it too.'],
});

describe('a script that gives other rows', () => {
  it('gets the step that diverges back as it is compiled, and keeps the rest of what was edited', async () => {
    const script = (await edited('sum(amount)', 'sum(amount) + 1')).replace('\njob = ', '\nMINE = 1\njob = ');
    const code = { script, origin: 'edited' } as const;
    const { reason, ...rest } = await remedy(wrong(differing(), at('totals')), { code });
    assert.deepEqual(rest, {
      kind: 'script',
      layer: 'script',
      script: await edited('\njob = ', '\nMINE = 1\njob = '),
      // It still has to pass the gate.
      origin: 'edited',
      diff: `--- script.py
+++ script.py
@@ -22,7 +22,7 @@
 
 # totals: Total order amount per customer.
 totals = customer_orders.groupBy("customer_id", "name").agg(
-    F.expr("sum(amount) + 1").alias("total_amount"), F.expr("count(*)").alias("order_count")
+    F.expr("sum(amount)").alias("total_amount"), F.expr("count(*)").alias("order_count")
 )
 
 # The target: these rows replace all of public.customer_totals
`,
    });
    assert.equal(
      reason,
      'The edited script gives other rows than the spec says from step totals on: step totals is as it is compiled again.',
    );
  });

  it('is the compiled one as a whole where the step is not to be found, was put back before, or is not known', async () => {
    const { script } = (await compiled(totalsText)).programs;
    const code = { script: 'print("nothing of it is left")\n', origin: 'model' } as const;
    const again: Round = {
      fault: wrong(differing()),
      remedy: { kind: 'script', layer: 'script', reason: '', script: code.script, origin: 'edited', diff: '' },
    };
    const inPart = { script: await edited('sum(amount)', 'max(amount)'), origin: 'edited' } as const;
    for (const [fault, more] of [
      [wrong(differing(), at('totals')), { code }],
      [wrong(differing(), at('totals')), { code: inPart, rounds: [again] }],
      [wrong(differing()), { code: inPart }],
      [failed('NameError'), { code }],
    ] as const) {
      const found = await remedy(fault, more);
      assert.ok(found.kind === 'script' && found.script === script && found.origin === 'compiled', found.reason);
    }
  });
});

describe('an environment in trouble', () => {
  it('is tried once more for each kind of trouble, and nothing is changed', async () => {
    const lost = failed('The worker ended with status 137.', { reason: 'engine' });
    const first = await remedy(lost);
    assert.deepEqual([first.kind, first.layer], ['again', 'environment']);
    const rounds = [{ fault: failed('Gone at 0x7f.', { reason: 'engine' }), remedy: first }];
    assert.deepEqual(await remedy(lost, { rounds }), {
      kind: 'none',
      layer: 'environment',
      reason:
        'The engine, or what it had staged, was lost, also at a second try; that is nothing to be mended in code. See what its log says, and run the same spec again when it is there.',
    });
    assert.equal((await remedy(failed('Java heap', { reason: 'memory' }), { rounds })).kind, 'again');
  });

  it('that does not pass by itself is not tried again', async () => {
    assert.deepEqual(await remedy(failed('ERROR: permission denied for table orders')), {
      kind: 'none',
      layer: 'environment',
      reason:
        'A right is missing in the database: that is nothing to be mended in code. Ask for it, or let the job connect as another user.',
    });
  });

  it('is known by what PostgreSQL says, whatever the engine makes of it', async () => {
    for (const message of [
      'ERROR: could not serialize access due to concurrent update',
      'FATAL: terminating connection due to administrator command',
      'canceling statement due to statement timeout',
      'could not extend file "base/1": No space left on device',
      'public.t keeps its old rows: 0 rows are staged, 12 expected.',
    ]) {
      for (const reason of ['script', 'publication'] as const)
        assert.equal((await remedy(failed(message, { reason }))).kind, 'again', message);
    }
  });
});

describe('rows that a job fails on', () => {
  it('are named by expression or column, with a way out, and never by their values', async () => {
    const { programs } = await compiled(totalsText);
    const line = 1 + programs.script.split('\n').findIndex((each) => each.includes('sum(amount)'));
    const reasons = async (message: string, place: Parameters<typeof failed>[1]): Promise<string> => {
      const { kind, layer, reason } = await remedy(failed(message, place));
      assert.deepEqual([kind, layer], ['none', 'data']);
      return reason;
    };
    assert.equal(
      await reasons('[CAST_INVALID_INPUT] The value \'Ann\' of the type "STRING" cannot be cast', {
        line,
        step: 'totals',
      }),
      'A text cannot be read as the type that it is cast to in step totals: total_amount = sum(amount); order_count = count(*). Filter the rows that hold no such value, or correct them at their source.',
    );
    assert.equal(
      await reasons('null value in column "name" of relation "x" violates not-null constraint', {
        reason: 'publication',
      }),
      'NULL stands where it may not: "name" of public.customer_totals. Fill it (a `fill` step, or coalesce), filter those rows, or let the column be NULL.',
    );
    assert.match(
      await reasons('duplicate key value violates unique constraint "customer_totals_pkey" Key (customer_id)=(7)', {
        reason: 'publication',
      }),
      /^Rows have the same key: "customer_totals_pkey" of public\.customer_totals\. Take one of each key/,
    );
    assert.match(
      await reasons('[DIVIDE_BY_ZERO] Division by zero.', { step: 'totals' }),
      /^A number is divided by zero in step totals: /,
    );
    assert.match(
      await reasons('value too long for type character varying(3)', {}),
      /^A text is longer than its column takes\./,
    );
  });

  it('get the wider type that the check had asked for', async () => {
    const specText = totalsText.replace('"numeric(14,2)"', '"numeric(6,2)"');
    const found = await remedy(failed('numeric field overflow', { reason: 'publication' }), { specText });
    assert.ok(found.kind === 'spec', found.reason);
    assert.match(
      found.reason,
      /^The check had warned: "total_amount" is numeric.*may not fit into numeric\(6,2\)\. Declare numeric/,
    );
    assert.match(found.diff, /^-.*"numeric\(6,2\)"$/m);
  });

  it('leave no value in a message', () => {
    assert.equal(
      [
        "cannot cast 'Ann' to integer",
        'invalid input syntax for type integer: "Ann"',
        'Key (name)=(Ann) already exists',
        'Failing row contains (Ann, 5).',
        'value "Ann" is out of range for type integer',
      ]
        .map(withoutValues)
        .filter((message) => message.includes('Ann'))
        .join(),
      '',
    );
  });
});

describe('a verdict whose cause is known', () => {
  it('stands where the reference breaks the rule as well: the code is right', async () => {
    assert.deepEqual(await remedy(wrong(broken)), {
      kind: 'none',
      layer: 'data',
      reason:
        "Every row equals PostgreSQL's own answer, so that breaks the rule as well (name is never NULL): the code is right, and the source rows or the rule are not. Correct those rows at their source, filter them in the spec, or change the rule.",
    });
  });

  it('stands where whoever verified it says so, and is tried again where something stood in the way', async () => {
    const by = (cause: Finding['cause'] & string): Verdict => ({
      ...agreeing,
      findings: [finding(cause, 'Names are missing.')],
    });
    assert.deepEqual(await remedy(wrong(by('data'))), {
      kind: 'none',
      layer: 'data',
      reason: 'The code is right, and the data is not: Names are missing. The reference breaks it too.',
    });
    assert.equal((await remedy(wrong(by('test')))).layer, 'test');
    const again = await remedy(wrong(by('environment')));
    assert.equal(again.kind, 'again');
    const rounds = [{ fault: wrong(by('environment')), remedy: again }];
    assert.equal((await remedy(wrong(by('environment')), { rounds })).kind, 'none');
    assert.deepEqual(await remedy(wrong({ ...broken, findings: [finding('spec', 'A join repeats rows.')] })), {
      kind: 'none',
      layer: 'spec',
      reason: 'A join repeats rows. The reference breaks it too.',
    });
  });

  it('says what is known where only the engineer or a model could go on', async () => {
    const { kind, layer, reason } = await remedy(wrong({ ...agreeing, reason: 'You answered: Paid orders only.' }));
    assert.deepEqual([kind, layer], ['none', 'prompt']);
    assert.match(reason, /You answered: Paid orders only\.$/);
  });
});

describe('a compiled script that does not agree with PostgreSQL', () => {
  it('is run once more, for source rows may have changed, and then stands', async () => {
    const first = await remedy(wrong(differing(), at('totals')));
    assert.deepEqual([first.kind, first.layer], ['again', 'environment']);
    const rounds = [{ fault: wrong(differing(5), at('totals')), remedy: first }];
    const second = await remedy(wrong(differing(), at('totals')), { rounds });
    assert.deepEqual([second.kind, second.layer], ['none', 'script']);
    assert.match(second.reason, /from step totals on, also at a second try/);
  });

  it('is run once more where the sources were seen to change under the job', async () => {
    const moved: Verdict = {
      ...differing(),
      findings: [{ ...finding('data', 'The sources changed.'), code: 'rows-differ', evidence: [] }],
    };
    const first = await remedy(wrong(moved));
    assert.deepEqual(first, { kind: 'again', layer: 'data', reason: 'The sources changed.' });
    assert.deepEqual(await remedy(wrong(moved), { rounds: [{ fault: wrong(moved), remedy: first }] }), {
      kind: 'none',
      layer: 'data',
      reason: 'The code is right, and the data is not: The sources changed.',
    });
  });

  it('gets the order that tells rows apart where the check had warned of it', async () => {
    const spec = JSON.parse(totalsText) as { steps: object[]; target: { from: string } };
    spec.steps.push({ name: 'some', kind: 'limit', from: 'totals', count: 3, by: [{ expr: 'total_amount' }] });
    spec.target.from = 'some';
    const specText = JSON.stringify(spec, undefined, 2);
    const { problems } = await compiled(specText);
    assert.ok(
      problems.some(({ code, fix }) => code === 'unordered-limit' && fix),
      JSON.stringify(problems),
    );
    const found = await remedy(wrong(differing(), at('some')), { specText });
    assert.ok(found.kind === 'spec', found.reason);
    // What was tried is not tried again.
    const rounds = [{ fault: wrong(differing(), at('some')), remedy: found }];
    assert.equal((await remedy(wrong(differing(), at('some')), { specText, rounds })).kind, 'again');
  });
});

it('a target that is refused as it stands is named by its own words', async () => {
  const view = failed('public.customer_totals is a view: rows go into tables only.', { reason: 'refused' });
  const found = await remedy(view);
  assert.deepEqual([found.kind, found.layer], ['none', 'spec']);
  assert.match(found.reason, /is a view: rows go into tables only\.$/);
});

it('rows that are visible for good are not written a second time', async () => {
  const found = await remedy(failed('Gone.', { reason: 'engine' }), { visible: true });
  assert.equal(found.kind, 'none');
  assert.match(found.reason, /visible already/);
});

describe('the signature of a fault', () => {
  it('is the same for another number of rows and another line, and another for another step, column, rule or trouble', () => {
    const same = [
      [wrong(differing(2), at('totals')), wrong(differing(7), at('totals'))],
      [failed('NameError at 0x7f, line 3', { line: 3 }), failed('NameError at 0x1c, line 9', { line: 9 })],
      [failed('one', { reason: 'engine' }), failed('other', { reason: 'engine' })],
    ] as const;
    for (const [one, other] of same) assert.equal(signatureOf(one), signatureOf(other));
    const all = [
      wrong(differing(), at('totals')),
      wrong(differing(), at('orders')),
      wrong(differing()),
      wrong(agreeing),
      wrong(broken),
      wrong({ ...agreeing, findings: [finding('spec', 'x')] }),
      failed('NameError'),
      failed('TypeError'),
      failed('NameError', { step: 'totals' }),
      failed('x', { reason: 'memory' }),
    ];
    assert.equal(new Set(all.map(signatureOf)).size, all.length);
  });

  it('tells how many of the last patches were in vain', () => {
    const patch: Remedy = { kind: 'spec', layer: 'spec', reason: '', specText: '', diff: '' };
    const [a, b] = [wrong(differing(), at('a')), wrong(differing(), at('b'))];
    const rounds = (...faults: readonly Fault[]): readonly Round[] => faults.map((fault) => ({ fault, remedy: patch }));
    assert.equal(patchesInVain({ rounds: [], fault: a }), 0);
    assert.equal(patchesInVain({ rounds: rounds(a), fault: b }), 1);
    assert.equal(patchesInVain({ rounds: rounds(b, a), fault: a }), 2);
    assert.equal(patchesInVain({ rounds: rounds(a, b), fault: a }), 1);
    assert.equal(patchesInVain({ rounds: [{ fault: a, remedy: { ...patch, kind: 'again' } }], fault: a }), 0);
  });
});
