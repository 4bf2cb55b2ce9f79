import assert from 'node:assert/strict';
import { resume, run } from '../../../src/agents/orchestrator.ts';
import type { Limits } from '../../../src/agents/ports.ts';
import type { JournalEntry, RunChanges, RunOrder } from '../../../src/agents/run/events.ts';
import type { JobCost } from '../../../src/agents/engine.ts';
import { spentIn } from '../../../src/agents/run/spent.ts';
import type { RunState, RunStop } from '../../../src/agents/runState.ts';
import {
  order,
  programs,
  promptOrder,
  scripted,
  specText,
  type Script,
  type Scripted,
} from '../../support/scriptedRun.ts';

const problem = { code: 'unknown-table', severity: 'error', message: 'No.', span: { offset: 0, length: 1 } } as const;
const question = { id: 'q1', text: 'Which date?', choices: [{ id: 'a', label: 'Ordered' }] } as const;
const modelOrder: RunOrder = { ...order, codegen: 'model' };
const scriptFailure = { kind: 'failed', reason: 'script', message: 'NameError at 0x7f12', line: 2 } as const;

interface Ran extends Scripted {
  readonly last: RunStop;
  readonly states: readonly RunState[];
}

async function ran(asked: RunOrder, script: Script = {}, signal = new AbortController().signal): Promise<Ran> {
  const first: JournalEntry = { n: 1, at: asked.instant, event: { kind: 'ordered', order: asked } };
  const set = scripted(script, [first]);
  const states: RunState[] = [];
  const last = await run({ ports: set.ports, signal, onState: (state) => states.push(state) });
  return { ...set, last, states };
}

/** Goes on in another process: nothing but the journal is known there. */
async function continued(before: Scripted, changes: RunChanges, script: Script = {}): Promise<Ran> {
  const set = scripted(script, before.journal.entries);
  const states: RunState[] = [];
  const options = { ports: set.ports, signal: new AbortController().signal };
  const last = await resume(changes, { ...options, onState: (state) => states.push(state) });
  return { ...set, last, states };
}

describe('a run, from an accepted spec to a compared target', () => {
  it('checks, executes and compares, and writes each result down before the next step begins', async () => {
    const { last, events } = await ran(order);
    assert.equal(last.kind, 'finished');
    assert.deepEqual(events, [
      'state checking',
      'catalogue',
      'keep spec.datamorph.json',
      'compile',
      'keep reference.sql',
      'fact checked',
      'state coding',
      'keep script.py',
      'fact coded',
      'state executing',
      'fact attempting',
      'job r1',
      'fact started',
      'fact attempted',
      'state validating',
      'select',
      'keep report.md',
      'keep report.html',
      'keep report.json',
      'keep report.junit.xml',
      'fact validated',
      'state finished',
    ]);
  });

  it('touches no engine when the spec is refused', async () => {
    const { last, events } = await ran(order, { compiled: { problems: [problem] } });
    assert.deepEqual(last, { kind: 'refused', problems: [problem] });
    assert.deepEqual(events.slice(-3), ['compile', 'fact checked', 'state refused']);
  });

  it('names the step that a failing line belongs to, and lets no model patch a compiled script', async () => {
    const { last, events } = await ran(order, { results: [{ ...scriptFailure, message: 'division by zero' }] });
    assert.deepEqual(last, {
      kind: 'executionFailed',
      reason: 'script',
      message: 'division by zero',
      line: 2,
      step: 'totals',
    });
    assert.ok(!events.some((event) => event.startsWith('patch')));
  });

  it('says how many rows differ', async () => {
    const { last, kept } = await ran(order, { missing: 2, unexpected: 1 });
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'failed');
    assert.equal(
      kept.get('report.md'),
      `# analytics.totals: failed, 2 rows missing and 1 row unexpected

| | rows |
| --- | ---: |
| PostgreSQL's own answer | 10 |
| target | 9 |
| missing in the target | 2 |
| unexpected in the target | 1 |

Every column was compared exactly.

For example:

- missing: \`\` {"name": "a\`b"} \`\`
`,
    );
  });

  it('never calls an appended target compared', async () => {
    const appended = { ...programs, target: { ...programs.target, mode: 'append' as const } };
    const { last } = await ran(order, { compiled: { problems: [], programs: appended } });
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'notCompared');
  });

  it('ends as broken, with the reason, when the outside world fails', async () => {
    const onEvent = (event: string): void => {
      if (event === 'job r1') throw new Error('no Python');
    };
    assert.deepEqual((await ran(order, { onEvent })).last, {
      kind: 'broken',
      during: 'executing',
      message: 'no Python',
    });
  });

  it('looks for the job again where it was lost sight of, instead of starting it twice', async () => {
    let failures = 0;
    const onEvent = (event: string): void => {
      if (event === 'job r1' && failures++ === 0) throw Object.assign(new Error('no answer'), { isRetryable: true });
    };
    const { last, events } = await ran(order, { onEvent });
    assert.equal(last.kind, 'finished');
    assert.equal(events.filter((event) => event === 'fact attempting').length, 1);
  });
});

describe('a run, from a prompt', () => {
  it('asks the planner first', async () => {
    const { last, events, planned } = await ran(promptOrder);
    assert.equal(last.kind, 'finished');
    assert.deepEqual(events.slice(0, 7), [
      'state planning',
      'keep prompt.txt',
      'catalogue',
      'plan',
      'keep spec.datamorph.json',
      'fact planned',
      'state checking',
    ]);
    assert.deepEqual(
      planned.map(({ prompt }) => prompt),
      ['Totals per customer'],
    );
  });

  it('comes back with questions, and goes on with the answers', async () => {
    const first = await ran(promptOrder, { plans: [{ kind: 'questions', questions: [question] }] });
    assert.deepEqual(first.last, { kind: 'asking', questions: [question] });
    const answers = [{ question: 'q1', answer: 'a' }];
    const second = await continued(first, { answers });
    assert.equal(second.last.kind, 'finished');
    // With the question and the choice in words: a planner has no memory of what it asked.
    assert.deepEqual(
      second.planned.map((request) => request.answers),
      [[{ question: 'q1', answer: 'a', asked: 'Which date?', label: 'Ordered' }]],
    );
  });

  it('is refused in words, with the words of the prompt that were not understood', async () => {
    const words = [{ text: 'flurb', offset: 3 }];
    const { last } = await ran(promptOrder, { plans: [{ kind: 'refused', reason: 'Not understood.', words }] });
    assert.deepEqual(last, { kind: 'refused', problems: [], reason: 'Not understood.', words });
  });

  it('keeps a draft that the checker refuses, so that it can be mended by hand', async () => {
    const { last, kept } = await ran(promptOrder, { plans: [{ kind: 'draft', specText: '{}', problems: [problem] }] });
    assert.deepEqual(last, { kind: 'refused', problems: [problem] });
    assert.equal(kept.get('spec.datamorph.json'), '{}');
  });

  it('stops behind the plan and behind the code, and goes on from there without asking a model again', async () => {
    const planned = await ran({ ...promptOrder, codegen: 'model', until: 'plan' });
    assert.deepEqual(planned.last, { kind: 'planned', problems: [] });
    const coded = await continued(planned, { until: 'code' });
    assert.deepEqual(coded.last, { kind: 'coded' });
    assert.ok(!coded.events.includes('plan') && coded.events.includes('write'));
    const finished = await continued(coded, {});
    assert.equal(finished.last.kind, 'finished');
    assert.ok(!finished.events.includes('plan') && !finished.events.includes('write'));
  });

  it('goes on from an edited spec, with a new script, and asks no planner', async () => {
    const planned = await ran({ ...promptOrder, until: 'plan' });
    const { last, events, kept } = await continued(planned, { specText: '{ "name": "edited" }' });
    assert.equal(last.kind, 'finished');
    assert.ok(!events.includes('plan') && events.includes('compile'));
    assert.equal(kept.get('spec.datamorph.json'), '{ "name": "edited" }');
  });

  it('goes on from an edited script through the gate, and asks no writer of code', async () => {
    const first = await ran({ ...modelOrder, until: 'code' });
    const gated: string[] = [];
    const gate = (script: string): [] => {
      gated.push(script);
      return [];
    };
    const { last, events, kept } = await continued(first, { script: 'mine = 1\n' }, { ports: { gate } });
    assert.equal(last.kind, 'finished');
    assert.ok(!events.includes('write') && !events.includes('compile'));
    assert.equal(kept.get('script.py'), 'mine = 1\n');
    assert.deepEqual(gated, ['mine = 1\n']);
  });
});

describe('a script that a model writes', () => {
  it('is patched with the failure, twice at most, each attempt with its diff and its cost', async () => {
    let tokens = 0;
    const spent = () => ({ inputTokens: (tokens += 100), outputTokens: 0, dollars: 0 });
    const results = ['one', 'two', 'three', 'four'].map((message) => ({ ...scriptFailure, message }));
    const { last, events, kept, journal } = await ran(modelOrder, { results, ports: { spent } });
    assert.deepEqual(last, { kind: 'executionFailed', reason: 'script', message: 'three', line: 2 });
    assert.deepEqual(
      events.filter((event) => /^(write|patch|job)/.test(event)),
      ['write', 'job r1', 'patch one', 'job r1-2', 'patch two', 'job r1-3'],
    );
    assert.equal(
      kept.get('attempt-2.diff'),
      '--- script.py\n+++ script.py\n@@ -1,2 +1,2 @@\n-version = 1\n+version = 2\n \n',
    );
    const codes = journal.entries.flatMap(({ event }) => (event.kind === 'coded' ? [event.code] : []));
    assert.deepEqual(
      codes.map((code) => code.spent?.inputTokens),
      [100, 100, 100],
    );
    assert.deepEqual(spentIn(journal.entries), { inputTokens: 300, outputTokens: 0, dollars: 0 });
  });

  it('counts what each job took on its engine, whatever became of it', async () => {
    const taken: JobCost[] = [];
    const costs = [{ seconds: 1, dpuSeconds: 3 }, { seconds: 9, dpuSeconds: 27 }] as const; // prettier-ignore
    const results = [
      { ...scriptFailure, cost: costs[0] },
      { kind: 'succeeded', cost: costs[1] },
    ] as const;
    const { last } = await ran(modelOrder, { results, ports: { jobCost: (cost) => taken.push(cost) } });
    assert.equal(last.kind, 'finished');
    assert.deepEqual(taken, costs);
  });

  it('is not patched a second time for the same failure', async () => {
    const results = ['NameError at 0x7f12', 'NameError at 0x9a00'].map((message) => ({ ...scriptFailure, message }));
    const { last, events } = await ran(modelOrder, { results });
    assert.equal(last.kind, 'executionFailed');
    assert.deepEqual(
      events.filter((event) => event.startsWith('job')),
      ['job r1', 'job r1-2'],
    );
  });

  it('is not patched where the engine failed, nor where its rows are visible already', async () => {
    const engine = { kind: 'failed', reason: 'memory', message: 'out of memory' } as const;
    const published = ['datamorph: {"event":"published","table":"t"}'];
    for (const script of [{ results: [engine] }, { results: [scriptFailure], output: published }]) {
      const { last, events } = await ran(modelOrder, script);
      assert.equal(last.kind, 'executionFailed');
      assert.ok(!events.some((event) => event.startsWith('patch')));
    }
  });

  it('does not run where there is no gate', async () => {
    const { ports, events } = scripted({}, [
      { n: 1, at: order.instant, event: { kind: 'ordered', order: modelOrder } },
    ]);
    const ungated = { ...ports };
    Reflect.deleteProperty(ungated, 'gate');
    const options = { signal: new AbortController().signal, onState: () => undefined };
    const last = await run({ ports: ungated, ...options });
    assert.ok(last.kind === 'broken' && /runs only behind a gate/.test(last.message));
    assert.ok(!events.some((event) => event.startsWith('job')));
  });

  it('does not run when the gate refuses it', async () => {
    const refusal = [{ code: 'import', message: 'It may not import os.', line: 1, text: 'import os' }];
    const { last, events } = await ran(modelOrder, { ports: { gate: () => refusal } });
    assert.deepEqual(last, {
      kind: 'refused',
      problems: [],
      reason: 'The script may not run. line 1: It may not import os.',
      gate: refusal,
    });
    assert.ok(!events.some((event) => event.startsWith('job')));
  });
});

describe('rows that are published later', () => {
  const later: RunOrder = { ...order, publish: 'later' };

  it('become visible when they have been compared', async () => {
    const { last, events } = await ran(later);
    assert.equal(last.kind, 'finished');
    assert.deepEqual(events.slice(-5), [
      'fact validated',
      'state publishing',
      'publish r1',
      'fact published',
      'state finished',
    ]);
  });

  it('are dropped when they are wrong', async () => {
    const { last, events } = await ran(later, { missing: 1 });
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'failed');
    assert.deepEqual(events.slice(-3), ['give up r1', 'fact gaveUp', 'state finished']);
  });

  it('are those of incremental sources, so that their marks are written down before anything is visible', async () => {
    const mark = 'datamorph: {"event":"mark","source":"orders","value":"2026-01-01"}';
    const compiled = { problems: [], programs: { ...programs, incremental: true } };
    const { events } = await ran(order, { compiled, output: [mark] });
    assert.deepEqual(events.slice(-6), [
      'publish r1',
      'fact published',
      'state publishing',
      'marks analytics.totals {"orders":"2026-01-01"}',
      'fact remembered',
      'state finished',
    ]);
  });
});

describe('a wrong result', () => {
  it('is mended by a corrected spec, executed and compared again, five rounds at most', async () => {
    const remediator = {
      remedy: () =>
        Promise.resolve({ kind: 'spec' as const, layer: 'spec' as const, reason: 'a filter', specText, diff: '' }),
    };
    const { last, events } = await ran(order, { missing: 1, ports: { remediator } });
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'failed');
    assert.deepEqual(
      events.filter((event) => event.startsWith('job')),
      ['job r1', 'job r1-2', 'job r1-3', 'job r1-4', 'job r1-5', 'job r1-6'],
    );
  });

  it('stands where nobody knows a remedy', async () => {
    const remediator = {
      remedy: () => Promise.resolve({ kind: 'none' as const, layer: 'test' as const, reason: 'The test is wrong.' }),
    };
    const { events } = await ran(order, { missing: 1, ports: { remediator } });
    const end = ['state remediating', 'keep rounds.md', 'fact remedied', 'keep rounds.md', 'state finished'];
    assert.deepEqual(events.slice(-5), end);
  });
});

describe('a run that is stopped', () => {
  it('by the budget says so, and goes on from there when there is more', async () => {
    const onEvent = (event: string): void => {
      if (event === 'plan') throw Object.assign(new Error('The budget of $1 is spent.'), { name: 'BudgetSpent' });
    };
    const first = await ran(promptOrder, { onEvent });
    assert.deepEqual(first.last, { kind: 'budgetSpent', during: 'planning', message: 'The budget of $1 is spent.' });
    assert.equal((await continued(first, {})).last.kind, 'finished');
  });

  it('by the clock of a step says which step took too long', async () => {
    const never = new Promise<never>(() => undefined);
    const slow = async (event: string, limits: Partial<Limits>): Promise<RunStop> => {
      const onEvent = (each: string): Promise<void> | void => (each === event ? never : undefined);
      return (await ran(promptOrder, { onEvent, ports: { limits } })).last;
    };
    const message = 'The step plan took longer than 0.01 s.';
    assert.deepEqual(await slow('plan', { specs: 0.01 }), { kind: 'broken', during: 'planning', message });
    const budget = {
      kind: 'budgetSpent',
      during: 'planning',
      message: 'The run took longer than the 0.01 s that it may.',
    };
    assert.deepEqual(await slow('plan', { run: 0.01 }), budget);
  });

  for (const [event, during] of [
    ['plan', 'planning'],
    ['compile', 'checking'],
    ['write', 'coding'],
    ['job r1', 'executing'],
    ['select', 'validating'],
    ['publish r1', 'publishing'],
  ] as const) {
    it(`in ${during} stops within a second, says so, and goes on from there`, async () => {
      const abort = new AbortController();
      let since = 0;
      const onEvent = (each: string): Promise<void> | void => {
        if (each !== event) return undefined;
        since = performance.now();
        abort.abort();
        // A port that does not look at its signal, other than the engine and the publisher, which end their work themselves.
        return ['executing', 'publishing'].includes(during) ? undefined : new Promise(() => undefined);
      };
      const asked: RunOrder = { ...promptOrder, codegen: 'model', publish: 'later' };
      const first = await ran(asked, { onEvent }, abort.signal);
      assert.deepEqual(first.last, { kind: 'cancelled', during });
      assert.ok(performance.now() - since < 1000);
      assert.equal(first.events.at(-1), 'state cancelled');
      assert.equal((await continued(first, {})).last.kind, 'finished');
    });
  }

  it('is attached to where its process died, and started anew only where nothing of the job is left', async () => {
    const { journal } = await ran(order);
    const died = journal.entries.slice(
      0,
      journal.entries.findIndex(({ event }) => event.kind === 'attempted'),
    );
    const before = { ...scripted({}, died), journal: { ...journal, entries: died } };
    const attached = await continued(before, {});
    assert.deepEqual(
      attached.events.filter((event) => /^(attach|job)/.test(event)),
      ['attach j-r1'],
    );
    assert.equal(attached.last.kind, 'finished');
    const lost = { kind: 'failed', reason: 'engine', message: 'gone', lost: true } as const;
    const anew = await continued(before, {}, { results: [lost] });
    assert.deepEqual(
      anew.events.filter((event) => /^(attach|job)/.test(event)),
      ['attach j-r1', 'job r1'],
    );
    assert.equal(anew.last.kind, 'finished');
  });

  it('is not cancelled where its job could not be stopped and goes on', async () => {
    const abort = new AbortController();
    const onEvent = (event: string): void => {
      if (event !== 'job r1') return;
      abort.abort();
      throw new Error('The run jr_1 could not be stopped and goes on.');
    };
    const { last } = await ran(order, { onEvent }, abort.signal);
    assert.deepEqual(last, {
      kind: 'broken',
      during: 'executing',
      message: 'The run jr_1 could not be stopped and goes on.',
    });
  });
});
