import type { Samples } from '../agents/ports.ts';
import { profileText } from '../agents/profile/profileText.ts';
import { readSpec } from '../spec/read.ts';
import { formatTableName, parseTableName } from '../spec/tableName.ts';
import type { Postgres } from './postgres.ts';
import { profileTable } from './profile.ts';

/** Profiles of the spec's sources, bounded in time and masked. */
export const samplesOn =
  (postgres: Pick<Postgres, 'query' | 'readOnly'>): Samples =>
  async (specText, catalogue, signal) => {
    const names = new Set(readSpec(specText).spec?.sources.map(({ table }) => table));
    const texts: string[] = [];
    for (const name of names) {
      const parsed = parseTableName(name);
      const table = parsed && catalogue.find(parsed);
      if (table) texts.push(profileText(formatTableName(table), await profileTable(postgres, table, { signal })));
    }
    return texts.join('\n\n');
  };
