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
  /** Of a text: by what PostgreSQL orders it, where that is not by bytes. */
  readonly collation?: string;
  /**
   * How Spark holds a `numeric` without precision: what `CompiledExpression.decimal` said of it where a step made it.
   * Left out for a table's own column, which is then taken for decimal(38, 18), as Spark's JDBC reader gives it: the
   * reader has to fail, not round, where a value does not fit.
   */
  readonly decimal?: Decimal;
}

/** A Spark decimal that holds a numeric. */
export interface Decimal {
  readonly precision: number;
  readonly scale: number;
  /** Whether PostgreSQL's own display scale is `scale` in every row, in every row that is not zero, or is not known. */
  readonly display: 'scale' | 'scaleOrZero' | 'open';
  /** PostgreSQL may have more digits than Spark holds of it: enough for any declared scale, too few to be shown as they are. */
  readonly shortened?: true;
}

/**
 * The run's one instant, in Spark SQL: the text stands wherever `now()` or `current_date` did, and nowhere else (a string
 * literal that holds it is escaped), so a compiler puts a TIMESTAMP in its place by plain text replacement.
 */
export const runInstant = ':run_instant';

/** Where an expression stands decides what it may hold: aggregates, window functions, one call that makes rows, or none. An `order` is a row's. */
export type Use = 'row' | 'aggregate' | 'window' | 'rows' | 'order';

export interface CompiledExpression {
  readonly type: PgType;
  readonly nullable: boolean;
  /** For a numeric without precision: hand it on to the scope of the steps that read this column. */
  readonly decimal?: Decimal;
  /** Of a text: by what PostgreSQL orders it, where that is not by bytes. */
  readonly collation?: string;
  /** Spark's own type of it, such as `decimal(12,2)`. */
  readonly sparkType: string;
  /** Spark SQL (under SESSION_CONF of python/datamorph_functions/) that gives PostgreSQL's own answer. */
  readonly spark: string;
  /** The columns that it reads. */
  readonly reads: readonly ScopeColumn[];
  readonly hasAggregate: boolean;
  readonly hasWindow: boolean;
  /** Names of the runtime's SQL functions (python/) that it calls, to be registered before use. */
  readonly runtimeFunctions: readonly string[];
  /** Whether `runInstant` stands in `spark`. */
  readonly usesRunInstant: boolean;
  /** It is a call such as `unnest(x)`, whose rows Spark holds as an array. */
  readonly makesRows?: true;
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
