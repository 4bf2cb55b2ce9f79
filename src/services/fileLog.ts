import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogEnd, LogEntry, RunLogStore } from '../agents/logger.ts';
import { openDurableLines, wholeLines, type DurableLines } from './durableLines.ts';
import { isMissing } from './isMissing.ts';

export interface FileLog extends RunLogStore {
  close(): Promise<void>;
}

/** The logs of runs as files, one entry a line. One process writes to a file at a time: whoever has the run. */
export function fileLog(pathOf: (runId: string) => string): FileLog {
  const open = new Map<string, Promise<DurableLines>>();
  const ends = new Map<string, LogEnd>();

  const linesOf = (runId: string): Promise<DurableLines> => {
    const known = open.get(runId);
    if (known) return known;
    const opening = opened(pathOf(runId));
    open.set(runId, opening);
    // A disk that was full may have room by the next time.
    opening.catch(() => open.delete(runId));
    return opening;
  };

  const end = async (runId: string): Promise<LogEnd> => {
    const { found } = await linesOf(runId);
    const last = ends.get(runId) ?? endOf(found.map(readEntry));
    ends.set(runId, last);
    return last;
  };

  return {
    end,
    async append({ runId, entries, end: expected }) {
      const before = await end(runId);
      if (before.seq !== expected.seq) return { end: before, written: 0 };
      await (await linesOf(runId)).append(entries.map((entry) => JSON.stringify(entry)));
      const { seq } = before;
      const after = { seq: seq + entries.length, fact: Math.max(before.fact, endOf(entries).fact) };
      ends.set(runId, after);
      return { end: after, written: entries.length };
    },
    async *read(runId, from) {
      for (const line of await linesIn(pathOf(runId))) {
        const entry = readEntry(line);
        if (entry.seq >= from) yield entry;
      }
    },
    async close() {
      for (const lines of await Promise.allSettled(open.values())) {
        if (lines.status === 'fulfilled') await lines.value.close();
      }
      open.clear();
      ends.clear();
    },
  };
}

async function opened(path: string): Promise<DurableLines> {
  await mkdir(dirname(path), { recursive: true });
  return openDurableLines(path);
}

async function linesIn(path: string): Promise<readonly string[]> {
  try {
    return wholeLines(await readFile(path)).lines;
  } catch (error) {
    // Nothing was ever logged.
    if (isMissing(error)) return [];
    throw error;
  }
}

const endOf = (entries: readonly LogEntry[]): LogEnd => ({
  seq: entries.at(-1)?.seq ?? 0,
  fact: entries.reduce((last, { fact = 0 }) => Math.max(last, fact), 0),
});

const readEntry = (line: string): LogEntry => JSON.parse(line) as LogEntry;
