/** The steps that turn rows into columns, columns into rows, or put values where there are none. */
import type { ResolvedStep } from '../resolved.ts';
import type { ExplodeStep, FillStep, OrderItem, PivotStep } from '../../spec/spec.ts';
import { identifier, identifiers, literal, qualified } from './identifier.ts';
import { filteredAggregate } from '../filteredAggregate.ts';
import { as } from './rows.ts';
import { freeName, indent, list, ordered, parenthesised, written, type Lines } from './select.ts';

export function pivot({ step }: ResolvedStep<'pivot'>): Lines {
  const cells = step.values.map((cell) => as(filteredAggregate(step.aggregate, isValue(step, cell.value)), cell.name));
  return [
    ...list('select', [...step.by.map(identifier), ...cells]),
    `from ${identifier(step.from)}`,
    ...(step.by.length > 0 ? [`group by ${identifiers(step.by)}`] : []),
  ];
}

function isValue({ column }: PivotStep, value: PivotStep['values'][number]['value']): string {
  const subject = parenthesised(column);
  if (value === null) return `${subject} is null`;
  return `${subject} = ${typeof value === 'string' ? literal(value) : String(value)}`;
}

export function unpivot({ step, inputs }: ResolvedStep<'unpivot'>): Lines {
  const turned = new Set(step.columns);
  const kept = (inputs[0]?.columns ?? []).filter(({ name }) => !turned.has(name));
  const cell = freeName('cell', [step.from]);
  const pairs = step.columns.map((name) => `(${literal(name)}, ${qualified(step.from, name)})`);
  return [
    ...list('select', [
      ...kept.map(({ name }) => qualified(step.from, name)),
      qualified(cell, step.nameColumn),
      qualified(cell, step.valueColumn),
    ]),
    `from ${identifier(step.from)}`,
    ...list('cross join lateral (values', pairs),
    `) as ${identifier(cell)} (${identifiers([step.nameColumn, step.valueColumn])})`,
    ...(step.keepNulls === true ? [] : [`where ${qualified(cell, step.valueColumn)} is not null`]),
  ];
}

export function explode({ step, columns, expressions }: ResolvedStep<'explode'>): Lines {
  const element = freeName('element', [step.from]);
  const made = [step.as, ...(step.position === undefined ? [] : [step.position])];
  const rows = `${rowsOf(step, expressions)}${step.position === undefined ? '' : ' with ordinality'} as ${identifier(element)} (${identifiers(made)})`;
  return [
    ...list(
      'select',
      columns.map(({ name }) => qualified(made.includes(name) ? element : step.from, name)),
    ),
    `from ${identifier(step.from)}`,
    step.keepEmpty === true ? `left join lateral ${rows} on true` : `cross join lateral ${rows}`,
  ];
}

function rowsOf({ expr }: ExplodeStep, expressions: ResolvedStep['expressions']): string {
  const given = expressions.get('expr');
  if (given?.makesRows) return written(expr);
  const makes = given?.type.kind === 'scalar' ? `${given.type.name}_array_elements` : 'unnest';
  return `${makes}(${written(expr)})`;
}

/**
 * A carried value: rows are numbered by how many values came so far, so that each run begins with the one value that it
 * carries.
 */
export function fill({ step, inputs }: ResolvedStep<'fill'>): Lines {
  const names = (inputs[0]?.columns ?? []).map(({ name }) => name);
  const carried = step.columns.flatMap((column) =>
    typeof column.with === 'string' ? [] : [{ name: column.name, carry: column.with.carry }],
  );
  const runs = new Map<string, string>();
  for (const { name } of carried) runs.set(name, freeName(`${name}_run`, [...names, ...runs.values()]));
  const filled = new Map(step.columns.map((column) => [column.name, filledColumn(step, column, runs)]));
  const columns = names.map((name) => filled.get(name) ?? identifier(name));
  if (carried.length === 0) return [...list('select', columns), `from ${identifier(step.from)}`];
  const counts = carried.map(({ name, carry }) => as(runCount(step, name, carry), runs.get(name) ?? name));
  return [
    ...list('select', columns),
    'from (',
    ...indent([...list('select', ['*', ...counts]), `from ${identifier(step.from)}`]),
    `) as ${identifier(step.from)}`,
  ];
}

function filledColumn(step: FillStep, column: FillStep['columns'][number], runs: ReadonlyMap<string, string>): string {
  const name = identifier(column.name);
  if (typeof column.with === 'string') return `coalesce(${name}, ${written(column.with)}) as ${name}`;
  const run = identifier(runs.get(column.name) ?? column.name);
  const parts = [...(step.partitionBy ?? []).map(identifier), run].join(', ');
  return `first_value(${name}) over (partition by ${parts} order by ${name} is null) as ${name}`;
}

function runCount(step: FillStep, name: string, carry: 'forward' | 'backward'): string {
  return `count(${identifier(name)}) over (${partition(step.partitionBy)}order by ${direction(step.orderBy, carry)} rows unbounded preceding)`;
}

const partition = (names: readonly string[] | undefined): string =>
  names?.length ? `partition by ${identifiers(names)} ` : '';

const direction = (order: readonly OrderItem[] | undefined, carry: 'forward' | 'backward'): string =>
  ordered(order ?? [], carry === 'backward');
