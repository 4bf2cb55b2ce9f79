/**
 * The spec language, as plain readonly data: what a `*.datamorph.json` document holds once it has been read.
 * A spec is a DAG of named steps over named sources, ending in one target. Expressions are PostgreSQL SQL.
 */
export const specVersion = 1;

/** A PostgreSQL expression, as the engineer wrote it. */
export type Expression = string;

export interface Spec {
  /** Where the editor finds the JSON Schema of the document; no meaning of its own. */
  readonly $schema?: string;
  readonly version: typeof specVersion;
  readonly name: string;
  /** The sentence that this spec answers. */
  readonly prompt?: string;
  /** Ambiguous choices that the writer of the spec made, shown to the engineer before anything runs. */
  readonly assumptions?: readonly string[];
  readonly sources: readonly Source[];
  readonly steps: readonly Step[];
  readonly target: Target;
  readonly checks?: readonly Check[];
}

export interface Source {
  readonly name: string;
  /** The named connection; the workspace's default where it is left out. */
  readonly connection?: string;
  /** `table` or `schema.table`; a part that needs it is double-quoted, as in SQL. */
  readonly table: string;
  /** Read these columns only; all of them where it is left out. */
  readonly columns?: readonly string[];
  readonly incremental?: Incremental;
  /** What the table was like when the spec was written (tableFingerprint.ts), so that a change since then is told. */
  readonly fingerprint?: string;
}

/** Reads only the rows whose watermark column lies above the mark of the last finished run. */
export interface Incremental {
  readonly watermark: string;
  /** The mark of the first run, as a PostgreSQL literal; everything is read where it is left out. */
  readonly initial?: string;
  /** Rows that may arrive late: an interval that is read again below the mark. */
  readonly lateness?: string;
}

export interface NamedExpression {
  readonly name: string;
  readonly expr: Expression;
}

/** A column that passes through under its own name where `expr` is left out. */
export interface OutputColumn {
  readonly name: string;
  readonly expr?: Expression;
}

export interface OrderItem {
  readonly expr: Expression;
  readonly direction?: 'asc' | 'desc';
  /** PostgreSQL's own rule where it is left out: last when ascending, first when descending. */
  readonly nulls?: 'first' | 'last';
}

interface StepBase<Kind extends string> {
  readonly name: string;
  readonly kind: Kind;
  /** A sentence for the reader; it becomes the comment above the step in the PySpark. */
  readonly note?: string;
}

export interface FilterStep extends StepBase<'filter'> {
  readonly from: string;
  readonly where: Expression;
}

/** Adds columns, or replaces those of the same name; the others pass through. Expressions see the input's columns only. */
export interface DeriveStep extends StepBase<'derive'> {
  readonly from: string;
  readonly columns: readonly NamedExpression[];
}

/** Exactly these columns, in this order. */
export interface SelectStep extends StepBase<'select'> {
  readonly from: string;
  readonly columns: readonly OutputColumn[];
}

export interface RenameStep extends StepBase<'rename'> {
  readonly from: string;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
}

export type JoinHow = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross' | 'asof';

/**
 * Output columns, where `columns` is left out: all of the left, then all of the right. A key of the same name on both
 * sides stands once (as USING does); any other name that stands on both sides is a problem to be solved by `columns`.
 * Inside `where` and `columns` a column is qualified by its input's name, or by `leftAs` / `rightAs`.
 */
export interface JoinStep extends StepBase<'join'> {
  readonly left: string;
  readonly right: string;
  readonly how: JoinHow;
  readonly leftAs?: string;
  readonly rightAs?: string;
  readonly on?: readonly { readonly left: string; readonly right: string }[];
  /** Keys match by `is not distinct from` instead of `=`. */
  readonly nullSafe?: boolean;
  /** A further condition of the join. */
  readonly where?: Expression;
  /** For `asof`: the nearest right row at or before (`backward`) or at or after (`forward`) the left one. */
  readonly asof?: { readonly left: string; readonly right: string; readonly direction?: 'backward' | 'forward' };
  readonly columns?: readonly OutputColumn[];
}

/** One row a group; one row in all where `by` is empty. */
export interface AggregateStep extends StepBase<'aggregate'> {
  readonly from: string;
  readonly by: readonly OutputColumn[];
  readonly columns: readonly NamedExpression[];
}

/** Adds columns whose expressions hold window functions (`... over (...)`). */
export interface WindowStep extends StepBase<'window'> {
  readonly from: string;
  readonly columns: readonly NamedExpression[];
}

export interface SortStep extends StepBase<'sort'> {
  readonly from: string;
  readonly by: readonly OrderItem[];
}

/** The first `count` rows in the order of `by`; without a total order the check warns. */
export interface LimitStep extends StepBase<'limit'> {
  readonly from: string;
  readonly count: number;
  readonly offset?: number;
  readonly by?: readonly OrderItem[];
}

export interface DistinctStep extends StepBase<'distinct'> {
  readonly from: string;
}

/** One row a key: the first or last in the given order. */
export interface DedupeStep extends StepBase<'dedupe'> {
  readonly from: string;
  readonly keys: readonly string[];
  readonly order: readonly OrderItem[];
  readonly keep?: 'first' | 'last';
}

/** Columns go by position, as in SQL, or by name where `byName` is true. */
export interface UnionStep extends StepBase<'union'> {
  readonly inputs: readonly string[];
  /** Keeps duplicates; the default. */
  readonly all?: boolean;
  readonly byName?: boolean;
}

export interface IntersectStep extends StepBase<'intersect'> {
  readonly left: string;
  readonly right: string;
  readonly all?: boolean;
}

export interface ExceptStep extends StepBase<'except'> {
  readonly left: string;
  readonly right: string;
  readonly all?: boolean;
}

/** One row a group of `by`; one column for each value of `column`, holding `aggregate` over the rows that have it. */
export interface PivotStep extends StepBase<'pivot'> {
  readonly from: string;
  readonly by: readonly string[];
  readonly column: Expression;
  readonly values: readonly { readonly value: string | number | boolean | null; readonly name: string }[];
  readonly aggregate: Expression;
}

/** One row for each of `columns`: its name in `nameColumn`, its value in `valueColumn`. */
export interface UnpivotStep extends StepBase<'unpivot'> {
  readonly from: string;
  readonly columns: readonly string[];
  readonly nameColumn: string;
  readonly valueColumn: string;
  readonly keepNulls?: boolean;
}

/** One row for each element of an array or of a JSON array. */
export interface ExplodeStep extends StepBase<'explode'> {
  readonly from: string;
  readonly expr: Expression;
  readonly as: string;
  /** A column for the element's position, from 1. */
  readonly position?: string;
  /** Keeps the rows whose array is NULL or empty. */
  readonly keepEmpty?: boolean;
}

/** Puts a value where a column is NULL: an expression, or the last known value in an order. */
export interface FillStep extends StepBase<'fill'> {
  readonly from: string;
  readonly columns: readonly {
    readonly name: string;
    readonly with: Expression | { readonly carry: 'forward' | 'backward' };
  }[];
  readonly partitionBy?: readonly string[];
  readonly orderBy?: readonly OrderItem[];
}

/** Numbers or dates from `start` to `stop`, both included. */
export interface SeriesStep extends StepBase<'series'> {
  readonly start: Expression;
  readonly stop: Expression;
  readonly step?: Expression;
  readonly as: string;
}

/**
 * Walks parent to child from the roots (rows whose parent is NULL, or `startWith`) and keeps the rows it reaches.
 * Adds level (from 1), path (keys from the root down) and root (the root's key), each only where its column is named.
 */
export interface HierarchyStep extends StepBase<'hierarchy'> {
  readonly from: string;
  readonly key: string;
  readonly parent: string;
  readonly startWith?: Expression;
  readonly level?: string;
  readonly path?: string;
  readonly root?: string;
  readonly separator?: string;
  /** Depth at which a cycle is taken for granted and reported; 100 where it is left out. */
  readonly maxDepth?: number;
}

/** One SELECT over earlier steps and sources, named as tables. */
export interface SqlStep extends StepBase<'sql'> {
  readonly inputs: readonly string[];
  readonly query: string;
}

/** A PySpark function from data frames to a data frame, for what the other steps cannot say. */
export interface PythonStep extends StepBase<'python'> {
  readonly inputs: readonly string[];
  /** The source of one function, `def NAME(input, ...):`, that takes the inputs in their order. */
  readonly code: string;
  readonly columns: readonly ColumnType[];
  /** The same in SQL, written separately, so that the reference stays whole. */
  readonly sql?: string;
}

export type Step =
  | FilterStep
  | DeriveStep
  | SelectStep
  | RenameStep
  | JoinStep
  | AggregateStep
  | WindowStep
  | SortStep
  | LimitStep
  | DistinctStep
  | DedupeStep
  | UnionStep
  | IntersectStep
  | ExceptStep
  | PivotStep
  | UnpivotStep
  | ExplodeStep
  | FillStep
  | SeriesStep
  | HierarchyStep
  | SqlStep
  | PythonStep;

export type StepKind = Step['kind'];

export interface ColumnType {
  readonly name: string;
  /** A PostgreSQL type as `format_type` writes it: `numeric(12,2)`, `text[]`, `timestamp with time zone`. */
  readonly type: string;
}

export interface TargetColumn extends ColumnType {
  readonly nullable?: boolean;
}

export type TargetMode = 'replace' | 'append' | 'upsert' | 'history';

export interface Target {
  readonly connection?: string;
  readonly table: string;
  /** The source or step whose rows are written. */
  readonly from: string;
  readonly mode: TargetMode;
  /** What makes a row the same row: needed by `upsert` and `history`. */
  readonly keys?: readonly string[];
  readonly columns: readonly TargetColumn[];
  /** For `history`: the names of the columns that say from when until when a version was true. */
  readonly history?: { readonly validFrom: string; readonly validTo: string; readonly current?: string };
}

interface CheckBase<Kind extends string> {
  readonly kind: Kind;
  readonly name?: string;
  readonly severity?: 'error' | 'warning';
}

export type Check =
  | (CheckBase<'notNull'> & { readonly column: string })
  | (CheckBase<'unique'> & { readonly columns: readonly string[] })
  | (CheckBase<'accepted'> & { readonly column: string; readonly values: readonly (string | number | boolean)[] })
  | (CheckBase<'range'> & { readonly column: string; readonly min?: string | number; readonly max?: string | number })
  | (CheckBase<'references'> & {
      readonly columns: readonly string[];
      readonly table: string;
      readonly tableColumns: readonly string[];
    })
  | (CheckBase<'rowCount'> & { readonly min?: number; readonly max?: number })
  /** A SELECT that returns the rows that break the rule; the target is called `target`. */
  | (CheckBase<'sql'> & { readonly query: string });

export type CheckKind = Check['kind'];
