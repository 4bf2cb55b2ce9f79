/** One aggregate call while it is compiled, and the form of the table of aggregates. */
import { Refusal } from './refusal.ts';
import type { Sql } from './sparkSql.ts';
import type { CallSyntax } from './syntax.ts';
import { formatType, isFloat, isInteger, nameOf } from './types.ts';
import type { CompileValue, Context, Value } from './value.ts';

/** Its arguments, and how it is put round a Spark aggregate. */
export interface Aggregation {
  readonly syntax: CallSyntax;
  readonly args: readonly Value[];
  readonly context: Context;
  readonly compile: CompileValue;
  /** `filter` and `over` written after a Spark aggregate of these arguments. */
  readonly spark: (name: string, ...args: readonly Sql[]) => Sql;
}

export type Aggregated = Omit<Value, 'at'>;

export interface AggregateEntry {
  readonly name: string;
  readonly build: (aggregation: Aggregation) => Aggregated;
  readonly examples: readonly string[];
  /** Whether `over (...)` may follow. */
  readonly overWindow: boolean;
  /** Spark may report an error where PostgreSQL gives a value. */
  readonly stricter?: boolean;
  readonly note?: string;
}

/** Of an empty group every aggregate but count is NULL. */
export const nullable = true;

export function sole({ args, syntax }: Aggregation): Value {
  const [value] = args;
  if (value && args.length === 1 && syntax.order.length === 0) return value;
  throw new Refusal('no-such-signature', syntax.at, `${syntax.name} takes one argument, and no order.`);
}

export function numberOf(aggregation: Aggregation): Value {
  const value = sole(aggregation);
  if (isInteger(value.type) || isFloat(value.type) || nameOf(value.type) === 'numeric') return value;
  throw noAggregate(aggregation, value);
}

export const noAggregate = ({ syntax }: Aggregation, value: Value): Refusal =>
  new Refusal(
    'no-such-signature',
    value.at,
    `There is no ${syntax.name}(${formatType(value.type)}) that can be translated.`,
  );
