/** The steps that turn rows into columns, columns into rows, or put values where there are none. */
import { literal } from '../reference/identifier.ts';
import { filteredAggregate } from '../filteredAggregate.ts';
import { impliedElements } from '../resolve/explode.ts';
import type { ResolvedStep } from '../resolved.ts';
import type { FillStep, PivotStep } from '../../spec/spec.ts';
import { columnAs, expr, sparkColumn, sparkName } from './columns.ts';
import { orderAt, rowsOf, textAt, type Context } from './context.ts';
import { call, dict, method, named, string, word, type Code } from './layout.ts';
import { names } from './rows.ts';

/** Aggregates with a FILTER, not `pivot`: a count over no rows has to be 0. */
export function pivot(resolved: ResolvedStep<'pivot'>, context: Context): Code {
  const { step } = resolved;
  const cells = step.values.map(({ value, name }) => {
    const text = context.translate(resolved, filteredAggregate(step.aggregate, isValue(step, value)));
    return columnAs(text, name);
  });
  const rows = rowsOf(context, step.from);
  if (step.by.length === 0) return method(rows, 'agg', ...cells);
  return method(method(rows, 'groupBy', ...step.by.map((name) => string(sparkName(name)))), 'agg', ...cells);
}

function isValue({ column }: PivotStep, value: PivotStep['values'][number]['value']): string {
  if (value === null) return `(${column}) is null`;
  return `(${column}) = ${typeof value === 'string' ? literal(value) : String(value)}`;
}

export function unpivot({ step, inputs }: ResolvedStep<'unpivot'>, context: Context): Code {
  const kept = (inputs[0]?.columns ?? []).map(({ name }) => name).filter((name) => !step.columns.includes(name));
  const rows = method(
    rowsOf(context, step.from),
    'unpivot',
    named('ids', names(kept)),
    named('values', names(step.columns)),
    named('variableColumnName', string(step.nameColumn)),
    named('valueColumnName', string(step.valueColumn)),
  );
  return step.keepNulls === true ? rows : method(rows, 'where', string(`${sparkColumn(step.valueColumn)} is not null`));
}

export function explode(resolved: ResolvedStep<'explode'>, context: Context): Code {
  const { step, inputs, columns } = resolved;
  const input = (inputs[0]?.columns ?? []).map(({ name }) => name);
  const outer = step.keepEmpty === true ? '_outer' : '';
  const rows = rowsOf(context, step.from);
  const elements = expr(textAt(resolved, resolved.expressions.has(impliedElements) ? impliedElements : 'expr'));
  const kept = input.filter(
    (name) => columns.some((column) => column.name === name) && name !== step.as && name !== step.position,
  );
  const passed = kept.length === input.length ? [string('*')] : kept.map((name) => string(sparkName(name)));
  if (step.position === undefined) {
    return method(rows, 'select', ...passed, method(call(`F.explode${outer}`, elements), 'alias', string(step.as)));
  }
  const both = method(call(`F.posexplode${outer}`, elements), 'alias', string(step.position), string(step.as));
  const exploded = method(rows, 'select', ...passed, both);
  const ordered = columns.map(({ name }) =>
    name === step.position
      ? method(expr(`cast(${sparkColumn(name)} + 1 as bigint)`), 'alias', string(name))
      : string(sparkName(name)),
  );
  return method(exploded, 'select', ...ordered);
}

export function fill(resolved: ResolvedStep<'fill'>, context: Context): Code {
  const { step } = resolved;
  const columns = step.columns.map((column, index) => [column.name, filled(resolved, column, index)] as const);
  return method(rowsOf(context, step.from), 'withColumns', dict(columns));
}

function filled(resolved: ResolvedStep<'fill'>, column: FillStep['columns'][number], index: number): Code {
  const name = sparkColumn(column.name);
  if (typeof column.with === 'string') return expr(`coalesce(${name}, ${textAt(resolved, `columns.${index}.with`)})`);
  const { step } = resolved;
  const backward = column.with.carry === 'backward';
  const order = orderAt(resolved, 'orderBy', step.orderBy ?? [], backward);
  const keys = (step.partitionBy ?? []).map((key) => string(sparkName(key)));
  const start =
    keys.length > 0
      ? method(method(word('Window'), 'partitionBy', ...keys), 'orderBy', ...order)
      : method(word('Window'), 'orderBy', ...order);
  const frame = method(start, 'rowsBetween', word('Window.unboundedPreceding'), word('Window.currentRow'));
  return method(call('F.last', string(sparkName(column.name)), named('ignorenulls', word('True'))), 'over', frame);
}
