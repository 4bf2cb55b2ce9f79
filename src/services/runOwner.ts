import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processStart } from './processStart.ts';
import { isMissing } from './isMissing.ts';

/** Which process has a run in its hands. */
export interface RunOwner {
  readonly pid: number;
  readonly host: string;
  /** As `processStart` tells it. */
  readonly start: string;
}

export interface Ownership {
  release(): Promise<void>;
}

/** `elsewhere`: another machine has it, and from here nobody can tell whether it lives. */
export type OwnerState = 'nobody' | 'alive' | 'dead' | 'elsewhere';

/**
 * Takes a run into this process's hands; undefined where another one has it. Each owner has a file of its own, with a number
 * one above the last one's: of two that take over a dead owner's run at once, the system lets one make the file.
 */
export async function takeRun(folder: string, { force = false } = {}): Promise<Ownership | undefined> {
  const last = await lastOwner(folder);
  const state = await stateOf(last);
  if (state === 'alive' || (state === 'elsewhere' && !force)) return undefined;
  const path = join(folder, `owner-${last.number + 1}.json`);
  const me: RunOwner = { pid: process.pid, host: hostname(), start: (await processStart(process.pid)) ?? '' };
  if (!(await make(path, JSON.stringify(me)))) return undefined;
  return { release: () => rm(path, { force: true }) };
}

export const ownerState = async (folder: string): Promise<OwnerState> => stateOf(await lastOwner(folder));

export const isOwnerFile = (name: string): boolean => pattern.test(name);

const pattern = /^owner-(\d+)\.json$/;

interface Last {
  readonly number: number;
  readonly owner?: RunOwner | 'unreadable';
}

async function lastOwner(folder: string): Promise<Last> {
  const numbers = (await readdir(folder)).flatMap((name) => Number(pattern.exec(name)?.[1] ?? []) || []);
  const number = Math.max(0, ...numbers);
  if (number === 0) return { number };
  const path = join(folder, `owner-${number}.json`);
  try {
    const owner = readOwner(await readFile(path, 'utf8'));
    if (owner) return { number, owner };
    // It is being written at this moment, or its writer died over it.
    return { number, ...(Date.now() - (await stat(path)).mtimeMs < writingMs && { owner: 'unreadable' as const }) };
  } catch (error) {
    if (isMissing(error)) return { number: number - 1 };
    throw error;
  }
}

const writingMs = 10_000;

function readOwner(text: string): RunOwner | undefined {
  try {
    const { pid, host, start } = JSON.parse(text) as Partial<Record<keyof RunOwner, unknown>>;
    const isOwner = typeof pid === 'number' && typeof host === 'string' && typeof start === 'string';
    return isOwner ? { pid, host, start } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function stateOf({ number, owner }: Last): Promise<OwnerState> {
  if (!owner) return number === 0 ? 'nobody' : 'dead';
  if (owner === 'unreadable') return 'alive';
  if (owner.host !== hostname()) return 'elsewhere';
  return (await processStart(owner.pid)) === owner.start ? 'alive' : 'dead';
}

/** Tells whether this call has made it. */
async function make(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
