/** The steps that keep, order or relabel rows. */
import type { ResolvedStep } from '../resolved.ts';
import type { NamedExpression } from '../../spec/spec.ts';
import { identifier, identifiers } from './identifier.ts';
import { list, ordered, parenthesised, written, type Lines } from './select.ts';

export function filter({ step }: ResolvedStep<'filter'>): Lines {
  return ['select *', `from ${identifier(step.from)}`, `where ${written(step.where)}`];
}

export function derive({ step, inputs }: ResolvedStep<'derive'>): Lines {
  return [...withColumns(step.columns, inputs[0]?.columns ?? []), `from ${identifier(step.from)}`];
}

export function window({ step, inputs }: ResolvedStep<'window'>): Lines {
  return [...withColumns(step.columns, inputs[0]?.columns ?? []), `from ${identifier(step.from)}`];
}

/** The input's columns in their places, the new ones at the end. */
function withColumns(added: readonly NamedExpression[], input: readonly { readonly name: string }[]): Lines {
  const expressions = new Map(added.map(({ name, expr }) => [name, as(expr, name)]));
  const kept = input.some(({ name }) => expressions.has(name))
    ? input.map(({ name }) => expressions.get(name) ?? identifier(name))
    : ['*'];
  const places = new Set(input.map(({ name }) => name));
  return list('select', [
    ...kept,
    ...added.filter(({ name }) => !places.has(name)).map(({ name, expr }) => as(expr, name)),
  ]);
}

export function as(expression: string, name: string): string {
  const text = written(expression);
  return text === identifier(name) || isQualified(text, name) ? text : `${text} as ${identifier(name)}`;
}

/** `orders.amount` is called `amount` by itself. */
const isQualified = (text: string, name: string): boolean =>
  text.endsWith(`.${identifier(name)}`) && /^(\w+|"[^"]+")$/.test(text.slice(0, -identifier(name).length - 1));

export function select({ step }: ResolvedStep<'select'>): Lines {
  const columns = step.columns.map(({ name, expr }) => as(expr ?? identifier(name), name));
  return [...list('select', columns), `from ${identifier(step.from)}`];
}

export function rename({ step, inputs }: ResolvedStep<'rename'>): Lines {
  const names = new Map(step.columns.map(({ from, to }) => [from, to]));
  const columns = (inputs[0]?.columns ?? []).map(({ name }) => as(identifier(name), names.get(name) ?? name));
  return [...list('select', columns), `from ${identifier(step.from)}`];
}

export function sort({ step }: ResolvedStep<'sort'>): Lines {
  return ['select *', `from ${identifier(step.from)}`, `order by ${ordered(step.by)}`];
}

export function limit({ step }: ResolvedStep<'limit'>): Lines {
  return [
    'select *',
    `from ${identifier(step.from)}`,
    ...(step.by?.length ? [`order by ${ordered(step.by)}`] : []),
    ...(step.offset ? [`offset ${step.offset}`] : []),
    `limit ${step.count}`,
  ];
}

export const distinct = ({ step }: ResolvedStep<'distinct'>): Lines => [
  'select distinct *',
  `from ${identifier(step.from)}`,
];

export function dedupe({ step }: ResolvedStep<'dedupe'>): Lines {
  const order = ordered(step.order, step.keep === 'last');
  const keys = identifiers(step.keys);
  return [
    `select distinct on (${keys}) *`,
    `from ${identifier(step.from)}`,
    `order by ${[keys, order].filter((text) => text !== '').join(', ')}`,
  ];
}

export function aggregate({ step }: ResolvedStep<'aggregate'>): Lines {
  const by = step.by.map(({ name, expr }) => as(expr ?? identifier(name), name));
  const columns = step.columns.map(({ name, expr }) => as(expr, name));
  const plain = step.by.every(({ name, expr }) => expr === undefined || expr === identifier(name));
  // Expressions are grouped by their place, since a literal among them would be read as one.
  const keys = step.by.map(({ name }, index) => (plain ? identifier(name) : String(index + 1)));
  return [
    ...list('select', [...by, ...columns]),
    `from ${identifier(step.from)}`,
    ...(keys.length > 0 ? [`group by ${keys.join(', ')}`] : []),
  ];
}

export function union({ step, inputs }: ResolvedStep<'union'>): Lines {
  const names = (inputs[0]?.columns ?? []).map(({ name }) => name);
  const operator = step.all === false ? 'union' : 'union all';
  return step.inputs.flatMap((input, index) => [
    ...(index === 0 ? [] : [operator]),
    ...(step.byName === true ? list('select', names.map(identifier)) : ['select *']),
    `from ${identifier(input)}`,
  ]);
}

export const intersect = ({ step }: ResolvedStep<'intersect'>): Lines => setOperation('intersect', step);
export const except = ({ step }: ResolvedStep<'except'>): Lines => setOperation('except', step);

interface TwoInputs {
  readonly left: string;
  readonly right: string;
  readonly all?: boolean;
}

function setOperation(operator: string, { left, right, all }: TwoInputs): Lines {
  return [
    'select *',
    `from ${identifier(left)}`,
    all === true ? `${operator} all` : operator,
    'select *',
    `from ${identifier(right)}`,
  ];
}

export const condition = (parts: readonly string[], further: string | undefined): string =>
  [...parts, ...(further === undefined ? [] : [parts.length > 0 ? parenthesised(further) : written(further)])].join(
    ' and ',
  );
