import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '../agents/run/events.ts';
import { wholeLines } from './durableLines.ts';

/** The facts of a run, one a line; the first is its order. */
export const journalFile = 'journal.jsonl';

/** The facts in the folder of a run, whoever is writing there; rejects where it has none. */
export async function readJournal(folder: string): Promise<readonly JournalEntry[]> {
  return journalEntries(wholeLines(await readFile(join(folder, journalFile))).lines);
}

export function journalEntries(lines: readonly string[]): JournalEntry[] {
  return lines.map((line, place) => {
    const entry = JSON.parse(line) as JournalEntry;
    if (entry.n !== place + 1) throw new Error(`The journal of the run has a gap before its line ${place + 1}.`);
    return entry;
  });
}
