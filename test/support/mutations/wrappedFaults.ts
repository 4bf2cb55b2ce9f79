/** Faults that a job adds behind a step, or between the last step and the target: rows lost or doubled, values damaged. */
import type { Step } from '../../../src/spec/spec.ts';
import { isExact, isNumeric, isOrderable, isText, isTimestamp, type TypedColumn } from './mutation.ts';

/** The faulty step, by its name and by what it reads. */
export type WrappedFault = readonly [family: string, make: (name: string, from: string) => Step];

export function wrappedFaults(columns: readonly TypedColumn[]): readonly WrappedFault[] {
  return [...rowFaults(columns), ...columns.flatMap(valueFaults), ...swapped(columns)];
}

function rowFaults(columns: readonly TypedColumn[]): readonly WrappedFault[] {
  const by = columns.filter(({ type }) => isOrderable(type)).map(({ name }) => ({ expr: quoted(name) }));
  const holed = columns.find(({ nullable }) => nullable);
  return [
    ['doubled rows', (name, from) => ({ name, kind: 'union', inputs: [from, from] })],
    ['distinct', (name, from) => ({ name, kind: 'distinct', from })],
    ...(by.length > 0
      ? [
          [
            'lost rows',
            (name, from) => ({ name, kind: 'limit', from, count: 1_000_000, offset: 1, by }),
          ] as WrappedFault,
        ]
      : []),
    ...(holed
      ? [['lost rows', (name, from) => ({ name, kind: 'filter', from, where: `${quoted(holed.name)} is not null` })] as WrappedFault] // prettier-ignore
      : []),
  ];
}

/** What a careless cast, default or clock does to one column. */
function valueFaults({ name: column, type, nullable }: TypedColumn): readonly WrappedFault[] {
  const value = quoted(column);
  const scale = Number(/^numeric\(\d+,(\d+)\)/.exec(type)?.[1] ?? 0);
  const derived = (family: string, expr: string): WrappedFault => [
    family,
    (name, from) => ({ name, kind: 'derive', from, columns: [{ name: column, expr }] }),
  ];
  return [
    ...(scale > 0
      ? [derived('truncated type', `trunc(${value}, ${scale - 1})`), derived('rounding', `round(${value})`)]
      : []),
    ...(isText(type) ? [derived('truncated type', `cast(left(${value}, 4) as ${type})`)] : []),
    ...(isTimestamp(type)
      ? [derived('truncated type', `date_trunc('day', ${value})`), derived('time zone', `${value} - interval '1 hour'`)]
      : []),
    ...(type === 'date' ? [derived('time zone', `${value} - 1`)] : []),
    ...(nullable && isNumeric(type) ? [derived('null handling', `coalesce(${value}, 0)`)] : []),
    ...(nullable && isText(type) ? [derived('null handling', `coalesce(${value}, '')`)] : []),
    ...(nullable && type === 'boolean' ? [derived('null handling', `coalesce(${value}, false)`)] : []),
    ...(isExact(type) && scale === 0 ? [derived('arithmetic', `${value} + 1`)] : []),
  ];
}

/** The first two columns of one type. */
function swapped(columns: readonly TypedColumn[]): readonly WrappedFault[] {
  for (const [at, one] of columns.entries()) {
    const other = columns.slice(at + 1).find(({ type }) => type === one.type);
    if (!other) continue;
    const exchanged = columns.map(({ name }) =>
      name === one.name
        ? { name, expr: quoted(other.name) }
        : name === other.name
          ? { name, expr: quoted(one.name) }
          : { name },
    );
    return [['swapped columns', (name, from) => ({ name, kind: 'select', from, columns: exchanged })]];
  }
  return [];
}

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
