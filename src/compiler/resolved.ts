/** A spec whose names and types are known: what the two compilers work from. */
import type { CatalogueTable, TableName } from '../spec/catalogue.ts';
import type { PgType } from '../spec/pgType.ts';
import type { Problem } from '../spec/problem.ts';
import type { Source, Step, StepKind, Target, TargetColumn } from '../spec/spec.ts';
import type { CompiledExpression, Decimal } from './expressions/contract.ts';

export interface Column {
  readonly name: string;
  /** Never `unknown`: a bare literal has become text, as in PostgreSQL's own output columns. */
  readonly type: PgType;
  readonly nullable: boolean;
  /** Of a text: by what PostgreSQL orders it, where that is not by bytes. */
  readonly collation?: string;
  /** How Spark holds a numeric without precision; left out for a table's own column. */
  readonly decimal?: Decimal;
}

/** What is known of the rows of a source or a step. */
export interface Relation {
  readonly columns: readonly Column[];
  /** False where a mistake, or an undescribed `sql` step, leaves the columns open; nothing further is said about them. */
  readonly known: boolean;
  /** Column sets that no two rows share; an empty set says that there is one row at most. */
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly rowEstimate?: number;
}

export interface ResolvedSource extends Relation {
  readonly source: Source;
  readonly tableName: TableName;
  /** Left out where the catalogue does not hold it. */
  readonly table?: CatalogueTable;
}

/** An input as a step sees it. */
export interface ResolvedInput extends Relation {
  /** The source's or step's own name. */
  readonly name: string;
  /** What qualifies its columns inside the step's expressions: its name, or a join's `leftAs` / `rightAs`. */
  readonly qualifier: string;
}

export type ResolvedStep<Kind extends StepKind = StepKind> = ResolvedStepOf<Extract<Step, { kind: Kind }>>;

export interface ResolvedStepOf<S extends Step> extends Relation {
  readonly step: S;
  /** Its place in `spec.steps`. */
  readonly index: number;
  /** In the order of the step's own properties: `from`; `left`, `right`; or `inputs`. */
  readonly inputs: readonly ResolvedInput[];
  /**
   * By path within the step: `where`, `columns.0.expr`, `by.1.expr`, `order.0.expr`, `orderBy.0.expr`, `columns.0.with`,
   * `aggregate`, `column`, `expr`, `start`, `stop`, `step`, `startWith`. An output column without `expr` (select, join,
   * aggregate's `by`) has its compiled column reference under `columns.N.expr` or `by.N.expr` all the same,
   * and a join without `columns` has one for each of its output columns.
   */
  readonly expressions: ReadonlyMap<string, CompiledExpression>;
}

export interface ResolvedTargetColumn extends TargetColumn {
  readonly pgType: PgType;
  /** What `from` gives under this name; left out where it gives nothing. */
  readonly given?: Column;
}

export interface ResolvedTarget {
  readonly target: Target;
  readonly tableName: TableName;
  /** Left out where the table is still to be made. */
  readonly table?: CatalogueTable;
  readonly from: Relation;
  readonly columns: readonly ResolvedTargetColumn[];
}

export interface ResolvedSpec {
  /** In the document's order. */
  readonly sources: readonly ResolvedSource[];
  /** In topological order: each step stands after all that it reads. */
  readonly steps: readonly ResolvedStep[];
  readonly target: ResolvedTarget;
  readonly problems: readonly Problem[];
}
