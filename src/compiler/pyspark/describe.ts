import type { Step, StepKind } from '../../spec/spec.ts';

/** A sentence about a step that has no note of its own. */
export function describe(step: Step): string {
  const handler = sentences[step.kind] as (step: Step) => string;
  return handler(step);
}

const and = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
const named = (columns: readonly { readonly name: string }[]): string => and(columns.map(({ name }) => name));

const sentences = {
  filter: ({ from, where }) => `the rows of ${from} where ${where}`,
  derive: ({ from, columns }) => `${from} with ${named(columns)} worked out`,
  select: ({ from }) => `the columns of ${from} that are needed`,
  rename: ({ from, columns }) => `${from} with ${and(columns.map((column) => `${column.from} called ${column.to}`))}`,
  join: ({ left, right, how, on = [] }) => {
    const keys =
      on.length > 0
        ? ` on ${and(on.map((key) => (key.left === key.right ? key.left : `${key.left} = ${key.right}`)))}`
        : '';
    return `${joinWords[how](left, right)}${keys}`;
  },
  aggregate: ({ from, by, columns }) =>
    by.length > 0
      ? `${named(columns) || 'one row'} for each ${named(by)} of ${from}`
      : `${named(columns)} over all of ${from}`,
  window: ({ from, columns }) => `${from} with ${named(columns)} from the rows around`,
  sort: ({ from, by }) => `${from} ordered by ${and(by.map(({ expr }) => expr))}`,
  limit: ({ from, count }) => `the first ${count} rows of ${from}`,
  distinct: ({ from }) => `${from} without repeated rows`,
  dedupe: ({ from, keys, keep }) => `the ${keep ?? 'first'} row of ${from} for each ${and(keys)}`,
  union: ({ inputs, all }) => `the rows of ${and(inputs)}${all === false ? ', without repeated ones' : ''}`,
  intersect: ({ left, right }) => `the rows that ${left} shares with ${right}`,
  except: ({ left, right }) => `the rows of ${left} that ${right} does not have`,
  pivot: ({ from, values }) => `${from} with a column each for ${named(values)}`,
  unpivot: ({ from, columns }) => `${from} with a row each for ${and(columns)}`,
  explode: ({ from, as }) => `${from} with a row for each ${as}`,
  fill: ({ from, columns }) => `${from} with the gaps in ${named(columns)} filled`,
  series: ({ start, stop }) => `every value from ${start} to ${stop}`,
  hierarchy: ({ from, key, parent }) => `${from} walked from the roots down, ${parent} to ${key}`,
  sql: ({ inputs }) => `a query over ${and(inputs)}`,
  python: ({ inputs }) => `written by hand, over ${and(inputs)}`,
} satisfies { readonly [Kind in StepKind]: (step: Extract<Step, { kind: Kind }>) => string };

const joinWords = {
  inner: (left, right) => `${left} with their ${right}`,
  left: (left, right) => `all ${left}, with their ${right} where there are any`,
  right: (left, right) => `all ${right}, with their ${left} where there are any`,
  full: (left, right) => `all ${left} and all ${right}, matched`,
  semi: (left, right) => `the ${left} that have ${right}`,
  anti: (left, right) => `the ${left} that have no ${right}`,
  cross: (left, right) => `every pair of ${left} and ${right}`,
  asof: (left, right) => `${left} with the ${right} nearest in time`,
} satisfies Record<Extract<Step, { kind: 'join' }>['how'], (left: string, right: string) => string>;
