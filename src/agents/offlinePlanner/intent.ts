/** What a prompt asks for, before it is known which columns it means. */
import type { CodeValue } from './valueLists.ts';
import type { ColumnRef, NameRef } from './names.ts';

export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type Expr =
  | { readonly kind: 'column'; readonly name: NameRef }
  | { readonly kind: 'number'; readonly sql: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'binary'; readonly operator: '+' | '-' | '*' | '/'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
  | { readonly kind: 'call'; readonly name: Call; readonly args: readonly Expr[] }
  | { readonly kind: 'part'; readonly unit: Unit; readonly of: Expr }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Condition; readonly then: Expr }[];
      readonly otherwise?: Expr;
    };

export type Call = 'upper' | 'lower' | 'trim' | 'initcap' | 'length' | 'abs' | 'round' | 'coalesce' | 'floor' | 'ceil';

/** A column's value that a comment explains, or what a yes-or-no column says. */
export interface Trait {
  readonly text: string;
  readonly offset: number;
  /** Where several columns explain the same word, the words beside it decide, or a question. */
  readonly readings: readonly (ColumnRef & { readonly value: CodeValue | boolean })[];
}

/** From a day until before a day; or days counted from today. */
export type Period =
  | { readonly kind: 'fixed'; readonly from?: string; readonly until?: string }
  /** SQL of two days over `current_date`. */
  | { readonly kind: 'moving'; readonly from?: string; readonly until?: string };

export type Condition =
  | { readonly kind: 'compare'; readonly left: Expr; readonly operator: Operator; readonly right: Expr }
  | { readonly kind: 'between'; readonly of: Expr; readonly low: Expr; readonly high: Expr; readonly negated: boolean }
  | { readonly kind: 'in'; readonly of: Expr; readonly values: readonly Expr[]; readonly negated: boolean }
  | {
      readonly kind: 'like';
      readonly of: Expr;
      readonly pattern: string;
      readonly fold: boolean;
      readonly negated: boolean;
    }
  | { readonly kind: 'null'; readonly of: NameRef; readonly negated: boolean }
  | { readonly kind: 'blank'; readonly of: NameRef; readonly negated: boolean }
  | { readonly kind: 'trait'; readonly traits: readonly Trait[]; readonly of?: NameRef; readonly negated: boolean }
  | {
      readonly kind: 'period';
      readonly of?: NameRef;
      readonly table?: NameRef;
      readonly period: Period;
      readonly text: string;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

/** Some rows of a table: `paid orders since 2024`. */
export interface Rows {
  readonly table: NameRef;
  readonly conditions: readonly Condition[];
}

export type Aggregate = 'sum' | 'avg' | 'min' | 'max' | 'count';

export interface Measure {
  readonly text: string;
  readonly offset: number;
  readonly aggregate: Aggregate;
  readonly distinct: boolean;
  /** Left out where rows are counted. */
  readonly of?: Expr;
  /** What `total amount` calls itself where that is a column's whole name. */
  readonly whole?: NameRef;
  readonly rows?: Rows;
  readonly digits?: number;
  readonly name?: string;
}

export type Key =
  | { readonly kind: 'name'; readonly name: NameRef; readonly alias?: string }
  | {
      readonly kind: 'unit';
      readonly unit: Unit;
      readonly of?: NameRef;
      readonly text: string;
      readonly offset: number;
      readonly alias?: string;
    };

export interface Having {
  readonly measure: Measure;
  readonly operator: Operator;
  readonly value: Expr;
  /** The word was “having”, which speaks of groups. */
  readonly said: boolean;
}

export interface Item {
  readonly expr: Expr;
  readonly name?: string;
}

export interface Order {
  readonly by:
    | { readonly kind: 'name'; readonly name: NameRef }
    | { readonly kind: 'measure'; readonly measure: Measure }
    | { readonly kind: 'own'; readonly name: string };
  readonly direction: 'asc' | 'desc';
}

export interface Existence {
  readonly rows: Rows;
  readonly negated: boolean;
  readonly count?: { readonly operator: Operator; readonly value: number };
  readonly text: string;
  readonly offset: number;
}

export interface JoinClause {
  readonly rows: readonly Rows[];
  readonly how: 'inner' | 'left' | 'full';
  readonly on?: readonly { readonly left: NameRef; readonly right: NameRef }[];
  readonly offset: number;
  readonly text: string;
}

export interface Pick {
  readonly kind: 'top' | 'latest' | 'dedupe';
  readonly text: string;
  readonly offset: number;
  readonly rows?: Rows;
  readonly count: number;
  readonly by?: Order['by'];
  /** Of `latest` and `top`: which end comes first. */
  readonly direction: 'asc' | 'desc';
  readonly per: readonly NameRef[];
}

export type WindowKind = 'running' | 'rank' | 'row number' | 'previous' | 'next' | 'share' | 'moving';

export interface WindowClause {
  readonly kind: WindowKind;
  readonly text: string;
  readonly offset: number;
  /** What is ranked. */
  readonly table?: NameRef;
  /** Left out where the one measure is meant. */
  readonly of?: NameRef;
  readonly per: readonly NameRef[];
  readonly order?: NameRef;
  readonly direction: 'asc' | 'desc';
  readonly rows?: number;
  readonly name?: string;
}

export interface Pivot {
  readonly column: NameRef;
  readonly values?: readonly string[];
  readonly text: string;
  readonly offset: number;
}

export interface Union {
  readonly tables: readonly NameRef[];
  readonly all: boolean;
  readonly said: boolean;
}

export interface Target {
  readonly table?: string;
  readonly mode?: 'replace' | 'append' | 'upsert' | 'history';
  readonly keys?: readonly NameRef[];
}

/** A clause of the prompt, in its order. */
export type Clause = { readonly offset: number } & (
  | { readonly kind: 'subject'; readonly rows: Rows }
  | { readonly kind: 'join'; readonly join: JoinClause }
  | { readonly kind: 'keepAll'; readonly kept: NameRef; readonly other?: NameRef }
  | { readonly kind: 'filter'; readonly condition: Condition; readonly text: string }
  | { readonly kind: 'exclude'; readonly rows: Rows }
  | { readonly kind: 'exists'; readonly existence: Existence }
  | { readonly kind: 'measures'; readonly measures: readonly Measure[] }
  | { readonly kind: 'keys'; readonly keys: readonly Key[] }
  | { readonly kind: 'having'; readonly having: Having }
  | { readonly kind: 'columns'; readonly items: readonly Item[]; readonly only: boolean }
  | { readonly kind: 'omit'; readonly columns: readonly NameRef[] }
  | { readonly kind: 'derive'; readonly name: string; readonly expr: Expr }
  | { readonly kind: 'change'; readonly column: NameRef; readonly make: (column: Expr) => Expr }
  | { readonly kind: 'pick'; readonly pick: Pick }
  | { readonly kind: 'window'; readonly window: WindowClause }
  | { readonly kind: 'pivot'; readonly pivot: Pivot }
  | { readonly kind: 'union'; readonly union: Union }
  | { readonly kind: 'order'; readonly by: readonly Order[] }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'distinct' }
  | { readonly kind: 'rename'; readonly from: NameRef; readonly to: string }
  | { readonly kind: 'target'; readonly target: Target }
);

export type ClauseOf<Kind extends Clause['kind']> = Extract<Clause, { kind: Kind }>;
