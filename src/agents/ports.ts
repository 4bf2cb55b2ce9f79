import type { Catalogue } from '../spec/catalogue.ts';
import type { RunState } from './runState.ts';

/** The database, as far as a run needs it. */
export interface Database {
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** One SELECT in a read-only transaction, at one snapshot; an aborted signal ends it on the server too. */
  select<Row extends object>(sql: string, signal: AbortSignal): Promise<readonly Row[]>;
}

/** Keeps what a run made, one file a name, and what became of the run. Each call returns when it is safely stored. */
export interface Journal {
  keep(name: string, text: string): Promise<void>;
  record(state: RunState): Promise<void>;
}
