import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Journal } from '../agents/ports.ts';
import type { JournalEntry, RunEvent, RunOrder } from '../agents/run/events.ts';
import { artifactPath } from './artifactKeys.ts';
import { openDurableLines, type DurableLines } from './durableLines.ts';
import { writeDurably, writeWhole } from './durableFile.ts';
import { journalEntries, journalFile, readJournal } from './journalFile.ts';
import { redactValue } from './redactValue.ts';
import { takeRun, type Ownership } from './runOwner.ts';
import { runSummary } from './runSummary.ts';

export interface RunJournal extends Journal {
  readonly folder: string;
  /** Lets go of the run: another process may go on with it. */
  close(): Promise<void>;
}

export interface RunJournalOptions {
  /** The workspace folder that keeps the run, under `.datamorph/runs/<id>`. */
  readonly workspace: string;
  readonly runId: string;
  readonly now: () => Date;
  readonly redact?: (text: string) => string;
}

export const runsFolder = (workspace: string): string => join(workspace, '.datamorph', 'runs');

/**
 * A new run as files that a person can open. Its folder appears whole, with the order in it: a run that is listed is one that
 * can be gone on with. What a call has stored survives a crash of the process and of the machine.
 */
export async function createRun(order: RunOrder, options: RunJournalOptions): Promise<RunJournal> {
  const folder = join(runsFolder(options.workspace), options.runId);
  const draft = join(runsFolder(options.workspace), `.${options.runId}.draft`);
  await mkdir(draft, { recursive: true });
  await takeRun(draft);
  const first: JournalEntry = { n: 1, at: options.now().toISOString(), event: { kind: 'ordered', order } };
  const lines = await openDurableLines(join(draft, journalFile));
  await lines.append([JSON.stringify(first)]);
  await lines.close();
  await writeSummary(draft, [first], options.now());
  await rename(draft, folder);
  const ownership = { release: () => rm(join(folder, 'owner-1.json'), { force: true }) };
  return new FileJournal({ ...options, folder, ownership }, await openDurableLines(join(folder, journalFile)));
}

/** Takes a run that stands still, or whose process died, into this process's hands; undefined where another one has it. */
export async function openRun(
  options: RunJournalOptions & { readonly force?: boolean },
): Promise<RunJournal | undefined> {
  const folder = join(runsFolder(options.workspace), options.runId);
  const ownership = await takeRun(folder, { ...(options.force && { force: true }) });
  if (!ownership) return undefined;
  try {
    return new FileJournal({ ...options, folder, ownership }, await openDurableLines(join(folder, journalFile)));
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** The facts of a run, whoever has it; rejects where it has none. */
export const readRun = (workspace: string, runId: string): Promise<readonly JournalEntry[]> =>
  readJournal(join(runsFolder(workspace), runId));

interface Place extends RunJournalOptions {
  readonly folder: string;
  readonly ownership: Ownership;
}

class FileJournal implements RunJournal {
  readonly runId: string;
  readonly folder: string;
  readonly entries: JournalEntry[];
  readonly #lines: DurableLines;
  readonly #place: Place;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(place: Place, lines: DurableLines) {
    this.runId = place.runId;
    this.folder = place.folder;
    this.entries = journalEntries(lines.found);
    this.#place = place;
    this.#lines = lines;
  }

  record(event: RunEvent): Promise<JournalEntry> {
    const recorded = this.#last.then(() => this.#write(event));
    this.#last = recorded.catch(() => undefined);
    return recorded;
  }

  async keep(name: string, text: string): Promise<void> {
    const path = join(runsFolder(this.#place.workspace), '..', ...artifactPath({ runId: this.runId, name }).split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(path, text);
  }

  /** Once: what is let go of may be another process's by the second time. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#last;
    await this.#lines.close();
    await this.#place.ownership.release();
  }

  async #write(event: RunEvent): Promise<JournalEntry> {
    const { now, redact = (text: string): string => text } = this.#place;
    const clean = mayTell(event) ? redactValue(event, redact) : event;
    const entry: JournalEntry = { n: this.entries.length + 1, at: now().toISOString(), event: clean };
    await this.#lines.append([JSON.stringify(entry)]);
    this.entries.push(entry);
    if (changesSummary(event)) await writeSummary(this.folder, this.entries, now());
    return entry;
  }
}

/** Words of the outside world; what is to be run again must stay as it is. */
const mayTell = ({ kind }: RunEvent): boolean => kind === 'entered' || kind === 'attempted';

const changesSummary = ({ kind }: RunEvent): boolean => kind === 'entered' || kind === 'continued';

/** The journal is the truth; this is for whoever lists the runs. */
const writeSummary = (folder: string, entries: readonly JournalEntry[], now: Date): Promise<void> =>
  writeWhole(join(folder, 'run.json'), `${JSON.stringify(runSummary(entries, now), undefined, 2)}\n`);
