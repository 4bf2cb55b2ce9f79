import { createHash } from 'node:crypto';

/** Texts by the hash of what they were made from. Never rejects: what cannot be read or kept is a word in the log, and made anew. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}

/** One key for one content, whatever the order of properties. */
export const contentKey = (parts: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(parts)))
    .digest('hex');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inside]) => inside !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inside]) => [key, sorted(inside)]);
}
