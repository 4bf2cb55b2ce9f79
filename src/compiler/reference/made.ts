/** The steps whose rows come from nowhere else: series, hierarchies, and what an engineer wrote whole. */
import type { ResolvedStep } from '../resolved.ts';
import { identifier, identifiers, literal, qualified } from './identifier.ts';
import { as } from './rows.ts';
import { freeName, indent, list, written, type Lines } from './select.ts';

export function series({ step, columns }: ResolvedStep<'series'>): Lines {
  const type = columns[0]?.type;
  const dates = type?.kind === 'scalar' && type.name === 'date';
  // Dates would go through the session's time zone, as PostgreSQL has no series of them but through timestamps.
  const bound = (text: string): string => (dates ? `cast(${written(text)} as timestamp)` : written(text));
  const step_ = step.step === undefined ? (isNumber(type) ? '1' : "interval '1 day'") : written(step.step);
  const name = identifier(step.as);
  return [
    `select ${dates ? `cast(${name} as date) as ${name}` : name}`,
    `from generate_series(${bound(step.start)}, ${bound(step.stop)}, ${step_}) as series (${name})`,
  ];
}

const isNumber = (type: ResolvedStep['columns'][number]['type'] | undefined): boolean =>
  type?.kind === 'scalar' && ['int2', 'int4', 'int8', 'numeric'].includes(type.name);

/** Beyond the greatest depth a cast fails on purpose, and its message says why. */
export function hierarchy({ step, inputs, columns }: ResolvedStep<'hierarchy'>): Lines {
  const input = inputs[0]?.columns.map(({ name }) => name) ?? [];
  const { from, separator = '/', maxDepth = 100 } = step;
  const taken = [...input, ...columns.map(({ name }) => name)];
  const level = step.level ?? freeName('level', taken);
  const path = step.path ?? freeName('path', taken);
  const root = step.root ?? freeName('root', taken);
  const tree = freeName('tree', [from]);
  const child = input.map((name) => qualified(from, name));
  const key = qualified(from, step.key);
  const tooDeep = `hierarchy ${step.name} is deeper than ${maxDepth} levels, a cycle? `;
  return [
    `with recursive ${identifier(tree)} as (`,
    ...indent([
      ...list('select', [...child, as('1', level), as(`cast(${key} as text)`, path), `${key} as ${identifier(root)}`]),
      `from ${identifier(from)}`,
      `where ${step.startWith === undefined ? `${qualified(from, step.parent)} is null` : written(step.startWith)}`,
      'union all',
      ...list('select', [
        ...child,
        `case when ${qualified(tree, level)} >= ${maxDepth} then cast(${literal(tooDeep)} || ${key} as integer) else ${qualified(tree, level)} + 1 end`,
        `${qualified(tree, path)} || ${literal(separator)} || cast(${key} as text)`,
        qualified(tree, root),
      ]),
      `from ${identifier(from)}`,
      `inner join ${identifier(tree)} on ${qualified(from, step.parent)} = ${qualified(tree, step.key)}`,
    ]),
    ')',
    `select ${identifiers(columns.map(({ name }) => name))}`,
    `from ${identifier(tree)}`,
  ];
}

export const sql = ({ step }: ResolvedStep<'sql'>): Lines => [withoutSemicolon(step.query)];

/** Empty where the engineer wrote no twin. */
export const python = ({ step }: ResolvedStep<'python'>): Lines =>
  step.sql === undefined ? [] : [withoutSemicolon(step.sql)];

const withoutSemicolon = (query: string): string => query.trim().replace(/;\s*$/, '');
