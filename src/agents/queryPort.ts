/** Queries that people and models write, behind a gate (services/queryGate.ts): one SELECT, read only, bounded. */
export interface QueryGate {
  /** Rejects where the database fails or refuses; what the gate itself refuses is an answer. */
  readOnlyQuery(sql: string, limits?: QueryLimits): Promise<QueryAnswer>;
}

export interface QueryLimits {
  /** At most so many rows are read; 1000 where it is left out. */
  readonly maxRows?: number;
  /** After which the server ends the query; half a minute where it is left out. */
  readonly timeoutMs?: number;
  /** A role with fewer rights, which the connection's user is a member of. */
  readonly role?: string;
  readonly signal?: AbortSignal;
}

export type QueryAnswer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      /** Each value as PostgreSQL writes it. */
      readonly rows: readonly QueryRow[];
      /** Whether there would have been more. */
      readonly cut: boolean;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly position: number };

export type QueryRow = readonly (string | null)[];
