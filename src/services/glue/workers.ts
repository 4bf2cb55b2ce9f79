import type { Job } from '../../agents/engine.ts';
import type { Workers } from './settings.ts';

const gibibyte = 2 ** 30;

/** What one worker of G.1X (4 processors, 16 GB) reads in a few minutes without spilling. */
const bytesPerWorker = 8 * gibibyte;
/** More connections at once than this are a burden to the database and no faster. */
const mostReaders = 9;

/**
 * The rule: one G.1X worker for the driver, and one for every 8 GiB that the catalogue says is read, at least one. Above 72
 * GiB (nine of them) twice as big workers, G.2X, by the same rule over 16 GiB, at most nine. Without an estimate: two
 * readers. So small data costs the two workers that Glue demands at least.
 */
export function workersFor(estimate: Job['estimate']): Workers {
  if (estimate === undefined) return { type: 'G.1X', count: 3 };
  const readers = Math.max(Math.ceil(estimate.bytes / bytesPerWorker), 1);
  if (readers <= mostReaders) return { type: 'G.1X', count: readers + 1 };
  return { type: 'G.2X', count: Math.min(Math.ceil(readers / 2), mostReaders) + 1 };
}
