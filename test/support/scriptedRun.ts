/** A run whose outside is scripted: every port answers at once and writes down that it was asked. */
import type { CodeWriter, WrittenCode } from '../../src/agents/codeWriter.ts';
import type { Engine, JobResult } from '../../src/agents/engine.ts';
import type { Plan, Planner, PlanRequest } from '../../src/agents/planner.ts';
import type { Database, Journal, Marks, Publisher, RunPorts } from '../../src/agents/ports.ts';
import type { CompiledRun, Programs } from '../../src/agents/programs.ts';
import type { JournalEntry, RunEvent, RunOrder } from '../../src/agents/run/events.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';

export const specText = '{ "name": "totals" }\n';

const base: RunOrder = {
  instant: '2026-01-01T00:00:00.000Z',
  codegen: 'compiled',
  publish: 'now',
  engine: 'scripted',
};

export const order: RunOrder = { ...base, specText };

export const promptOrder: RunOrder = { ...base, prompt: 'Totals per customer' };

export const programs: Programs = {
  script: 'first = 1\ntotals = 1\n',
  reference: 'select 1',
  target: { table: 'analytics.totals', mode: 'replace', columns: [{ name: 'n', type: 'integer' }] },
  sourceMap: { blocks: [{ name: 'totals', part: 'step', firstLine: 2, lastLine: 2 }] },
  incremental: false,
  publication: {
    table: 'analytics.totals',
    mode: 'replace',
    columns: [{ name: 'n', type: 'integer' }],
    keys: [],
    required: [],
  },
};

export interface Script {
  readonly plans?: readonly Plan[];
  readonly compiled?: CompiledRun;
  readonly codes?: readonly WrittenCode[];
  /** By execution. */
  readonly results?: readonly JobResult[];
  readonly output?: readonly string[];
  readonly missing?: number;
  readonly unexpected?: number;
  readonly ports?: Partial<RunPorts>;
  /** Called with each thing that happens, before it does. */
  readonly onEvent?: (event: string) => void | Promise<void>;
}

export interface Scripted {
  readonly ports: RunPorts;
  readonly events: readonly string[];
  readonly kept: ReadonlyMap<string, string>;
  readonly journal: Journal;
  readonly planned: readonly PlanRequest[];
}

export function scripted(script: Script, entries: readonly JournalEntry[]): Scripted {
  const events: string[] = [];
  const kept = new Map<string, string>();
  const planned: PlanRequest[] = [];
  const happen = async (event: string): Promise<void> => {
    events.push(event);
    await script.onEvent?.(event);
  };
  const journal = memoryJournal(entries, { happen, kept });
  const ports: RunPorts = {
    journal,
    database: databaseOf(script, happen),
    compile: async () => {
      await happen('compile');
      return script.compiled ?? { problems: [], programs };
    },
    engine: engineOf(script, happen),
    planner: plannerOf(script, { happen, planned }),
    codeWriter: writerOf(script, happen),
    gate: () => [],
    publisher: publisherOf(happen),
    marks: marksOf(happen),
    ...script.ports,
  };
  return { ports, events, kept, journal, planned };
}

type Happen = (event: string) => Promise<void>;

function memoryJournal(
  found: readonly JournalEntry[],
  { happen, kept }: { readonly happen: Happen; readonly kept: Map<string, string> },
): Journal {
  const entries = [...found];
  return {
    runId: 'r1',
    entries,
    async record(event) {
      await happen(nameOf(event));
      const entry = { n: entries.length + 1, at: '2026-01-01T00:00:00.000Z', event };
      // As a file would give it back.
      entries.push(JSON.parse(JSON.stringify(entry)) as JournalEntry);
      return entry;
    },
    async keep(name, text) {
      await happen(`keep ${name}`);
      kept.set(name, text);
    },
  };
}

const nameOf = (event: RunEvent): string =>
  event.kind === 'entered' ? `state ${event.state.kind}` : `fact ${event.kind}`;

const databaseOf = (script: Script, happen: Happen): Database => ({
  async catalogue() {
    await happen('catalogue');
    return catalogueOf([]);
  },
  async select<Row extends object>() {
    await happen('select');
    return [comparisonRow(script) as Row];
  },
});

function comparisonRow({ missing = 0, unexpected = 0 }: Script): object {
  return {
    expected_rows: '10',
    actual_rows: String(10 - missing + unexpected),
    missing: String(missing),
    unexpected: String(unexpected),
    examples: missing > 0 ? [{ kind: 'missing', row: '{"name": "a`b"}' }] : [],
  };
}

function engineOf({ results = [], output = [] }: Script, happen: Happen): Engine {
  let runs = 0;
  return {
    name: 'scripted',
    async run(job, watch) {
      const result = results[runs++] ?? { kind: 'succeeded' };
      await happen(`job ${job.runId}`);
      watch.onStarted?.({ engine: 'scripted', runId: job.runId, id: `j-${job.runId}` });
      for (const line of output) watch.onOutput(line);
      return watch.signal.aborted ? { kind: 'cancelled' } : result;
    },
    async attach({ id }, watch) {
      await happen(`attach ${id}`);
      for (const line of output) watch.onOutput(line);
      return watch.signal.aborted ? { kind: 'cancelled' } : (results[runs++] ?? { kind: 'succeeded' });
    },
  };
}

function plannerOf(
  { plans = [] }: Script,
  { happen, planned }: { readonly happen: Happen; readonly planned: PlanRequest[] },
): Planner {
  return {
    async plan(request) {
      const plan = plans[planned.length] ?? { kind: 'spec', specText, problems: [] };
      planned.push(request);
      await happen('plan');
      return plan;
    },
  };
}

function writerOf({ codes = [] }: Script, happen: Happen): CodeWriter {
  let written = 0;
  return {
    async write({ failed }) {
      await happen(failed ? `patch ${failed.message}` : 'write');
      return codes[written++] ?? { kind: 'script', script: `version = ${written}\n` };
    },
  };
}

function publisherOf(happen: Happen): Publisher {
  return {
    async publish({ runId }, signal) {
      await happen(`publish ${runId}`);
      signal.throwIfAborted();
      return { kind: 'published', rows: 10, repeated: false };
    },
    giveUp: ({ runId }) => happen(`give up ${runId}`),
    rows: ({ runId }) => Promise.resolve(`(select n from stage_${runId}) as staged`),
  };
}

const marksOf = (happen: Happen): Marks => ({
  of: () => Promise.resolve({}),
  keep: (target, marks) => happen(`marks ${target} ${JSON.stringify(marks)}`),
});
