/** What stands in the way without being anybody's code: it is never mended by changing code. */
import type { Outcome } from '../run/events.ts';

export type Trouble = 'memory' | 'timeout' | 'engine' | 'connection' | 'busy' | 'disk' | 'rights';

/** Undefined where the environment is not to blame. */
export function environmentOf({ result }: Outcome): Trouble | undefined {
  if (result.kind !== 'failed') return undefined;
  const { reason, message } = result;
  if (reason === 'memory' || reason === 'timeout' || reason === 'engine' || reason === 'connection') return reason;
  return signs.find(({ pattern }) => pattern.test(message))?.trouble;
}

/** As PostgreSQL, its driver and our own publication write it. */
const signs: readonly { readonly trouble: Trouble; readonly pattern: RegExp }[] = [
  {
    trouble: 'busy',
    pattern: /could not serialize access|deadlock detected|due to lock timeout|could not obtain lock/i,
  },
  { trouble: 'timeout', pattern: /due to statement timeout|due to idle-in-transaction/i },
  {
    trouble: 'connection',
    pattern:
      /terminating connection|the database system is|too many (clients|connections)|connection (was )?(refused|reset|lost|closed)|server closed the connection|I\/O error occurred while sending/i,
  },
  { trouble: 'rights', pattern: /permission denied|must be owner of|lacks a right/i },
  { trouble: 'disk', pattern: /no space left|could not extend file|disk full/i },
  // Rows that were staged and are gone: the server went down in between.
  { trouble: 'engine', pattern: /nothing is staged|rows are staged, \S+ expected/i },
];

export interface TroubleWords {
  readonly is: string;
  /** What to do where another try did not help, or would not. */
  readonly wayOut: string;
  /** It does not pass by itself. */
  readonly stays?: true;
}

export const troubles: Readonly<Record<Trouble, TroubleWords>> = {
  rights: {
    is: 'A right is missing in the database',
    wayOut: 'Ask for it, or let the job connect as another user.',
    stays: true,
  },
  memory: {
    is: 'The engine ran out of memory',
    wayOut: 'Give the job more memory, or read fewer columns and filter earlier in the spec.',
  },
  timeout: { is: 'The work took longer than it may', wayOut: 'Allow more time, or read less.' },
  engine: {
    is: 'The engine, or what it had staged, was lost',
    wayOut: 'See what its log says, and run the same spec again when it is there.',
  },
  connection: {
    is: 'The database could not be reached, or the connection was lost',
    wayOut: 'See whether the engine reaches the database, and run the same spec again.',
  },
  busy: {
    is: 'Somebody else was writing to the same rows',
    wayOut: 'Run it again when the other work has come to its end.',
  },
  disk: { is: 'A disk is full', wayOut: 'Make room, and run the same spec again.' },
};
