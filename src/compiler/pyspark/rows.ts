/** The steps that keep, order or relabel rows. */
import type { ResolvedStep } from '../resolved.ts';
import type { NamedExpression } from '../../spec/spec.ts';
import { columnAs, expr, sparkName, sqlString } from './columns.ts';
import { orderAt, rowsOf, textAt, type Context } from './context.ts';
import { call, dict, method, string, strings, word, type Code } from './layout.ts';
import { freeName } from '../reference/select.ts';

export const filter = (resolved: ResolvedStep<'filter'>, context: Context): Code =>
  method(rowsOf(context, resolved.step.from), 'where', sqlString(textAt(resolved, 'where')));

export const derive = (resolved: ResolvedStep<'derive'>, context: Context): Code =>
  withColumns(resolved, rowsOf(context, resolved.step.from), resolved.step.columns);

export const window = (resolved: ResolvedStep<'window'>, context: Context): Code =>
  withColumns(resolved, rowsOf(context, resolved.step.from), resolved.step.columns);

/** All at once, since the expressions see the input's columns only. */
function withColumns(resolved: ResolvedStep, rows: Code, columns: readonly NamedExpression[]): Code {
  const made = columns.map(({ name }, index) => [name, expr(textAt(resolved, `columns.${index}.expr`))] as const);
  const [only] = made;
  if (made.length === 1 && only) return method(rows, 'withColumn', string(only[0]), only[1]);
  return method(rows, 'withColumns', dict(made));
}

export const select = (resolved: ResolvedStep<'select'>, context: Context): Code =>
  method(rowsOf(context, resolved.step.from), 'select', ...outputs(resolved, 'columns', resolved.step.columns));

/** The columns at a path, each under its name. */
export function outputs(resolved: ResolvedStep, path: string, columns: readonly { readonly name: string }[]): Code[] {
  return columns.map(({ name }, index) => columnAs(textAt(resolved, `${path}.${index}.expr`), name));
}

export function rename({ step, inputs }: ResolvedStep<'rename'>, context: Context): Code {
  const rows = rowsOf(context, step.from);
  const old = new Set((inputs[0]?.columns ?? []).map(({ name }) => name));
  // Spark renames one after the other: names that change hands need a select.
  if (step.columns.some(({ to }) => old.has(to))) {
    const names = new Map(step.columns.map(({ from, to }) => [from, to]));
    return method(rows, 'select', ...[...old].map((name) => renamed(name, names.get(name) ?? name)));
  }
  const [only] = step.columns;
  return step.columns.length === 1 && only
    ? method(rows, 'withColumnRenamed', string(only.from), string(only.to))
    : method(rows, 'withColumnsRenamed', dict(step.columns.map(({ from, to }) => [from, string(to)])));
}

const renamed = (from: string, to: string): Code =>
  from === to ? string(sparkName(from)) : method(call('F.col', string(sparkName(from))), 'alias', string(to));

export const sort = (resolved: ResolvedStep<'sort'>, context: Context): Code =>
  method(rowsOf(context, resolved.step.from), 'orderBy', ...orderAt(resolved, 'by', resolved.step.by));

export function limit(resolved: ResolvedStep<'limit'>, context: Context): Code {
  const { step } = resolved;
  const by = orderAt(resolved, 'by', step.by ?? []);
  const rows = rowsOf(context, step.from);
  const sorted = by.length > 0 ? method(rows, 'orderBy', ...by) : rows;
  const moved = step.offset ? method(sorted, 'offset', word(String(step.offset))) : sorted;
  return method(moved, 'limit', word(String(step.count)));
}

export const distinct = ({ step }: ResolvedStep<'distinct'>, context: Context): Code =>
  method(rowsOf(context, step.from), 'distinct');

export function dedupe(resolved: ResolvedStep<'dedupe'>, context: Context): Code {
  const { step, columns } = resolved;
  const place = freeName(
    'place',
    columns.map(({ name }) => name),
  );
  const keys = step.keys.map((name) => string(sparkName(name)));
  const order = orderAt(resolved, 'order', step.order, step.keep === 'last');
  const ordered = method(method(word('Window'), 'partitionBy', ...keys), 'orderBy', ...order);
  const numbered = method(
    rowsOf(context, step.from),
    'withColumn',
    string(place),
    method(call('F.row_number'), 'over', ordered),
  );
  return method(method(numbered, 'where', string(`${place} = 1`)), 'drop', string(place));
}

export function aggregate(resolved: ResolvedStep<'aggregate'>, context: Context): Code {
  const { step } = resolved;
  const rows = rowsOf(context, step.from);
  const by = outputs(resolved, 'by', step.by);
  if (step.columns.length === 0) return method(method(rows, 'select', ...by), 'distinct');
  const columns = outputs(resolved, 'columns', step.columns);
  return step.by.length === 0
    ? method(rows, 'agg', ...columns)
    : method(method(rows, 'groupBy', ...by), 'agg', ...columns);
}

export function union({ step }: ResolvedStep<'union'>, context: Context): Code {
  const [first = '', ...others] = step.inputs;
  const together = others.reduce(
    (rows, input) => method(rows, step.byName === true ? 'unionByName' : 'union', rowsOf(context, input)),
    rowsOf(context, first),
  );
  return step.all === false ? method(together, 'distinct') : together;
}

export const intersect = ({ step }: ResolvedStep<'intersect'>, context: Context): Code =>
  method(rowsOf(context, step.left), step.all === true ? 'intersectAll' : 'intersect', rowsOf(context, step.right));

export const except = ({ step }: ResolvedStep<'except'>, context: Context): Code =>
  method(rowsOf(context, step.left), step.all === true ? 'exceptAll' : 'subtract', rowsOf(context, step.right));

export const names = (columns: readonly string[]): Code => strings(columns.map(sparkName));
