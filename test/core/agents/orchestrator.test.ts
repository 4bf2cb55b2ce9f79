import assert from 'node:assert/strict';
import { run, type RunOptions } from '../../../src/agents/orchestrator.ts';
import type { JobResult } from '../../../src/agents/engine.ts';
import type { Database } from '../../../src/agents/ports.ts';
import type { CompiledRun, Programs } from '../../../src/agents/programs.ts';
import type { RunState } from '../../../src/agents/runState.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';

describe('a run, from an accepted spec to a compared target', () => {
  it('checks, executes and compares, and keeps each result before the next step begins', async () => {
    const { options, events } = setUp({});
    const last = await run(options);
    assert.equal(last.kind, 'finished');
    assert.deepEqual(events, [
      'state checking',
      'keep spec.datamorph.json',
      'keep script.py',
      'keep reference.sql',
      'state executing',
      'job totals = 1',
      'state comparing',
      'keep report.md',
      'state finished',
    ]);
  });

  it('touches no engine when the spec is refused', async () => {
    const problem = {
      code: 'unknown-table',
      severity: 'error',
      message: 'No.',
      span: { offset: 0, length: 1 },
    } as const;
    const { options, events } = setUp({ compiled: { problems: [problem] } });
    assert.deepEqual(await run(options), { kind: 'refused', problems: [problem] });
    assert.deepEqual(events, ['state checking', 'keep spec.datamorph.json', 'state refused']);
  });

  it('names the step that a failing line belongs to', async () => {
    const { options } = setUp({ result: { kind: 'failed', reason: 'script', message: 'division by zero', line: 12 } });
    const expected: RunState = { kind: 'executionFailed', message: 'division by zero', line: 12, step: 'totals' };
    assert.deepEqual(await run(options), expected);
  });

  it('says how many rows differ', async () => {
    const { options, kept } = setUp({ missing: 2, unexpected: 1 });
    const last = await run(options);
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
    const { options } = setUp({ mode: 'append' });
    const last = await run(options);
    assert.equal(last.kind === 'finished' && last.verdict.kind, 'notCompared');
  });

  it('ends as cancelled, and says during what, when the signal aborts', async () => {
    const abort = new AbortController();
    const { options, events } = setUp({
      signal: abort.signal,
      onJob: () => {
        abort.abort();
      },
    });
    assert.deepEqual(await run(options), { kind: 'cancelled', during: 'executing' });
    assert.equal(events.at(-1), 'state cancelled');
  });

  it('ends as broken, with the reason, when the outside world fails', async () => {
    const { options } = setUp({ onJob: () => { throw new Error('no Python'); } }); // prettier-ignore
    assert.deepEqual(await run(options), { kind: 'broken', during: 'executing', message: 'no Python' });
  });
});

interface SetUp {
  readonly compiled?: CompiledRun;
  readonly result?: JobResult;
  readonly mode?: Programs['target']['mode'];
  readonly missing?: number;
  readonly unexpected?: number;
  readonly signal?: AbortSignal;
  readonly onJob?: () => void;
}

function setUp(set: SetUp): { options: RunOptions; events: string[]; kept: Map<string, string> } {
  const events: string[] = [];
  const kept = new Map<string, string>();
  const programs: Programs = {
    script: 'totals = 1',
    reference: 'select 1',
    target: { table: 'analytics.totals', mode: set.mode ?? 'replace', columns: [{ name: 'n', type: 'integer' }] },
    stepAt: (line) => (line === 12 ? 'totals' : undefined),
  };
  const database: Database = {
    catalogue: () => Promise.resolve(catalogueOf([])),
    select: <Row extends object>() => Promise.resolve([comparisonRow(set) as Row]),
  };
  const engine: RunOptions['engine'] = {
    run: (job) => {
      events.push(`job ${job.script}`);
      set.onJob?.();
      return Promise.resolve(set.result ?? { kind: 'succeeded' });
    },
  };
  const options: RunOptions = {
    runId: 'r1',
    instant: '2026-01-01T00:00:00Z',
    specText: '{}',
    compile: () => Promise.resolve(set.compiled ?? { problems: [], programs }),
    database,
    engine,
    journal: {
      keep: (name, text) => {
        events.push(`keep ${name}`);
        kept.set(name, text);
        return Promise.resolve();
      },
      record: ({ kind }) => {
        events.push(`state ${kind}`);
        return Promise.resolve();
      },
    },
    signal: set.signal ?? new AbortController().signal,
    onState: () => undefined,
    onOutput: () => undefined,
  };
  return { options, events, kept };
}

function comparisonRow({ missing = 0, unexpected = 0 }: SetUp): object {
  return {
    expected_rows: '10',
    actual_rows: String(10 - missing + unexpected),
    missing: String(missing),
    unexpected: String(unexpected),
    examples: missing > 0 ? [{ kind: 'missing', row: '{"name": "a`b"}' }] : [],
  };
}
