import type { Job } from './engine.ts';
import type { ResolvedSource } from '../compiler/resolved.ts';

/** What the catalogue says that the job will read; left out where it does not say it of every source, as for a view. */
export function estimateOf(sources: readonly ResolvedSource[]): Job['estimate'] {
  let [rows, bytes] = [0, 0];
  for (const { table } of sources) {
    if (table?.rowEstimate === undefined || table.sizeBytes === undefined) return undefined;
    rows += table.rowEstimate;
    bytes += table.sizeBytes;
  }
  return { rows, bytes };
}
