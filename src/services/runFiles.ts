import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from './journalFile.ts';
import { isOwnerFile, ownerState } from './runOwner.ts';
import { runSummary, type ListedState } from './runSummary.ts';
import { isMissing } from './isMissing.ts';

export type RunState = ListedState;

/** What the list of runs shows of one. */
export interface RunSummary {
  readonly id: string;
  readonly startedAt: string;
  readonly state: RunState;
  readonly engine: string;
  readonly prompt?: string;
  readonly durationMs?: number;
  readonly verdict?: string;
  /** Absolute paths of what the run left behind. */
  readonly files: readonly RunFile[];
}

export interface RunFile {
  readonly kind: 'spec' | 'script' | 'reference' | 'report' | 'other';
  readonly path: string;
}

/** A run whose record cannot be read is shown as such, never left out in silence. */
export interface BrokenRun {
  readonly id: string;
  readonly reason: string;
}

export interface RunList {
  readonly runs: readonly RunSummary[];
  readonly broken: readonly BrokenRun[];
}

/** The runs kept under `<folder>/.datamorph/runs`, newest first. */
export async function listRuns(workspaceFolder: string): Promise<RunList> {
  const root = join(workspaceFolder, '.datamorph', 'runs');
  const names = await folderNames(root);
  const results = await Promise.all(names.map((name) => readRun(root, name)));
  const runs = results.filter((result) => 'state' in result);
  const broken = results.filter((result) => 'reason' in result);
  return { runs: runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt)), broken };
}

async function folderNames(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch (error) {
    // No run was ever made here.
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readRun(root: string, id: string): Promise<RunSummary | BrokenRun> {
  const folder = join(root, id);
  try {
    const record = await recordIn(root, id);
    const fields = readSummary(record);
    if (typeof fields === 'string') return { id, reason: fields };
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const files = names.filter(isForPeople).sort();
    const state = fields.state === 'running' ? await ifAlive(folder) : fields.state;
    return { id, ...fields, state, files: files.map((name) => ({ kind: kindOf(name), path: join(folder, name) })) };
  } catch (error) {
    return { id, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The summary, or where a crash of the machine has emptied it, the journal that it is made from. */
async function recordIn(root: string, id: string): Promise<unknown> {
  const text = await readFile(join(root, id, 'run.json'), 'utf8');
  if (text !== '') return JSON.parse(text) as unknown;
  const entries = await readJournal(join(root, id));
  return runSummary(entries, new Date(entries.at(-1)?.at ?? 0));
}

/** Not what DataMorph writes for itself. */
const isForPeople = (name: string): boolean =>
  !['run.json', 'journal.jsonl', 'cancel'].includes(name) && !name.endsWith('.draft') && !isOwnerFile(name);

const ifAlive = async (folder: string): Promise<RunState> =>
  (await ownerState(folder)) === 'dead' ? 'interrupted' : 'running';

const states: ReadonlySet<unknown> = new Set<RunState>([
  'running',
  'waiting',
  'interrupted',
  'passed',
  'warned',
  'failed',
  'cancelled',
]);
const isState = (value: unknown): value is RunState => states.has(value);

/** Checks the record by hand: it is a file in the workspace, and anybody may have written it. */
function readSummary(record: unknown): Omit<RunSummary, 'id' | 'files'> | string {
  if (typeof record !== 'object' || record === null) return 'run.json is not an object.';
  const { startedAt, state, engine, prompt, durationMs, verdict } = record as Readonly<Record<string, unknown>>;
  if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) return 'run.json has no valid "startedAt".';
  if (!isState(state)) return 'run.json has no valid "state".';
  if (typeof engine !== 'string') return 'run.json has no valid "engine".';
  return {
    startedAt,
    state,
    engine,
    ...(typeof prompt === 'string' ? { prompt } : {}),
    ...(typeof durationMs === 'number' ? { durationMs } : {}),
    ...(typeof verdict === 'string' ? { verdict } : {}),
  };
}

function kindOf(name: string): RunFile['kind'] {
  if (name.endsWith('.datamorph.json')) return 'spec';
  if (name.endsWith('.py')) return 'script';
  if (name.endsWith('.sql')) return 'reference';
  if (name.startsWith('report.')) return 'report';
  return 'other';
}
