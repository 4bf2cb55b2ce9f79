/** What every engine must do, whatever runs the script: one suite, called with a factory for the engine. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Engine, Job, JobHandle, JobProgress, JobResult, JobWatch } from '../../src/agents/engine.ts';
import { createDatabase, dropDatabase, withClient } from '../support/postgres.ts';
import { publishesLater } from './contractPublication.ts';
import * as scripts from './scripts.ts';
import { variablesOf } from './connections.ts';

export interface EngineFactory {
  readonly name: string;
  /** Called once, before all tests. `connections` is what the runtime must find in its environment. */
  start(connections: Readonly<Record<string, string>>): Promise<RunningEngine>;
  readonly allowed: Allowance;
}

export interface RunningEngine {
  readonly engine: Engine;
  /** The engine as another window has it; the same object where a run ends with its window. */
  readonly otherWindow: Engine;
  /** Kills what executes the scripts, as a crash would, and returns when it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Allowance {
  /** For one small run, with whatever the engine has to start first. */
  readonly runMs: number;
  /** From the abort to `cancelled`. */
  readonly cancelMs: number;
  /** The shortest timeout that the engine keeps. */
  readonly timeoutMinutes: number;
  readonly outputMegabytes: number;
  /** The engine ends what a stopped run has open on the database, rather than the server after a while. */
  readonly endsSessions: boolean;
}

type Failed = Extract<JobResult, { readonly kind: 'failed' }>;

export function engineContract(factory: EngineFactory): void {
  const { name, allowed } = factory;
  describe(`the engine contract: ${name}`, function () {
    this.timeout(allowed.runMs * 3 + allowed.timeoutMinutes * 60_000);
    const database = `contract_${randomBytes(4).toString('hex')}`;
    let url: string;
    let running: RunningEngine;

    before(async () => {
      url = await createDatabase(database);
      await query(scripts.tables);
      running = await factory.start(variablesOf(url));
    });
    after(async () => {
      await running.stop();
      await dropDatabase(database);
    });
    beforeEach(() => query('truncate answer; insert into answer values (0, 0)'));

    const query = (sql: string): Promise<readonly Record<string, unknown>[]> =>
      withClient(url, async (client) => (await client.query(sql)).rows as readonly Record<string, unknown>[]);
    const answer = async (table = 'answer'): Promise<string> => {
      const rows = await query(`select count(*)::int as rows, coalesce(sum(amount), 0)::text as amount from ${table}`);
      return JSON.stringify(rows[0]);
    };
    const [before0, whole] = ['{"rows":1,"amount":"0.00"}', '{"rows":1000,"amount":"500500.00"}'];

    const run = (script: string, watch: Partial<JobWatch> = {}, job: Partial<Job> = {}): Promise<JobResult> =>
      running.engine.run(jobOf(script, job), watchOf(watch));
    const failing = async (script: string, job: Partial<Job> = {}): Promise<Failed> => {
      const result = await run(script, {}, job);
      assert.equal(result.kind, 'failed', JSON.stringify(result));
      return result;
    };
    const sessions = async (): Promise<number> => {
      const rows = await query(
        `select count(*)::int as open from pg_stat_activity where datname = current_database()
         and application_name like 'datamorph%'`,
      );
      return Number(rows[0]?.['open']);
    };
    /** The engine's sessions are gone: at once where it ends them, otherwise when the server notices. */
    const noSessions = async (): Promise<void> => {
      if (allowed.endsSessions) assert.equal(await sessions(), 0);
    };

    describe('a script that succeeds', () => {
      it('makes its rows visible, streams what it prints, and tells where it is', async () => {
        const [lines, phases, handles]: [string[], JobProgress[], JobHandle[]] = [[], [], []];
        const job = jobOf(scripts.replace);
        const result = await running.engine.run(job, {
          signal: new AbortController().signal,
          onOutput: (line) => lines.push(line),
          onProgress: (progress) => phases.push(progress),
          onStarted: (handle) => handles.push(handle),
        });
        assert.equal(result.kind, 'succeeded', JSON.stringify({ result, lines }));
        assert.equal(await answer(), whole);
        assert.ok(lines.includes('hello from the script'), lines.join('\n'));
        assert.ok(lines.some((line) => line.startsWith('datamorph: ') && line.includes('"published"')));
        assert.ok(phases.some(({ phase }) => phase === 'running'));
        assert.equal(handles.length, 1);
        assert.equal(handles[0]?.engine, running.engine.name);
        assert.equal(handles[0].runId, job.runId);
        assert.ok((result.cost?.seconds ?? 0) > 0, 'it says how long it took');
      });

      it('stages its rows only, and another one publishes them or drops them', () =>
        publishesLater({ run: (job) => running.engine.run(job, watchOf({})), jobOf, answer, whole }));

      it('gets the run id, the instant, the marks and whether to trace and to publish', async () => {
        const lines: string[] = [];
        const job = {
          runId: newRunId(),
          instant: '2026-02-03T04:05:06Z',
          marks: { orders: 'a b' },
          publish: 'later',
          trace: true,
        } as const;
        const result = await run(scripts.printArguments, { onOutput: (line) => lines.push(line) }, job);
        assert.equal(result.kind, 'succeeded', lines.join('\n'));
        const printed = lines.find((line) => line.startsWith('{'));
        assert.deepEqual(JSON.parse(printed ?? ''), {
          run_id: job.runId,
          instant: '2026-02-03T04:05:06+00:00',
          marks: { orders: 'a b' },
          publish: 'later',
          trace: true,
        });
      });
    });

    describe('a script that fails', () => {
      it('by a Python error: says which, and in which line', async () => {
        const { reason, message, line } = await failing(scripts.pythonError);
        assert.equal(reason, 'script');
        assert.match(message, /no such colour: mauve/);
        assert.equal(line, lineOf(scripts.pythonError, 'raise ValueError'));
      });

      it('by a Spark error: the same, and the target keeps its rows', async () => {
        const { reason, message, line } = await failing(scripts.sparkError);
        assert.equal(reason, 'script');
        assert.match(message, /DIVIDE_BY_ZERO/);
        assert.equal(line, lineOf(scripts.sparkError, 'job.write('));
        assert.equal(await answer(), before0);
      });

      it('by a syntax error: with its line', async () => {
        const { reason, line } = await failing('x = 1\nif x\n  pass\n');
        assert.equal(reason, 'script');
        assert.equal(line, 2);
      });

      it('by ending itself: with the status, and the next script is none the worse', async () => {
        assert.match((await failing('import os\nos._exit(41)\n')).message, /41/);
        assert.equal((await run(scripts.replace)).kind, 'succeeded');
      });

      it('for one of the reasons that the runtime knows', async () => {
        const { reason, message } = await failing(scripts.unknownConnection);
        assert.equal(reason, 'connection');
        assert.match(message, /nowhere/);
        assert.equal((await failing(scripts.sourceIsTarget)).reason, 'refused');
        assert.equal((await failing(scripts.breaksConstraint)).reason, 'publication');
        assert.equal(await answer(), before0);
      });
    });

    describe('memory', () => {
      for (const [whose, script] of [
        ["Python's", scripts.pythonMemory],
        ['the JVM’s', scripts.jvmMemory],
      ] as const) {
        it(`that is ${whose}, runs out: said so, and the next run succeeds`, async () => {
          assert.equal((await failing(script)).reason, 'memory');
          assert.equal((await run(scripts.replace)).kind, 'succeeded');
        });
      }
    });

    it('ends a job that takes longer than it may', async () => {
      const { reason, message } = await failing(scripts.slowQuery, { timeoutMinutes: allowed.timeoutMinutes });
      assert.equal(reason, 'timeout', message);
      await noSessions();
    });

    describe('cancelling', () => {
      /** Aborts as soon as `when` holds, and checks what every cancelled run leaves behind. */
      async function cancelled(
        script: string,
        when: (seen: { readonly line?: string; readonly progress?: JobProgress }) => boolean,
      ): Promise<void> {
        const stop = new AbortController();
        let stopped = 0;
        const look = (seen: Parameters<typeof when>[0]): void => {
          if (stop.signal.aborted || !when(seen)) return;
          stopped = performance.now();
          stop.abort();
        };
        const lines: string[] = [];
        const result = await run(script, {
          signal: stop.signal,
          onOutput: (line) => {
            lines.push(line);
            look({ line });
          },
          onProgress: (progress) => {
            look({ progress });
          },
        });
        assert.ok(stop.signal.aborted, `it came so far: ${JSON.stringify({ result, lines })}`);
        assert.deepEqual(result, { kind: 'cancelled' });
        const took = performance.now() - stopped;
        assert.ok(took < allowed.cancelMs, `it took ${took.toFixed(0)} ms of ${allowed.cancelMs}`);
        await noSessions();
        assert.equal(await answer(), before0);
      }

      it('before the start: nothing runs', async () => {
        const lines: string[] = [];
        const result = await run(scripts.replace, {
          signal: AbortSignal.abort(),
          onOutput: (line) => lines.push(line),
        });
        assert.deepEqual(result, { kind: 'cancelled' });
        assert.deepEqual(lines, []);
        assert.equal(await answer(), before0);
      });

      it('with the first sign of life, whatever phase that is', () =>
        cancelled(scripts.replace, ({ progress }) => progress !== undefined));

      it('while it starts', () => cancelled(scripts.replace, ({ progress }) => progress?.phase === 'starting'));

      it('in Python', () => cancelled(scripts.busyPython, ({ line }) => line === 'ready'));

      it('in Python that does not obey', () => cancelled(scripts.stubbornPython, ({ line }) => line === 'ready'));

      it('in a Spark job', () => cancelled(scripts.busySpark, ({ line }) => line === 'ready'));

      it('in a query on the database', async () => {
        const stop = new AbortController();
        const result = run(scripts.slowQuery, { signal: stop.signal });
        await until(async () => (await sessions()) > 0 && (await isAsleep()), allowed.runMs);
        const from = performance.now();
        stop.abort();
        assert.deepEqual(await result, { kind: 'cancelled' });
        assert.ok(performance.now() - from < allowed.cancelMs);
        await noSessions();
      });

      it('in its publication, which waits for a lock', async () => {
        const stop = new AbortController();
        await withClient(url, async (other) => {
          await other.query('begin; lock table answer in access exclusive mode');
          const result = run(scripts.replace, { signal: stop.signal });
          await until(isBlocked, allowed.runMs);
          stop.abort();
          assert.deepEqual(await result, { kind: 'cancelled' });
          await noSessions();
          await other.query('rollback');
        });
        assert.equal(await answer(), before0);
        assert.equal((await run(scripts.replace)).kind, 'succeeded');
        assert.equal(await answer(), whole);
      });

      const there = async (sql: string): Promise<boolean> => (await query(sql)).length > 0;
      const isAsleep = (): Promise<boolean> =>
        there(`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`);
      const isBlocked = (): Promise<boolean> =>
        there(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    });

    it('says that the engine failed when it was killed, and runs the next job', async () => {
      let kill: Promise<void> | undefined;
      const result = await run(scripts.busySpark, {
        onOutput: (line) => {
          if (line === 'ready') kill = running.kill();
        },
      });
      await kill;
      assert.equal(result.kind, 'failed', JSON.stringify(result));
      assert.equal(result.reason, 'engine', JSON.stringify(result));
      assert.equal((await run(scripts.replace)).kind, 'succeeded');
      assert.equal(await answer(), whole);
    });

    describe('two runs', () => {
      it('at once: each has views, settings and a result of its own', async () => {
        await query('drop table if exists first_answer, second_answer');
        const results = await Promise.all(
          ['first', 'second'].map((who) => run(scripts.withOwnView(who, `${who}_answer`))),
        );
        assert.deepEqual(results.map(({ kind }) => kind), ['succeeded', 'succeeded'], JSON.stringify(results)); // prettier-ignore
        assert.deepEqual(await query('select note from first_answer'), [{ note: 'first' }]);
        assert.deepEqual(await query('select note from second_answer'), [{ note: 'second' }]);
      });

      it('with the same id at once: it runs once, and both learn of its end', async () => {
        const job = jobOf(scripts.append, {});
        const results = await Promise.all([1, 2].map(() => running.engine.run(job, watchOf({}))));
        assert.deepEqual(results.map(({ kind }) => kind), ['succeeded', 'succeeded'], JSON.stringify(results)); // prettier-ignore
        assert.equal(await answer(), '{"rows":1001,"amount":"500500.00"}');
      });

      it('with the same id one after the other: the second finds the first one’s end', async () => {
        const job = jobOf(scripts.append, {});
        assert.equal((await running.engine.run(job, watchOf({}))).kind, 'succeeded');
        assert.equal((await running.engine.run(job, watchOf({}))).kind, 'succeeded');
        assert.equal(await answer(), '{"rows":1001,"amount":"500500.00"}');
        const failed = jobOf(scripts.pythonError, {});
        const ends = [await running.engine.run(failed, watchOf({})), await running.engine.run(failed, watchOf({}))];
        assert.deepEqual(
          ends.map((end) => end.kind === 'failed' && [end.reason, end.line]),
          [1, 2].map(() => ['script', lineOf(scripts.pythonError, 'raise ValueError')]),
        );
      });
    });

    describe('another window', () => {
      it('waits for the end of a run by its handle, and hears what it prints', async () => {
        const lines: string[] = [];
        let attached: Promise<JobResult> | undefined;
        const result = await run(scripts.waitsForRow, {
          onStarted: (handle) => {
            attached = running.otherWindow.attach(
              JSON.parse(JSON.stringify(handle)) as JobHandle,
              watchOf({ onOutput: (line) => lines.push(line) }),
            );
            void query('insert into signal values (1)');
          },
        });
        assert.equal(result.kind, 'succeeded', JSON.stringify(result));
        assert.equal((await attached)?.kind, 'succeeded');
        assert.ok(lines.includes('the row is there'), lines.join('\n'));
      });

      it('can stop the run', async () => {
        let attached: Promise<JobResult> | undefined;
        const stop = new AbortController();
        const result = await run(scripts.busyPython, {
          onStarted: (handle) => {
            attached = running.otherWindow.attach(
              handle,
              watchOf({ signal: stop.signal, onOutput: (line) => { if (line === 'ready') stop.abort(); } }), // prettier-ignore
            );
          },
        });
        assert.deepEqual(await attached, { kind: 'cancelled' });
        assert.deepEqual(result, { kind: 'cancelled' });
      });

      it('is told that a run is not known', async () => {
        const handle = { engine: running.engine.name, runId: newRunId(), id: 'jr_0000' };
        const result = await running.otherWindow.attach(handle, watchOf({}));
        assert.equal(result.kind === 'failed' && result.reason, 'engine', JSON.stringify(result));
      });
    });

    it(`lets ${allowed.outputMegabytes} MB of output through, in little memory, and still finds the failure behind it`, async () => {
      const script = scripts.prints(allowed.outputMegabytes);
      let [lines, characters, most] = [0, 0, 0];
      const from = process.memoryUsage().rss;
      const result = await run(script, {
        onOutput: (line) => {
          if (!line.startsWith('line ')) return;
          lines += 1;
          characters += line.length + 1;
          if (lines % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss - from);
        },
      });
      assert.equal(result.kind === 'failed' && result.line, lineOf(script, 'raise'), JSON.stringify(result));
      assert.equal(characters, allowed.outputMegabytes * 1_000_000);
      assert.equal(lines, allowed.outputMegabytes * 10_000);
      assert.ok(most < 200e6, `it took ${(most / 1e6).toFixed(0)} MB of memory`);
    });
  });
}

const newRunId = (): string => `run-${randomBytes(6).toString('hex')}`;

const jobOf = (script: string, job: Partial<Job> = {}): Job => ({
  runId: newRunId(),
  instant: '2026-01-02T03:04:05Z',
  script,
  ...job,
});

const watchOf = (watch: Partial<JobWatch>): JobWatch => ({
  signal: new AbortController().signal,
  onOutput: () => undefined,
  ...watch,
});

/** Counts from 1. */
const lineOf = (script: string, text: string): number =>
  script.split('\n').findIndex((line) => line.includes(text)) + 1;

async function until(condition: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'what was waited for has come in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
