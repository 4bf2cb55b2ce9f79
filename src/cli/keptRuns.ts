/** The commands about runs that are there already. */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelAbandoned } from '../agents/run/cancel.ts';
import { recordOf } from '../agents/run/record.ts';
import { isStop, type RunState } from '../agents/runState.ts';
import { requestCancel } from '../services/cancelRequest.ts';
import { listRuns } from '../services/runFiles.ts';
import { openRun, readRun, type RunJournal } from '../services/runJournal.ts';
import { runsText, logText, sentence } from '../services/terminal.ts';
import { connectionOf } from './connection.ts';
import { lateEngine } from './engines.ts';
import { exitCodes } from './exitCodes.ts';
import { folderOfRun } from './runFolder.ts';
import { openLogStore } from './session.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

export async function runs(terminal: Terminal): Promise<number> {
  const { out, log } = terminal;
  const { runs: found, broken } = await listRuns(workspaceOf(terminal));
  out.text(runsText(found));
  for (const each of found) out.event({ event: 'run', ...each });
  for (const { id, reason } of broken) log.warn(`The run ${id} cannot be read: ${reason}`);
  return exitCodes.done;
}

export async function logs(terminal: Terminal, runId?: string): Promise<number> {
  await folderOfRun(terminal, runId);
  const opened = await openLogStore(terminal);
  try {
    for await (const entry of opened.store.read(runId ?? '', 1, terminal.signal)) {
      terminal.out.text(logText(entry));
      terminal.out.event({ event: 'log', ...entry });
    }
    return exitCodes.done;
  } finally {
    await opened.close();
  }
}

/** Asks the process that has the run; where there is none any more, stops the job that went on without it. */
export async function cancel(terminal: Terminal, runId?: string): Promise<number> {
  const folder = await folderOfRun(terminal, runId);
  const id = runId ?? '';
  const journal = await openRun({ workspace: workspaceOf(terminal), runId: id, now: () => new Date() });
  if (journal) return told(terminal, id, await withoutOwner(terminal, journal));
  await requestCancel(folder);
  return told(terminal, id, await untilStopped(terminal, id));
}

async function withoutOwner(terminal: Terminal, journal: RunJournal): Promise<RunState> {
  try {
    const order = recordOf(journal.entries)?.order;
    const engine = lateEngine(terminal, await connectionOf(terminal), order?.engine);
    try {
      return await cancelAbandoned({ journal, engine });
    } finally {
      await engine.close();
    }
  } finally {
    await journal.close();
  }
}

const lookEveryMs = 200;
/** A job on a server may take so long to stop. */
const patienceMs = 120_000;

async function untilStopped(terminal: Terminal, runId: string): Promise<RunState> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const state = recordOf(await readRun(workspaceOf(terminal), runId))?.state;
    if (state && isStop(state)) return state;
    if (performance.now() > until) throw new Error(`The run ${runId} was asked to stop, and goes on.`);
    await delay(lookEveryMs, undefined, { signal: terminal.signal });
  }
}

function told({ out, log }: Terminal, run: string, state: RunState): number {
  log.info(`${run}: ${sentence(state)}`);
  out.event({ event: 'end', run, state });
  return exitCodes.done;
}
