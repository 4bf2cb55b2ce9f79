import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Marks } from '../agents/ports.ts';
import { writeDurably } from './durableFile.ts';
import { isMissing } from './isMissing.ts';
import { isObject } from '../spec/isObject.ts';

type Kept = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** How far incremental sources were read, by database and target, in `.datamorph/marks.json` of the workspace. */
export function marksFile(workspace: string, database: string): Marks {
  const path = join(workspace, '.datamorph', 'marks.json');
  const keyOf = (target: string): string => `${database} ${target}`;
  return {
    of: async (target) => (await read(path))[keyOf(target)] ?? {},
    async keep(target, marks) {
      const before = await read(path);
      await mkdir(dirname(path), { recursive: true });
      const kept: Kept = { ...before, [keyOf(target)]: { ...before[keyOf(target)], ...marks } };
      await writeDurably(path, `${JSON.stringify(kept, undefined, 2)}\n`);
    },
  };
}

/** Checked by hand: it is a file in the workspace. A mark that cannot be read is no reason to read everything again. */
async function read(path: string): Promise<Kept> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
  const found: unknown = JSON.parse(text);
  if (isKept(found)) return found;
  throw new Error(`${path} does not hold marks: mend it, or delete it so that everything is read again.`);
}

const isKept = (found: unknown): found is Kept =>
  isObject(found) &&
  Object.values(found).every(
    (marks) => isObject(marks) && Object.values(marks).every((mark) => typeof mark === 'string'),
  );
