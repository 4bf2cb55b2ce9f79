import type { CompiledExpression } from '../expressions/contract.ts';
import type { ResolvedStep } from '../resolved.ts';
import type { PgType } from '../../spec/pgType.ts';
import type { OrderItem } from '../../spec/spec.ts';
import { orderColumn, sparkText } from './columns.ts';
import { word, type Code } from './layout.ts';

/** What a step's handler may ask for. */
export interface Context {
  /** The variable that holds the rows of a source or step. */
  variable(name: string): string;
  /** Whether anything behind a source or step reads the column. */
  isLive(name: string, column: string): boolean;
  /** Whether the rows of a source or step are few enough to be sent to every worker. */
  isSmall(name: string): boolean;
  /** The query of a `sql` step, with a mark where it reads an input. */
  readonly translateQuery: (step: ResolvedStep<'sql'>) => string;
  /** Spark's type for a column. */
  sparkType(type: PgType): string;
  /** Translates PostgreSQL text over the columns of the step's input, for what the resolver does not know beforehand. */
  readonly translate: (step: ResolvedStep, expression: string) => string;
}

export const rowsOf = (context: Context, name: string): Code => word(context.variable(name));

/** The Spark text of the expression at a path; the resolver has compiled it, or the spec is not compiled at all. */
export function textAt(resolved: ResolvedStep, path: string): string {
  const expression: CompiledExpression | undefined = resolved.expressions.get(path);
  if (!expression) throw new Error(`The expression ${path} of ${resolved.step.name} has not been compiled.`);
  return sparkText(expression);
}

export function orderAt(
  resolved: ResolvedStep,
  path: string,
  items: readonly OrderItem[],
  turned = false,
): readonly Code[] {
  return items.map((item, index) => orderColumn({ text: textAt(resolved, `${path}.${index}.expr`), item, turned }));
}
