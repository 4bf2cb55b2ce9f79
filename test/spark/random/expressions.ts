/** Random expressions of a wanted kind, none of which can fail on any row. */
import type { Chance } from './chance.ts';
import type { Kind, Rows } from './generate.ts';

export function expression(kind: Kind, rows: Rows, chance: Chance, depth = 2): string {
  const columns = rows.columns.filter((column) => column.kind === kind).map(({ name }) => name);
  if (depth === 0 || chance.maybe(0.25)) {
    return columns.length > 0 && chance.maybe(0.8) ? chance.pick(columns) : literal(kind, chance);
  }
  const sub = (wanted: Kind): string => expression(wanted, rows, chance, depth - 1);
  const common = [
    () => `coalesce(${sub(kind)}, ${sub(kind)})`,
    () => `case when ${condition(rows, chance, undefined, depth - 1)} then ${sub(kind)} else ${sub(kind)} end`,
    () => `nullif(${sub(kind)}, ${literal(kind, chance)})`,
  ];
  return chance.pick([...common, ...own[kind](sub, chance)])();
}

type Sub = (kind: Kind) => string;

const own: Readonly<Record<Kind, (sub: Sub, chance: Chance) => readonly (() => string)[]>> = {
  integer: (sub, chance) => [
    () => `abs(${sub('integer')}) % ${chance.between(2, 9)}`,
    () => `(${sub('integer')}) / ${chance.between(2, 5)}`,
    () => `length(${sub('text')})`,
    () => `cast(extract(day from ${sub('date')}) as integer)`,
  ],
  bigint: (sub) => [() => `cast(${sub('integer')} as bigint)`],
  numeric: (sub, chance) => [
    () => `cast((${sub('numeric')}) + (${sub('numeric')}) as numeric(14,3))`,
    () => `cast((${sub('numeric')}) * ${chance.between(-3, 3)}.5 as numeric(14,3))`,
    () => `cast((${sub('numeric')}) / ${chance.between(2, 9)} as numeric(14,3))`,
    () => `round(${sub('numeric')}, ${chance.between(0, 2)})`,
    () => `abs(${sub('numeric')})`,
    () => `greatest(${sub('numeric')}, ${sub('numeric')})`,
  ],
  text: (sub, chance) => [
    () => `(${sub('text')}) || ${literal('text', chance)}`,
    () => `upper(${sub('text')})`,
    () => `substring(${sub('text')} from ${chance.between(1, 3)} for 2)`,
    () => `replace(${sub('text')}, 'a', 'ä')`,
    () => `trim(${sub('text')})`,
    () => `cast(${sub('integer')} as text)`,
  ],
  boolean: (sub) => [
    () => `(${sub('boolean')}) and (${sub('boolean')})`,
    () => `(${sub('boolean')}) or (${sub('boolean')})`,
    () => `not (${sub('boolean')})`,
    () => `(${sub('integer')}) < (${sub('integer')})`,
    () => `(${sub('text')}) is distinct from (${sub('text')})`,
    () => `(${sub('date')}) is null`,
  ],
  date: (sub, chance) => [
    () => `(${sub('date')}) + ${chance.between(-40, 40)}`,
    () => `cast(date_trunc('month', ${sub('timestamp')}) as date)`,
    () => `least(${sub('date')}, ${sub('date')})`,
  ],
  timestamp: (sub) => [
    () => `cast(${sub('date')} as timestamp)`,
    () => `date_trunc('hour', ${sub('timestamp')})`,
    () => `(${sub('timestamp')}) + interval '1 month'`,
  ],
};

const literals: Readonly<Record<Kind, readonly string[]>> = {
  integer: ['0', '1', '-7', '42'],
  bigint: ['cast(0 as bigint)', 'cast(5000000000 as bigint)'],
  numeric: ['0.5', '-12.25', '100.00'],
  text: ["''", "'a'", "'b '", "'Ä%_'"],
  boolean: ['true', 'false'],
  date: ["date '2026-01-31'", "date '2024-02-29'"],
  timestamp: ["timestamp '2026-03-29 02:30:00'"],
};

const literal = (kind: Kind, chance: Chance): string => chance.pick(literals[kind]);

/** A condition over the rows; its columns are qualified where a qualifier is given. */
export function condition(rows: Rows, chance: Chance, qualifier?: string, depth = 1): string {
  const column = chance.pick(rows.columns);
  const name = qualifier === undefined ? column.name : `${qualifier}.${column.name}`;
  const value = literal(column.kind, chance);
  const simple = [
    `${name} ${chance.pick(['=', '<>', '<', '>='])} ${value}`,
    `${name} is not null`,
    `${name} is not distinct from ${value}`,
    ...(column.kind === 'boolean'
      ? [name, `${name} is not true`]
      : [`${name} in (${value}, ${literal(column.kind, chance)})`]),
    ...(column.kind === 'text' ? [`${name} like '${chance.pick(['a%', '%b%', '_'])}'`] : []),
  ];
  const first = chance.pick(simple);
  if (depth === 0 || chance.maybe(0.5)) return chance.maybe(0.2) ? `not (${first})` : first;
  return `${first} ${chance.pick(['and', 'or'])} (${condition(rows, chance, qualifier, depth - 1)})`;
}
