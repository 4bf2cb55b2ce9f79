/**
 * Spark orders text by bytes; PostgreSQL by a collation. Where a text whose collation is another one decides an order, the
 * two sides may differ, and the writer is told, with `collate "C"` as the way to one order on both.
 */
import type { PgType } from '../../spec/pgType.ts';
import { identifier } from '../reference/identifier.ts';
import type { ExpressionProblem, Scope } from './contract.ts';
import type { SortKey, Syntax } from './syntax.ts';
import { isText } from './types.ts';

type Of<Kind extends Syntax['kind']> = Extract<Syntax, { kind: Kind }>;

/** The walk over an expression, as far as it is needed here. */
interface Walk {
  readonly scope: Scope;
  readonly warnings: ExpressionProblem[];
}

/** What is known of the parts of an expression after they were compiled. */
export class Collations {
  private readonly known = new Map<Syntax, string>();

  /** Remembers by which collation a compiled part is ordered, and warns where the part itself is an order. */
  note(syntax: Syntax, { type }: { readonly type: PgType }, context: Walk): void {
    const collation = isTextual(type) ? this.derived(syntax, context) : undefined;
    if (collation !== undefined) this.known.set(syntax, collation);
    for (const part of ordered(syntax)) this.warn(part, context);
  }

  of(syntax: Syntax): string | undefined {
    return this.known.get(syntax);
  }

  warn(part: Syntax, context: Walk): void {
    const collation = this.of(part);
    if (collation === undefined) return;
    const { at } = part;
    const isPlain = part.kind === 'column';
    const fix = isPlain ? { title: 'Order by bytes', replacement: `${writtenPath(part)} collate "C"` } : undefined;
    context.warnings.push({
      code: 'text-order',
      severity: 'warning',
      message: `PostgreSQL orders this text by the collation ${collation}, Spark by bytes: add collate "C" to it.`,
      offset: at.offset,
      length: at.length,
      ...(fix && { fix }),
    });
  }

  private derived(syntax: Syntax, context: Walk): string | undefined {
    if (syntax.kind === 'collate') return undefined;
    if (syntax.kind === 'column') return collationOf(syntax, context);
    return sources(syntax)
      .map((part) => this.of(part))
      .find((collation) => collation !== undefined);
  }
}

const isTextual = (type: PgType): boolean => isText(type) || (type.kind === 'array' && isText(type.element));

function collationOf({ path }: Of<'column'>, { scope }: Walk): string | undefined {
  const qualifier = path.length > 1 ? path.at(-2) : undefined;
  return scope.columns.find(
    (column) => column.name === path.at(-1) && (qualifier === undefined || column.qualifier === qualifier),
  )?.collation;
}

/** The parts that hand their collation on. */
function sources(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'operator':
      return syntax.left ? [syntax.left, syntax.right] : [syntax.right];
    case 'cast':
      return [syntax.item];
    case 'case':
      return [...syntax.branches.map(({ then }) => then), ...(syntax.otherwise ? [syntax.otherwise] : [])];
    case 'array':
      return syntax.items;
    case 'subscript':
      return [syntax.array];
    case 'call':
      return [...syntax.args, ...(syntax.withinGroup ? keysOf(syntax.order) : [])];
    default:
      return [];
  }
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const comparing: ReadonlySet<string> = new Set(['min', 'max', 'greatest', 'least', 'width_bucket']);

/** The parts whose order decides the result. */
function ordered(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'operator':
      return comparisons.has(syntax.name) ? sources(syntax) : [];
    case 'quantified':
      return comparisons.has(syntax.operator) ? [syntax.item, syntax.array] : [];
    case 'between':
      return [syntax.item, syntax.low, syntax.high];
    case 'call':
      return [
        ...(comparing.has(syntax.name) ? syntax.args : []),
        ...keysOf(syntax.order),
        ...keysOf(syntax.over?.order ?? []),
      ];
    default:
      return [];
  }
}

const keysOf = (keys: readonly SortKey[]): readonly Syntax[] => keys.map(({ value }) => value);

const writtenPath = ({ path }: Of<'column'>): string => path.map(identifier).join('.');

/** Collations that order by bytes, as Spark does. */
export const byteCollations: ReadonlySet<string> = new Set([
  'C',
  'POSIX',
  'ucs_basic',
  'C.UTF-8',
  'C.utf8',
  'pg_c_utf8',
]);
