/** The database as a validation sees it: read only, and everything at one moment (services/snapshot.ts). */
export interface Snapshots {
  /** Runs `work` in one transaction. An aborted signal ends on the server what it is waiting for. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>, limits: SnapshotLimits): Promise<T>;
}

export interface SnapshotLimits {
  readonly signal: AbortSignal;
  /** After which the server ends a statement. */
  readonly timeoutMs?: number;
}

export interface Snapshot {
  readonly signal: AbortSignal;
  /** The moment, as PostgreSQL names it (`pg_current_snapshot`). */
  readonly id: string;
  /** One statement. Where PostgreSQL refuses it, it rejects with `StatementFailed`, and the snapshot is as it was. */
  select<Row extends object>(sql: string, limits?: StatementLimits): Promise<readonly Row[]>;
  /** Why a query that a person or a model wrote must not run; undefined where it may. */
  refusal(query: string): string | undefined;
  /** Functions of the database's own that the query may call and that may do more than read. */
  ownFunctions(query: string): Promise<readonly string[]>;
  /** The same for queries of a model: as the role with fewer rights, where the connection names one. */
  readonly lowered?: Snapshot;
}

export interface StatementLimits {
  /** After which the server ends this statement; it rejects with `StatementFailed` then. The snapshot's own where it is left out. */
  readonly timeoutMs?: number;
}

/** PostgreSQL's own answer to a statement, other than that its connection or its time is over. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}

/** By name, for the class may stand in two bundles. */
export const isStatementFailed = (error: unknown): error is StatementFailed =>
  error instanceof Error && error.name === 'StatementFailed';
