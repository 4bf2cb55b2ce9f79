import type { PersonalKind } from '../personalData/kinds.ts';

/** What a table holds, at a glance. Values are data of somebody: text to be escaped, and masked where they are personal. */
export interface TableProfile {
  /** The planner's estimate, or the count where all rows were read. */
  readonly rows?: number;
  readonly basis: 'all rows' | 'sample' | 'statistics';
  readonly sampledRows: number;
  /** Why it is less than was asked for, in a sentence. */
  readonly note?: string;
  readonly columns: readonly ColumnProfile[];
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  /** Shares count from 0 to 1. Left out where nobody knows. */
  readonly nullShare?: number;
  readonly distinct?: number;
  readonly min?: string;
  readonly max?: string;
  readonly top: readonly { readonly value: string; readonly share: number }[];
  /** The shapes of texts: `A` and `a` for letters, `9` for digits, `+` for more of the same. */
  readonly patterns: readonly { readonly pattern: string; readonly share: number }[];
  readonly personal?: PersonalKind;
}

/** What PostgreSQL's own statistics say of a column. */
export interface ColumnStatistics {
  readonly nullShare: number;
  /** As pg_stats has it: a number, or a negative share of the rows. */
  readonly distinct: number;
  readonly common: readonly string[];
  readonly frequencies: readonly number[];
  readonly lowest?: string;
  readonly highest?: string;
}
