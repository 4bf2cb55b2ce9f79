import type { Changes, DifferentRow } from '../validation/changes.ts';

/** The rows that differ, as they may be kept. */
export function maskChanges(changes: Changes, mask: (row: string) => string): Changes {
  const rows = changes.rows.map((row): DifferentRow => {
    switch (row.kind) {
      case 'missing':
        return { ...row, expected: mask(row.expected) };
      case 'unexpected':
        return { ...row, actual: mask(row.actual) };
      case 'changed':
        return { ...row, expected: mask(row.expected), actual: mask(row.actual) };
    }
  });
  return { ...changes, rows };
}
