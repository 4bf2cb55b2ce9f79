import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswerCache } from '../agents/answerCache.ts';
import { writeWhole } from './durableFile.ts';

/** In `.datamorph/cache/` of the workspace; deleting it is safe. */
export function answerFiles(workspace: string): AnswerCache {
  const folder = join(workspace, '.datamorph', 'cache');
  return {
    async get(key) {
      try {
        return await readFile(join(folder, key), 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async put(key, text) {
      await mkdir(folder, { recursive: true });
      await writeWhole(join(folder, key), text);
    },
  };
}
