import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedRulesFile, type SharedRulesSource } from '../agents/validation/sharedRules.ts';
import { isMissing } from './isMissing.ts';

/** The rules that the specs of a workspace share, read anew for every validation. */
export const sharedRulesIn = (workspace: string): SharedRulesSource => ({
  async text() {
    try {
      return await readFile(join(workspace, sharedRulesFile), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
});
