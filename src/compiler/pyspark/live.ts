/**
 * Which columns of each source and step anything behind it reads. The others are neither read from the database nor
 * listed; where columns are told by their place, or a step needs whole rows, all of them are.
 */
import type { StepKind } from '../../spec/spec.ts';
import type { ResolvedSpec, ResolvedStep } from '../resolved.ts';

export type Live = ReadonlyMap<string, ReadonlySet<string>>;

export function liveColumns({ sources, steps, target }: ResolvedSpec): Live {
  const live = new Map<string, Set<string>>();
  for (const { source } of sources) live.set(source.name, new Set());
  for (const { step } of steps) live.set(step.name, new Set());
  const wanted = [...target.columns.map(({ name }) => name), target.target.history?.validFrom ?? ''];
  add(
    live.get(target.target.from),
    wanted.filter((name) => target.from.columns.some((column) => column.name === name)),
  );
  for (const step of steps.toReversed()) {
    const own = live.get(step.step.name) ?? new Set<string>();
    // Where only the number of rows counts, or nothing reads the step, one column stands for them.
    if (own.size === 0)
      add(
        own,
        step.columns.slice(0, 1).map(({ name }) => name),
      );
    step.inputs.forEach((input, index) => {
      const needs = (handlers[step.step.kind] as Needs<StepKind>)(step, own, index);
      const names = input.columns.map(({ name }) => name);
      add(live.get(input.name), needs === 'all' ? names : names.filter((name) => needs.has(name)));
    });
  }
  return live;
}

function add(set: Set<string> | undefined, names: readonly string[]): void {
  for (const name of names) set?.add(name);
}

/** What a step needs of its input at `index`, given what is needed of the step itself. */
type Needs<Kind extends StepKind> = (
  resolved: ResolvedStep<Kind>,
  own: ReadonlySet<string>,
  index: number,
) => ReadonlySet<string> | 'all';

type Expressions = Pick<ResolvedStep, 'expressions'>;

const passing = (resolved: Expressions, own: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...own, ...reads(resolved)]);
const computing = (resolved: Expressions): ReadonlySet<string> => reads(resolved);
const everything = (): 'all' => 'all';

const handlers = {
  filter: passing,
  derive: passing,
  window: passing,
  sort: passing,
  limit: passing,
  select: computing,
  aggregate: computing,
  dedupe: (resolved, own) => new Set([...own, ...resolved.step.keys, ...reads(resolved)]),
  pivot: (resolved) => new Set([...resolved.step.by, ...reads(resolved)]),
  fill: (resolved, own) =>
    new Set([
      ...own,
      ...resolved.step.columns.map(({ name }) => name),
      ...(resolved.step.partitionBy ?? []),
      ...reads(resolved),
    ]),
  join: joinNeeds,
  rename: everything,
  distinct: everything,
  union: everything,
  intersect: everything,
  except: everything,
  unpivot: everything,
  explode: everything,
  series: everything,
  hierarchy: everything,
  sql: everything,
  python: everything,
} satisfies { readonly [Kind in StepKind]: Needs<Kind> };

/** The columns that the step's expressions read. */
function reads({ expressions }: Expressions): Set<string> {
  return new Set([...expressions.values()].flatMap((expression) => expression.reads.map(({ name }) => name)));
}

function joinNeeds(resolved: ResolvedStep<'join'>, own: ReadonlySet<string>, index: number): ReadonlySet<string> {
  const { step, expressions, columns, inputs } = resolved;
  const side = index === 0 ? 'left' : 'right';
  const qualifier = inputs[index]?.qualifier;
  const needed = new Set((step.on ?? []).map((key) => key[side]));
  if (step.asof) needed.add(step.asof[side]);
  const outputs = columns.flatMap(({ name }, at) => (own.has(name) ? [`columns.${at}.expr`] : []));
  for (const path of ['where', ...outputs]) {
    for (const read of expressions.get(path)?.reads ?? []) {
      if (read.qualifier === undefined || read.qualifier === qualifier) needed.add(read.name);
    }
  }
  return needed;
}
