import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '../agents/ports.ts';
import { headline } from '../agents/report.ts';
import type { RunState, Verdict } from '../agents/runState.ts';
import type { RunState as ListedState } from './runFiles.ts';

export interface RunJournalOptions {
  /** The workspace folder that keeps the run, under `.datamorph/runs/<id>`. */
  readonly folder: string;
  readonly runId: string;
  readonly engine: string;
  readonly prompt?: string;
  readonly startedAt: Date;
  readonly now: () => Date;
}

/** A run as files that a person can open. What a call has stored survives a crash of the process and of the machine. */
export async function createRunJournal(options: RunJournalOptions): Promise<Journal & { readonly folder: string }> {
  const folder = join(options.folder, '.datamorph', 'runs', options.runId);
  await mkdir(folder, { recursive: true });
  return {
    folder,
    keep: (name, text) => writeDurably(join(folder, name), text),
    record: (state) =>
      writeDurably(join(folder, 'run.json'), `${JSON.stringify(summary(options, state), undefined, 2)}\n`),
  };
}

/** A reader sees the old file or the new one, whole. */
async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function summary({ startedAt, engine, prompt, now }: RunJournalOptions, state: RunState): object {
  return {
    startedAt: startedAt.toISOString(),
    state: listedState(state),
    engine,
    ...(prompt === undefined ? {} : { prompt }),
    durationMs: now().getTime() - startedAt.getTime(),
    ...verdictText(state),
  };
}

function listedState(state: RunState): ListedState {
  switch (state.kind) {
    case 'checking':
    case 'executing':
    case 'comparing':
      return 'running';
    case 'refused':
    case 'executionFailed':
    case 'broken':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'finished':
      return verdictStates[state.verdict.kind];
  }
}

const verdictStates = {
  passed: 'passed',
  failed: 'failed',
  notCompared: 'warned',
} as const satisfies Record<Verdict['kind'], ListedState>;

function verdictText(state: RunState): { readonly verdict?: string } {
  switch (state.kind) {
    case 'finished':
      return { verdict: headline(state.verdict) };
    case 'refused':
      return { verdict: state.problems.find(({ severity }) => severity === 'error')?.message ?? 'refused' };
    case 'executionFailed':
    case 'broken':
      return { verdict: state.message };
    default:
      return {};
  }
}
