import { replaceValue } from '../../spec/edits.ts';
import { tableFingerprint } from '../../spec/tableFingerprint.ts';
import type { Advice } from './rule.ts';

/** A spec may say what its tables were like when it was written. */
export const tableChanged: Advice = ({ resolved, positions, report }) => {
  resolved.sources.forEach(({ source, table }, at) => {
    if (source.fingerprint === undefined || !table) return;
    const now = tableFingerprint(table);
    if (now === source.fingerprint) return;
    const path = ['sources', at, 'fingerprint'];
    const edits = replaceValue(positions, path, JSON.stringify(now));
    report('table-changed', { path }, `"${source.table}" has changed since this spec was written.`, {
      fix: { title: 'Take the table as it is now', edits },
    });
  });
};
