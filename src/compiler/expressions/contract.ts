import type { PgType } from '../../spec/pgType.ts';

/** PostgreSQL's own grammar, handed in by the composition root: an adapter over libpg-query implements it. */
export interface SqlParser {
  /** The parse tree of `parse_json`, or where and why the text does not parse. */
  parse(sql: string): { readonly tree: unknown } | { readonly error: string; readonly position: number };
}

/** What an expression may name. */
export interface Scope {
  readonly columns: readonly ScopeColumn[];
}

export interface ScopeColumn {
  /** The input's name, where a column may be qualified by it. */
  readonly qualifier?: string;
  readonly name: string;
  readonly type: PgType;
  readonly nullable: boolean;
}

/** Where an expression stands decides what it may hold: aggregates, window functions, or neither. */
export type Use = 'row' | 'aggregate' | 'window';

export interface CompiledExpression {
  readonly type: PgType;
  readonly nullable: boolean;
  /** Spark SQL (ANSI mode, session zone UTC) that gives PostgreSQL's own answer. */
  readonly spark: string;
  /** The columns that it reads. */
  readonly reads: readonly ScopeColumn[];
  readonly hasAggregate: boolean;
  readonly hasWindow: boolean;
  /** Names of the runtime's SQL functions (python/) that it calls, to be registered before use. */
  readonly runtimeFunctions: readonly string[];
}

/** A mistake inside an expression; positions count UTF-16 units from the expression's first character. */
export interface ExpressionProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  readonly fix?: { readonly title: string; readonly replacement: string };
}

/** `expression` is left out when a problem is an error. */
export interface ExpressionResult {
  readonly expression?: CompiledExpression;
  readonly problems: readonly ExpressionProblem[];
}
