/** An expression as it was written: PostgreSQL's parse tree, cut down to what the compiler reads. */
import type { Place } from './refusal.ts';

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly text: string }
  | { readonly kind: 'decimal'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

export interface TypeSyntax {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
  readonly at: Place;
}

export interface SortKey {
  readonly value: Syntax;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export type FrameBound =
  | { readonly kind: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly kind: 'preceding' | 'following'; readonly rows: Syntax };

export interface WindowSyntax {
  readonly partition: readonly Syntax[];
  readonly order: readonly SortKey[];
  /** Left out where PostgreSQL's default holds. */
  readonly frame?: { readonly mode: 'rows' | 'range' | 'groups'; readonly start: FrameBound; readonly end: FrameBound };
  readonly excludes: boolean;
  readonly at: Place;
}

export interface CallSyntax {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Syntax[];
  /** `count(*)` */
  readonly star: boolean;
  readonly distinct: boolean;
  /** `within group (order by ...)` rather than `(... order by ...)`. */
  readonly withinGroup: boolean;
  readonly order: readonly SortKey[];
  readonly filter?: Syntax;
  readonly over?: WindowSyntax;
  readonly at: Place;
}

export type Syntax =
  | { readonly kind: 'column'; readonly path: readonly string[]; readonly at: Place }
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: Place }
  | {
      readonly kind: 'operator';
      readonly name: string;
      readonly left?: Syntax;
      readonly right: Syntax;
      readonly at: Place;
    }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Syntax[]; readonly at: Place }
  | { readonly kind: 'not'; readonly item: Syntax; readonly at: Place }
  | { readonly kind: 'collate'; readonly item: Syntax; readonly collation: string; readonly at: Place }
  | { readonly kind: 'cast'; readonly item: Syntax; readonly type: TypeSyntax; readonly at: Place }
  | {
      readonly kind: 'case';
      readonly subject?: Syntax;
      readonly branches: readonly { readonly when: Syntax; readonly then: Syntax }[];
      readonly otherwise?: Syntax;
      readonly at: Place;
    }
  | { readonly kind: 'isNull'; readonly item: Syntax; readonly negated: boolean; readonly at: Place }
  | {
      readonly kind: 'isBoolean';
      readonly item: Syntax;
      readonly test: 'true' | 'false' | 'unknown';
      readonly negated: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'distinctFrom';
      readonly left: Syntax;
      readonly right: Syntax;
      readonly negated: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'in';
      readonly item: Syntax;
      readonly list: readonly Syntax[];
      readonly negated: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'between';
      readonly item: Syntax;
      readonly low: Syntax;
      readonly high: Syntax;
      readonly negated: boolean;
      readonly symmetric: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'like';
      readonly operator: 'like' | 'ilike' | 'similar to';
      readonly item: Syntax;
      readonly pattern: Syntax;
      readonly escape?: Syntax;
      readonly negated: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'quantified';
      readonly operator: string;
      readonly all: boolean;
      readonly item: Syntax;
      readonly array: Syntax;
      readonly at: Place;
    }
  | { readonly kind: 'array'; readonly items: readonly Syntax[]; readonly at: Place }
  | { readonly kind: 'subscript'; readonly array: Syntax; readonly index: Syntax; readonly at: Place }
  | { readonly kind: 'now'; readonly what: 'timestamptz' | 'timestamp' | 'date'; readonly at: Place }
  | CallSyntax;
