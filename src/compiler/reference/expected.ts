/** What the target holds once the rows are published, told from what it held before. */
import type { TargetMode } from '../../spec/spec.ts';
import type { ResolvedTarget } from '../resolved.ts';
import { identifier, identifiers, literal, qualified } from './identifier.ts';
import { list, type Lines } from './select.ts';

export interface Expected {
  readonly target: ResolvedTarget;
  /** The CTE that holds the rows of this run. */
  readonly came: string;
  /** What the target held before, as SQL. */
  readonly before: string;
  readonly instant: string;
}

/** The declared columns, and for a history the columns of its own. */
export function targetNames({ target, columns }: ResolvedTarget): readonly string[] {
  const { history } = target;
  const own = history ? [history.validFrom, history.validTo, ...(history.current ? [history.current] : [])] : [];
  return [...columns.map(({ name }) => name), ...own];
}

/** A history's rows may bring the moment from which they are true; otherwise it is the run's instant. */
export const bringsMoment = ({ target, from }: ResolvedTarget): boolean =>
  target.history !== undefined && from.columns.some(({ name }) => name === target.history?.validFrom);

export const expectedRows = (expected: Expected): Lines => modes[expected.target.target.mode](expected);

const modes = {
  replace: (expected) => all(expected, expected.came),
  append: (expected) => [...all(expected, expected.before, true), 'union all', ...all(expected, expected.came)],
  upsert: (expected) => [
    ...all(expected, expected.before, true),
    `where ${untouched(expected)}`,
    'union all',
    ...all(expected, expected.came),
  ],
  history,
} satisfies Record<TargetMode, (expected: Expected) => Lines>;

const all = ({ target }: Expected, from: string, isTable = false): Lines => [
  ...list('select', targetNames(target).map(identifier)),
  isTable ? `from ${from} as before_run` : `from ${identifier(from)}`,
];

function untouched({ target, came }: Expected): string {
  const same = (target.target.keys ?? []).map((key) => `${qualified(came, key)} = ${qualified('before_run', key)}`);
  return `not exists (select from ${identifier(came)} where ${same.join(' and ')})`;
}

/**
 * The timeline of each key that came is drawn anew: a version of this run stands in for one of the same moment, a version
 * equal to the one before it is none, and each is true until the next begins.
 */
function history(expected: Expected): Lines {
  const { target, came, before, instant } = expected;
  const { keys = [], history: names } = target.target;
  if (!names) return [];
  const told = target.columns.map(({ name }) => name).filter((name) => name !== names.validFrom);
  const facts = told.filter((name) => !keys.includes(name));
  const [from, to] = [identifier(names.validFrom), identifier(names.validTo)];
  const moment = bringsMoment(target) ? from : `timestamptz ${literal(instant)}`;
  const timeline = `(partition by ${identifiers(keys)} order by ${from})`;
  const row = facts.length > 0 ? `row(${identifiers(facts)})::text` : `''`;
  const current = names.current === undefined ? [] : [`${to} is null as ${identifier(names.current)}`];
  return [
    ...all(expected, before, true),
    `where ${untouched(expected)}`,
    'union all',
    ...list('select', [identifiers(told), from, to, ...current]),
    'from (',
    `  select *, lead(${from}) over ${timeline} as ${to}`,
    '  from (',
    `    select *, row_number() over ${timeline} = 1 or ${row} is distinct from lag(${row}) over ${timeline} as changed`,
    '    from (',
    `      select ${identifiers(told)}, ${moment} as ${from} from ${identifier(came)}`,
    '      union all',
    `      select ${identifiers(told)}, ${from} from ${before} as before_run`,
    `      where not (${untouched(expected)}) and not exists (`,
    `        select from ${identifier(came)}`,
    `        where ${[...keys.map((key) => `${qualified(came, key)} = ${qualified('before_run', key)}`), `${bringsMoment(target) ? qualified(came, names.validFrom) : moment} = before_run.${from}`].join(' and ')}`,
    '      )',
    '    ) as versions',
    '  ) as compared',
    '  where changed',
    ') as timeline',
  ];
}
