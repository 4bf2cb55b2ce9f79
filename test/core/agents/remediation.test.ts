/** A run that mends what is wrong: the rounds in the journal, how they end, and what they leave behind. */
import assert from 'node:assert/strict';
import { resume, run } from '../../../src/agents/orchestrator.ts';
import type { Publication, Remediator, RemedyRequest, RunPorts } from '../../../src/agents/ports.ts';
import { createRemediator } from '../../../src/agents/remediator.ts';
import { remedyPreviews } from '../../../src/agents/remediator/preview.ts';
import type { JournalEntry, Remedy, RunChanges, RunEvent, RunOrder } from '../../../src/agents/run/events.ts';
import { recordOf } from '../../../src/agents/run/record.ts';
import { spentIn } from '../../../src/agents/run/spent.ts';
import type { RunStop } from '../../../src/agents/runState.ts';
import type { Verdict } from '../../../src/agents/verdict.ts';
import { agreeing, comparison, differing } from '../../support/remedies.ts';
import {
  order,
  programs,
  promptOrder,
  scripted,
  specText,
  type Script,
  type Scripted,
} from '../../support/scriptedRun.ts';

const later: RunOrder = { ...order, publish: 'later' };
const passed: Verdict = { kind: 'passed', comparison };
const staged = 'datamorph: {"event":"staged","table":"t","rows":10}';

const spec: Remedy = {
  ...{ kind: 'spec', layer: 'spec', reason: 'A filter was missed.' },
  ...{ specText: '{ "name": "corrected" }\n', diff: '-totals\n+corrected\n' },
};
const script: Remedy = {
  ...{ kind: 'script', layer: 'script', reason: 'An edit.', origin: 'compiled' },
  ...{ script: programs.script, diff: '-1\n+2\n' },
};
const replan: Remedy = { kind: 'replan', layer: 'spec', reason: 'Anew.', note: 'It was the other date.' };
const again: Remedy = { kind: 'again', layer: 'environment', reason: 'The engine was lost.' };
const none: Remedy = { kind: 'none', layer: 'data', reason: 'The source rows are wrong.' };

interface Mended extends Scripted {
  readonly last: RunStop;
  readonly requests: readonly RemedyRequest[];
}

/** Verdicts by execution, the last of them for all others; remedies by round. */
interface Play extends Script {
  readonly verdicts?: readonly Verdict[];
  readonly remedies?: readonly Remedy[];
  readonly remediator?: Remediator;
}

function playing(
  { verdicts = [passed], remedies = [], remediator, ...script }: Play,
  entries: readonly JournalEntry[],
) {
  const requests: RemedyRequest[] = [];
  let judged = 0;
  const ports: Partial<RunPorts> = {
    validator: { validate: () => Promise.resolve(verdicts[judged++] ?? verdicts.at(-1) ?? passed) },
    remediator: remediator ?? {
      remedy(request) {
        requests.push(request);
        const remedy = remedies[requests.length - 1];
        return remedy ? Promise.resolve(remedy) : Promise.reject(new Error(`No remedy ${requests.length}.`));
      },
    },
    ...script.ports,
  };
  return { set: scripted({ output: [staged], ...script, ports }, entries), requests };
}

async function ran(asked: RunOrder, play: Play, signal = new AbortController().signal): Promise<Mended> {
  const { set, requests } = playing(play, [{ n: 1, at: asked.instant, event: { kind: 'ordered', order: asked } }]);
  const last = await run({ ports: set.ports, signal, onState: () => undefined });
  return { ...set, last, requests };
}

async function continued(entries: readonly JournalEntry[], play: Play, changes: RunChanges = {}): Promise<Mended> {
  const { set, requests } = playing(play, entries);
  const { signal } = new AbortController();
  const last = await resume(changes, { ports: set.ports, signal, onState: () => undefined });
  return { ...set, last, requests };
}

const verdictIn = ({ last }: Mended): Verdict => {
  assert.equal(last.kind, 'finished', JSON.stringify(last));
  return last.verdict;
};
const only = ({ events }: Mended, what: RegExp): readonly string[] => events.filter((event) => what.test(event));

describe('a round', () => {
  it('begins with a clean slate, and its rows are published when they were found right', async () => {
    const mended = await ran(later, { verdicts: [differing(), passed], remedies: [spec] });
    assert.deepEqual(only(mended, /^(job|give up|publish|fact (validated|remedied)|keep (round|spec))/), [
      'keep spec.datamorph.json',
      'job r1',
      'fact validated',
      'keep round-1.diff',
      'keep rounds.md',
      'give up r1',
      'fact remedied',
      'keep spec.datamorph.json',
      'give up r1',
      'job r1-2',
      'fact validated',
      'publish r1-2',
      'keep rounds.md',
    ]);
    assert.deepEqual(mended.last, {
      kind: 'finished',
      verdict: { ...passed, rounds: ['Round 1: spec: A filter was missed. -> passed'] },
    });
    assert.equal(mended.kept.get('round-1.diff'), '-totals\n+corrected\n');
    assert.match(
      mended.kept.get('report.md') ?? '',
      /\n## Rounds\n\n- Round 1: spec: A filter was missed\. -\\> passed\n$/,
    );
    assert.equal(
      mended.kept.get('rounds.md'),
      `# What was done about the result

## Round 1: spec

- What was wrong: failed, 2 rows changed
- Why, and what was done: A filter was missed.
- What came of it: passed

\`\`\`diff
-totals
+corrected
\`\`\`
`,
    );
  });

  it('is kept with what it took, and counts for the budget', async () => {
    let tokens = 0;
    const spent = () => ({ inputTokens: (tokens += 100), outputTokens: 0, dollars: tokens / 1000 });
    const play = { verdicts: [differing(), passed], remedies: [script], ports: { spent } };
    const { journal, kept } = await ran(later, play);
    assert.match(kept.get('rounds.md') ?? '', /- What it took: 100 tokens, \$0\.10/);
    assert.equal(spentIn(journal.entries).inputTokens, 100);
  });

  it('tells the remediator of what was tried, and of how it ended', async () => {
    const { requests, ...mended } = await ran(later, {
      verdicts: [differing(), agreeing, passed],
      remedies: [spec, script],
    });
    assert.deepEqual(
      requests.map(({ rounds, fault, specText: text }) => [rounds.map(({ remedy }) => remedy.kind), fault, text]),
      [
        [[], { kind: 'wrong', verdict: differing() }, specText],
        [['spec'], { kind: 'wrong', verdict: agreeing }, '{ "name": "corrected" }\n'],
      ],
    );
    assert.deepEqual(verdictIn({ requests, ...mended }).rounds, [
      'Round 1: spec: A filter was missed. -> not what was meant',
      'Round 2: script: An edit. -> passed',
    ]);
  });

  it('hands on what the engineer said to the rows that were rejected', async () => {
    const question = {
      id: 'q',
      text: 'Which?',
      choices: [
        { id: 'keep', label: 'These' },
        { id: 'sum', label: 'The sum' },
      ],
    };
    const first = await ran({ ...promptOrder, publish: 'later' }, { verdicts: [{ ...passed, questions: [question] }] });
    assert.deepEqual(first.last, { kind: 'asking', questions: [question] });
    const changes = { answers: [{ question: 'q', answer: 'sum' }] };
    const play = { verdicts: [differing(), passed], remedies: [spec, replan] };
    const { planned, requests, last } = await continued(first.journal.entries, play, changes);
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'passed', JSON.stringify(last));
    const said = [{ question: 'q', answer: 'sum', asked: 'Which?', label: 'The sum' }];
    assert.deepEqual(
      requests.map(({ answers }) => answers),
      [said, said],
    );
    assert.deepEqual(
      planned.map(({ answers }) => answers),
      [said],
    );
  });

  it('asks the planner again with a note, from the prompt alone', async () => {
    const play = { verdicts: [differing(), passed], remedies: [replan] };
    const { planned, ...mended } = await ran({ ...promptOrder, publish: 'later' }, play);
    assert.equal(verdictIn({ planned, ...mended }).kind, 'passed');
    assert.deepEqual(
      planned.map(({ note }) => note),
      [undefined, 'It was the other date.'],
    );
  });

  it('goes through the gate where a part of an edited script stays', async () => {
    const gated: string[] = [];
    const gate = (text: string): [] => {
      gated.push(text);
      return [];
    };
    const part: Remedy = { ...script, origin: 'edited', script: 'mine = 1\n' };
    const mended = await ran(later, { verdicts: [differing(), passed], remedies: [part], ports: { gate } });
    assert.equal(verdictIn(mended).kind, 'passed');
    assert.deepEqual(gated, ['mine = 1\n']);
    assert.equal(mended.kept.get('script.py'), 'mine = 1\n');
  });

  it('runs the same once more where the engine was lost, and says so where it is lost again', async () => {
    const lost = { kind: 'failed', reason: 'engine', message: 'The worker is gone.' } as const;
    const remediator = createRemediator();
    const once = await ran(later, { results: [lost, { kind: 'succeeded' }], remediator });
    assert.equal(verdictIn(once).kind, 'passed');
    const twice = await ran(later, { results: [lost, lost], remediator, output: [] });
    assert.deepEqual(only(twice, /^job/), ['job r1', 'job r1-2']);
    assert.deepEqual(twice.last, {
      kind: 'executionFailed',
      reason: 'engine',
      message: 'The worker is gone.',
      rounds: [
        'Round 1: environment: The engine, or what it had staged, was lost: the same is run once more, and nothing changed. -> the job failed: The worker is gone.',
        'Round 2: environment: The engine, or what it had staged, was lost, also at a second try; that is nothing to be mended in code. See what its log says, and run the same spec again when it is there. -> nothing was changed',
      ],
    });
  });
});

describe('the end of the rounds', () => {
  it('is the number that was ordered, five at most, and none at 0', async () => {
    const different = (n: number): Verdict => ({ ...differing(), changes: undefined as never, reason: String(n) });
    for (const [rounds, jobs] of [
      [0, 1],
      [2, 3],
      [undefined, 6],
      [9, 6],
    ] as const) {
      const asked = { ...later, ...(rounds !== undefined && { rounds }) };
      const mended = await ran(asked, { verdicts: [different(1)], remedies: Array.from({ length: 9 }, () => spec) });
      assert.equal(only(mended, /^job/).length, jobs);
      const { kind, rounds: told = [] } = verdictIn(mended);
      assert.deepEqual([kind, told.length], ['failed', jobs - 1]);
      assert.deepEqual(mended.last.kind === 'finished' && mended.last.leftOld, true);
    }
  });

  it('is the verdict where nothing can be done, with the reason, and the old rows are left', async () => {
    const mended = await ran(later, { verdicts: [differing()], remedies: [none] });
    assert.deepEqual(mended.last, {
      kind: 'finished',
      leftOld: true,
      verdict: { ...differing(), rounds: ['Round 1: data: The source rows are wrong. -> nothing was changed'] },
    });
    assert.deepEqual(mended.events.slice(-6), [
      'fact remedied',
      'state publishing',
      'give up r1',
      'fact gaveUp',
      'keep rounds.md',
      'state finished',
    ]);
  });

  it('is the last verdict where the correction itself is refused', async () => {
    const refused = {
      code: 'unknown-column',
      severity: 'error',
      message: 'No.',
      span: { offset: 0, length: 1 },
    } as const;
    let compiled = 0;
    const ports = {
      compile: () => Promise.resolve(compiled++ === 0 ? { problems: [], programs } : { problems: [refused] }),
    };
    const mended = await ran(later, { verdicts: [differing()], remedies: [spec], ports });
    assert.deepEqual(mended.last, {
      kind: 'finished',
      leftOld: true,
      verdict: {
        ...differing(),
        rounds: ['Round 1: spec: A filter was missed. -> the corrected spec has errors'],
      },
    });
    const unplanned = await ran(
      { ...promptOrder, publish: 'later' },
      {
        verdicts: [differing()],
        remedies: [replan],
        plans: [
          { kind: 'spec', specText, problems: [] },
          { kind: 'refused', reason: 'No.' },
        ],
      },
    );
    assert.deepEqual(verdictIn(unplanned).rounds, ['Round 1: spec: Anew. -> the new plan is refused']);
  });

  it('comes at once where rows are visible in a target that keeps what it has', async () => {
    const appended = { ...programs, target: { ...programs.target, mode: 'append' as const } };
    const lost = { kind: 'failed', reason: 'engine', message: 'Gone.' } as const;
    const play = {
      compiled: { problems: [], programs: appended },
      results: [lost],
      output: ['datamorph: {"event":"published","table":"t"}'],
      remediator: createRemediator(),
    };
    const mended = await ran(order, play);
    assert.deepEqual(only(mended, /^job/), ['job r1']);
    assert.match((mended.last.kind === 'executionFailed' && mended.last.rounds?.[0]) || '', /visible already/);
  });

  it('is the budget, and the run goes on in the same round when there is more', async () => {
    const remediator: Remediator = {
      remedy: () => Promise.reject(Object.assign(new Error('The budget is spent.'), { name: 'BudgetSpent' })),
    };
    const first = await ran(later, { verdicts: [differing()], remediator });
    assert.deepEqual(first.last, { kind: 'budgetSpent', during: 'remediating', message: 'The budget is spent.' });
    const second = await continued(first.journal.entries, { remedies: [spec] });
    assert.deepEqual(verdictIn(second).rounds, ['Round 1: spec: A filter was missed. -> passed']);
  });

  it('is a failure that stood, behind which the rounds count anew when the engineer says that it is to be tried again', async () => {
    const lost = { kind: 'failed', reason: 'engine', message: 'Gone.' } as const;
    const remediator = createRemediator();
    const first = await ran(later, { results: [lost, lost], remediator });
    assert.equal(first.last.kind, 'executionFailed');
    const second = await continued(first.journal.entries, { results: [lost, { kind: 'succeeded' }], remediator });
    assert.match(verdictIn(second).rounds?.join() ?? '', /^Round 3: environment: .* -> passed$/);
  });

  it('is an edit of the engineer, behind which the rounds count anew', async () => {
    const first = await ran(later, { verdicts: [differing()], remedies: [spec, none] });
    const play = { verdicts: [differing(), passed], remedies: [spec] };
    const second = await continued(first.journal.entries, play, { specText: '{ "name": "mine" }' });
    assert.deepEqual(
      second.requests.map(({ rounds }) => rounds),
      [[]],
    );
    assert.deepEqual(verdictIn(second).rounds, ['Round 3: spec: A filter was missed. -> passed']);
    assert.ok(second.kept.has('round-3.diff'));
  });
});

describe('a database that does not take the rows', () => {
  it('ends the run as failed, with the old rows and without staged ones', async () => {
    const refused: Publication = {
      kind: 'refused',
      reason: 't keeps its old rows: duplicate key value violates unique constraint "t_pkey"',
    };
    const given: string[] = [];
    const publisher = {
      publish: () => Promise.resolve(refused),
      giveUp: ({ runId }: { readonly runId: string }) => Promise.resolve(void given.push(runId)),
      rows: () => Promise.resolve('staged'),
    };
    const mended = await ran(later, { remediator: createRemediator(), ports: { publisher } });
    assert.deepEqual(mended.last, {
      kind: 'executionFailed',
      reason: 'publication',
      message: 't keeps its old rows: duplicate key value violates unique constraint "t_pkey"',
      rounds: [
        'Round 1: data: Rows have the same key: "t_pkey" of analytics.totals. Take one of each key (`dedupe`, or an aggregate), or name the columns that really tell rows apart. -> nothing was changed',
      ],
    });
    assert.deepEqual(given, ['r1']);
  });

  it('tells it when they are judged already, where a cell is not what its type takes', async () => {
    const validator = { validate: () => Promise.reject(new Error('invalid input syntax for type json')) };
    const play = { remediator: createRemediator(), ports: { validator } };
    const onEvent = (event: string): void => {
      if (event === 'select') throw new Error('invalid input syntax for type json');
    };
    const { last } = await ran(later, { ...play, onEvent });
    assert.ok(last.kind === 'executionFailed' && last.reason === 'publication', JSON.stringify(last));
    assert.match(last.rounds?.[0] ?? '', /^Round 1: data: A text cannot be read as the type that it is cast to\./);
    // Where the rows are what they should be, something else is wrong.
    const message = 'invalid input syntax for type json';
    assert.deepEqual((await ran(later, play)).last, { kind: 'broken', during: 'validating', message });
  });
});

describe('rows that wait for their verdict', () => {
  it('are dropped where the run is cancelled, and the run executes again when it goes on', async () => {
    for (const at of ['fact attempted', 'keep report.md', 'fact validated']) {
      const abort = new AbortController();
      const onEvent = (event: string): void => {
        if (event === at) abort.abort();
      };
      const first = await ran(later, { onEvent }, abort.signal);
      assert.equal(first.last.kind, 'cancelled', at);
      assert.deepEqual(first.events.slice(-3), ['give up r1', 'fact attempted', 'state cancelled'], at);
      const second = await continued(first.journal.entries, {});
      // What was found of the rows that are gone counts for nothing.
      assert.deepEqual(
        only(second, /^(job|fact validated|publish)/),
        ['job r1-2', 'fact validated', 'publish r1-2'],
        at,
      );
    }
  });

  it('are not waited for where the database is not there: the run is cancelled all the same', async () => {
    const abort = new AbortController();
    const told: string[] = [];
    const log = { write: (kind: string) => void told.push(kind) };
    const onEvent = (event: string): void => {
      if (event === 'fact validated') abort.abort();
      if (event === 'give up r1') throw new Error('no connection');
    };
    const { last } = await ran(later, { onEvent, ports: { log } }, abort.signal);
    assert.deepEqual([last.kind, told.includes('left')], ['cancelled', true]);
  });

  it('and are gone, such as behind a crash of the server, come from a second execution', async () => {
    let asked = 0;
    const publisher = {
      publish: () => Promise.resolve({ kind: 'published', rows: 10, repeated: false } as const),
      giveUp: () => Promise.resolve(),
      rows: () => Promise.resolve(asked++ === 0 ? undefined : 'staged'),
    };
    const mended = await ran(later, { remediator: createRemediator(), ports: { publisher } });
    assert.deepEqual(only(mended, /^job/), ['job r1', 'job r1-2']);
    assert.deepEqual(verdictIn(mended).rounds, [
      'Round 1: environment: The engine, or what it had staged, was lost: the same is run once more, and nothing changed. -> passed',
    ]);
  });
});

describe('a round that is stopped in its middle', () => {
  for (const event of ['remedy', 'give up r1', 'compile', 'job r1-2', 'publish r1-2']) {
    it(`by a cancel at "${event}" goes on from there`, async () => {
      const abort = new AbortController();
      let compiled = 0;
      const stop = (): void => {
        abort.abort();
      };
      const remediator: Remediator = {
        remedy() {
          if (event === 'remedy') stop();
          return Promise.resolve(spec);
        },
      };
      const onEvent = (each: string): void => {
        if (each === 'compile') compiled++;
        if (each === event && (each !== 'compile' || compiled === 2)) stop();
      };
      const first = await ran(later, { verdicts: [differing(), passed], remediator, onEvent }, abort.signal);
      assert.equal(first.last.kind, 'cancelled');
      // The rows that were wrong are gone, and come out wrong once more.
      const isMended = first.journal.entries.some(({ event: each }) => each.kind === 'remedied');
      const verdicts = isMended ? [passed] : [differing(), passed];
      const second = await continued(first.journal.entries, { verdicts, remedies: [spec] });
      assert.deepEqual(verdictIn(second).rounds, ['Round 1: spec: A filter was missed. -> passed']);
    });
  }

  it('by the death of its process goes on behind every fact as if nothing had been', async () => {
    const whole = await ran(later, { verdicts: [differing(), passed], remedies: [spec] });
    const { entries } = whole.journal;
    for (let length = 1; length < entries.length; length++) {
      const left = entries.slice(0, length);
      const record = recordOf(left);
      const verdicts = record?.rounds.length === 0 && !record.verdict ? [differing(), passed] : [passed];
      const gone = await continued(left, { verdicts, remedies: record?.rounds.length === 0 ? [spec] : [] });
      const { kind, rounds } = verdictIn(gone);
      assert.deepEqual(
        [kind, rounds],
        ['passed', ['Round 1: spec: A filter was missed. -> passed']],
        `behind ${length}`,
      );
    }
  });
});

describe('a remedy to look at', () => {
  it('is an edit with its texts before and after, from the journal of a kept run', () => {
    const events: readonly RunEvent[] = [
      { kind: 'ordered', order },
      { kind: 'coded', code: { script: 'edited = 1\n', origin: 'edited' } },
      { kind: 'validated', verdict: differing() },
      { kind: 'remedied', remedy: { ...script, script: 'compiled = 1\n' } as Remedy },
      { kind: 'validated', verdict: differing() },
      { kind: 'remedied', remedy: again },
      { kind: 'validated', verdict: differing() },
      { kind: 'remedied', remedy: spec },
    ];
    const entries = events.map((event, place) => ({ n: place + 1, at: order.instant, event }));
    assert.deepEqual(remedyPreviews(entries), [
      {
        ...{ round: 1, layer: 'script', reason: 'An edit.', file: 'script.py' },
        ...{ before: 'edited = 1\n', after: 'compiled = 1\n' },
        diff: '--- script.py\n+++ script.py\n@@ -1,2 +1,2 @@\n-edited = 1\n+compiled = 1\n \n',
      },
      {
        ...{ round: 3, layer: 'spec', reason: 'A filter was missed.', file: 'spec.datamorph.json' },
        ...{ before: specText, after: '{ "name": "corrected" }\n' },
        diff: '--- spec.datamorph.json\n+++ spec.datamorph.json\n@@ -1,2 +1,2 @@\n-{ "name": "totals" }\n+{ "name": "corrected" }\n \n',
      },
    ]);
  });
});
