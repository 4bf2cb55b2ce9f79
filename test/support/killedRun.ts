/** The pipeline over parts that are kept on disk and behave as AWS does: what was begun goes on when the process dies. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, JobResult, JobWatch } from '../../src/agents/engine.ts';
import { createLogger } from '../../src/agents/logger.ts';
import { resume, run } from '../../src/agents/orchestrator.ts';
import type { Journal, RunPorts } from '../../src/agents/ports.ts';
import type { RunOrder } from '../../src/agents/run/events.ts';
import type { RunStop } from '../../src/agents/runState.ts';
import { fileLog } from '../../src/services/fileLog.ts';
import { createRun, openRun, runsFolder } from '../../src/services/runJournal.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { programs, promptOrder, specText } from './scriptedRun.ts';

/** `mended`: its first rows are wrong, and a corrected spec gives the right ones. */
export type RunKind = 'compiled' | 'model' | 'mended';

/** A place where the process may die. */
export type Point = (name: string) => void;

export const runId = 'r1';

const orders: Readonly<Record<RunKind, RunOrder>> = {
  compiled: promptOrder,
  model: { ...promptOrder, codegen: 'model', publish: 'later' },
  mended: { ...promptOrder, publish: 'later' },
};

const options = (workspace: string) => ({ workspace, runId, now: () => new Date() });

export async function begin(workspace: string, kind: RunKind, point: Point): Promise<RunStop> {
  point('before it is ordered');
  const journal = await createRun(orders[kind], options(workspace));
  point('ordered');
  return carryOut(workspace, { journal, kind, point, go: (ports) => run(whole(ports)) });
}

export async function goOn(workspace: string, kind: RunKind): Promise<RunStop | undefined> {
  const journal = await openRun(options(workspace));
  return (
    journal && carryOut(workspace, { journal, kind, point: () => undefined, go: (ports) => resume({}, whole(ports)) })
  );
}

const whole = (ports: RunPorts) => ({ ports, signal: new AbortController().signal, onState: () => undefined });

interface Carried {
  readonly kind: RunKind;
  readonly journal: Journal & { close(): Promise<void> };
  readonly point: Point;
  readonly go: (ports: RunPorts) => Promise<RunStop>;
}

async function carryOut(workspace: string, { journal, kind, point, go }: Carried): Promise<RunStop> {
  const store = fileLog((id) => join(runsFolder(workspace), id, 'log.jsonl'));
  const log = createLogger({
    runId,
    store: mortal(store, point, ['append', 'end']),
    redact: (text) => text,
    now: () => new Date(),
  });
  const parts = { journal: mortal(journal, point, ['record', 'keep']), kind, point, log };
  const last = await go(portsOf(workspace, parts));
  point('before the log is closed');
  await log.close();
  await store.close();
  point('before it is let go');
  await journal.close();
  point('let go');
  return last;
}

/** The same object, with a place to die before and behind each of these calls. */
function mortal<T extends object>(whole: T, point: Point, names: readonly (keyof T & string)[]): T {
  return new Proxy(whole, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      const call = found.bind(target) as (...args: readonly unknown[]) => unknown;
      if (!names.some((each) => each === name)) return call;
      return async (...args: readonly unknown[]) => {
        point(`before ${String(name)}`);
        const answer = await call(...args);
        point(`behind ${String(name)}`);
        return answer;
      };
    },
  });
}

interface Parts {
  readonly kind: RunKind;
  readonly journal: Journal;
  readonly point: Point;
  readonly log: NonNullable<RunPorts['log']>;
}

function portsOf(workspace: string, { journal, kind, point, log }: Parts): RunPorts {
  const asked = (who: string): void => {
    appendFileSync(join(workspace, 'asked.txt'), `${who}\n`);
  };
  const ports: RunPorts = {
    journal,
    log,
    database: {
      catalogue: () => Promise.resolve(catalogueOf([])),
      select: <Row extends object>(sql: string) => {
        const missing = kind === 'mended' && sql.includes('stage of r1;') ? '1' : '0';
        const row = { expected_rows: '1', actual_rows: '1', missing, unexpected: '0', examples: [] };
        return Promise.resolve([row as unknown as Row]);
      },
    },
    compile: () => Promise.resolve({ problems: [], programs }),
    planner: {
      plan: () => {
        asked('planner');
        return Promise.resolve({ kind: 'spec', specText, problems: [] });
      },
    },
    codeWriter: {
      write: ({ failed }) => {
        asked('writer');
        return Promise.resolve({ kind: 'script', script: failed ? 'patched = 1\n' : 'fails = 1\n' });
      },
    },
    gate: () => [],
    remediator: {
      remedy: () => {
        asked('remediator');
        const remedy = { kind: 'spec', layer: 'spec', reason: 'A filter was missed.', diff: '+ a filter' } as const;
        return Promise.resolve({ ...remedy, specText: '{ "name": "corrected" }\n' });
      },
    },
    engine: durableEngine(workspace, point),
    publisher: durablePublisher(workspace, point),
  };
  return {
    ...ports,
    database: mortal(ports.database, point, ['catalogue', 'select']),
    planner: ports.planner && mortal(ports.planner, point, ['plan']),
    codeWriter: ports.codeWriter && mortal(ports.codeWriter, point, ['write']),
    engine: mortal(ports.engine, point, ['run', 'attach']),
    publisher: ports.publisher && mortal(ports.publisher, point, ['publish', 'rows', 'giveUp']),
    remediator: ports.remediator && mortal(ports.remediator, point, ['remedy']),
  } as RunPorts;
}

/** A job that has started goes on, and its run is found again by its id; each real start is counted. */
function durableEngine(workspace: string, point: Point): Engine {
  const folder = join(workspace, 'engine');
  mkdirSync(folder, { recursive: true });
  const follow = async (id: string, watch: JobWatch): Promise<JobResult> => {
    watch.onStarted?.({ engine: 'scripted', runId: id, id: `j-${id}` });
    watch.onOutput('the job runs');
    point('while the job runs');
    await new Promise(setImmediate);
    return JSON.parse(readFileSync(join(folder, id), 'utf8')) as JobResult;
  };
  return {
    name: 'scripted',
    run(job, watch) {
      if (!existsSync(join(folder, job.runId))) {
        const failed = { kind: 'failed', reason: 'script', message: 'NameError', line: 1 } as const;
        const result: JobResult = job.script.startsWith('fails') ? failed : { kind: 'succeeded' };
        writeFileSync(join(folder, job.runId), JSON.stringify(result), { flag: 'wx' });
        appendFileSync(join(workspace, 'started.txt'), `${job.runId}\n`);
        point('when the job has started');
      }
      return follow(job.runId, watch);
    },
    attach: ({ runId: id }, watch) => follow(id, watch),
  };
}

function durablePublisher(workspace: string, point: Point): NonNullable<RunPorts['publisher']> {
  const file = join(workspace, 'published.txt');
  const dropped = (id: string): string => join(workspace, `dropped-${id}`);
  return {
    rows: ({ runId: id }) =>
      Promise.resolve(existsSync(file) || existsSync(dropped(id)) ? undefined : `stage of ${id};`),
    publish({ runId: id }) {
      appendFileSync(file, `${id}\n`);
      point('when it is published');
      return Promise.resolve({ kind: 'published', rows: 1, repeated: false });
    },
    giveUp({ runId: id }) {
      if (id !== 'r1') return Promise.reject(new Error('Nothing is wrong with these rows.'));
      writeFileSync(dropped(id), '');
      point('when it is dropped');
      return Promise.resolve();
    },
  };
}
