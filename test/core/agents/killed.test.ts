import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { LogEntry } from '../../../src/agents/logger.ts';
import { listRuns } from '../../../src/services/runFiles.ts';
import { readRun, runsFolder } from '../../../src/services/runJournal.ts';
import { goOn, runId, type RunKind } from '../../support/killedRun.ts';

/** What was really begun, by kind, however often the process died. */
const jobs: Readonly<Record<RunKind, readonly string[]>> = {
  compiled: ['r1'],
  model: ['r1', 'r1-2'],
  mended: ['r1', 'r1-2'],
};

/** How many places that are at least; the log tells several things in one breath, as it comes. */
const least: Readonly<Record<RunKind, number>> = { compiled: 45, model: 75, mended: 85 };

/** Whose rows became visible: those that were found right, once. */
const published: Readonly<Record<RunKind, readonly string[]>> = { compiled: [], model: ['r1-2'], mended: ['r1-2'] };

describe('a run whose process is killed', function () {
  this.timeout(120_000);
  let folder: string;
  let program: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-killed-'));
    program = join(folder, 'killedRun.mjs');
    const entry = fileURLToPath(new URL('../../support/killedProcess.ts', import.meta.url));
    // A bundle starts in a fraction of the time.
    await build({
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      outfile: program,
    });
  });
  after(() => rm(folder, { recursive: true }));

  const lines = (path: string): readonly string[] =>
    existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];

  /** Runs it in a process of its own, which dies at the n-th place. */
  async function killedAt(kind: RunKind, n: number): Promise<{ workspace: string; wasKilled: boolean }> {
    const workspace = join(folder, `${kind}-${n}`);
    mkdirSync(workspace);
    const child = spawn(process.execPath, [program, workspace, kind, String(n)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.ok(signal === 'SIGKILL' || code === 0, `place ${n}: status ${code}`);
    return { workspace, wasKilled: signal === 'SIGKILL' };
  }

  /** Tells whether the process was killed before its end. */
  async function survives(kind: RunKind, n: number): Promise<boolean> {
    const { workspace, wasKilled } = await killedAt(kind, n);
    const where = `${kind}, place ${n}, behind "${lines(join(workspace, 'points.txt')).at(-1) ?? ''}"`;
    const [found] = (await listRuns(workspace)).runs;
    if (!found) {
      // It was never ordered: nothing must have happened either.
      assert.deepEqual(lines(join(workspace, 'asked.txt')), [], where);
      return wasKilled;
    }
    assert.ok(['interrupted', 'passed'].includes(found.state), `${where}: ${found.state}`);
    const last = found.state === 'interrupted' ? await goOn(workspace, kind) : undefined;
    assert.ok(last === undefined || (last.kind === 'finished' && last.verdict.kind === 'passed'), where);
    const [ended] = (await listRuns(workspace)).runs;
    assert.equal(ended?.state, 'passed', where);
    assert.deepEqual(lines(join(workspace, 'started.txt')), jobs[kind], where);
    assert.deepEqual(lines(join(workspace, 'published.txt')), published[kind], where);
    if (found.state === 'interrupted') await assertLogIsWhole(workspace, where);
    return wasKilled;
  }

  async function assertLogIsWhole(workspace: string, where: string): Promise<void> {
    const log = lines(join(runsFolder(workspace), runId, 'log.jsonl')).map((line) => JSON.parse(line) as LogEntry);
    const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place + 1);
    assert.deepEqual(
      log.map(({ seq }) => seq),
      upTo(log.length),
      where,
    );
    const facts = log.flatMap(({ fact }) => fact ?? []);
    assert.deepEqual(facts, upTo((await readRun(workspace, runId)).length), where);
  }

  for (const kind of ['compiled', 'model', 'mended'] as const) {
    it(`at every place where something is written or asked ends as it should: ${kind}`, async () => {
      let places = 0;
      // Two at a time: as many as the smallest machine has cores.
      for (let n = 1; ; n += 2) {
        const killed = await Promise.all([survives(kind, n), survives(kind, n + 1)]);
        places += killed.filter(Boolean).length;
        if (killed.includes(false)) break;
      }
      assert.ok(places >= least[kind], `${places} places`);
    });
  }
});
