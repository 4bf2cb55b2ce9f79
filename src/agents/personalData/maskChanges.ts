import type { Changes, DifferentRow } from '../validation/changes.ts';
import type { NamedColumn } from './columnNames.ts';
import type { Masker } from './masker.ts';
import { maskRow } from './maskRow.ts';

/** The rows that differ, as they may be kept. */
export function maskChanges(changes: Changes, masker: Masker, columns: readonly NamedColumn[]): Changes {
  const mask = (row: string): string => maskRow(row, masker, columns);
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
