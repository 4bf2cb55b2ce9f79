import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runsFolder } from '../services/runJournal.ts';
import { UsageError } from './exitCodes.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

/** Where a run of this workspace is kept. An id comes from outside, and is a plain name. */
export async function folderOfRun(terminal: Terminal, runId: string | undefined): Promise<string> {
  if (runId === undefined) throw new UsageError('Which run? `datamorph runs` lists them.');
  const folder = join(runsFolder(workspaceOf(terminal)), runId);
  const isThere = /^[\w-]+$/.test(runId) && (await stat(folder).catch(() => undefined))?.isDirectory();
  if (!isThere) throw new UsageError(`There is no run "${runId}" here: \`datamorph runs\` lists them.`);
  return folder;
}
