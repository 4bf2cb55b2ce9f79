/** What a script decides about its sources and steps as a whole: what is kept, pushed down, or sent to every worker. */
import type { PgType, ScalarName } from '../../spec/pgType.ts';
import type { StepKind } from '../../spec/spec.ts';
import { readsClock } from '../reference/clock.ts';
import type { ResolvedSource, ResolvedSpec, ResolvedStep } from '../resolved.ts';
import type { Live } from './live.ts';
import { isMeaningful, tokens } from '../tokens.ts';

export interface Usage {
  /** Filter steps that PostgreSQL applies while it is read, by the name of their source. */
  readonly pushed: ReadonlyMap<string, ResolvedStep<'filter'>>;
  /** Sources and steps whose rows are kept, because they are read more than once. */
  readonly kept: ReadonlySet<string>;
  readonly isSmall: (name: string) => boolean;
}

export function usageOf(resolved: ResolvedSpec, live: Live): Usage {
  const readers = readersOf(resolved);
  const pushed = new Map(
    resolved.sources.flatMap((source) => {
      const filter = pushableFilter(resolved, source, readers);
      return filter ? [[source.source.name, filter] as const] : [];
    }),
  );
  return { pushed, kept: keptRows(resolved, readers, pushed), isSmall: (name) => isSmall(resolved, live, name) };
}

function readersOf({ steps, target }: ResolvedSpec): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const names = [...steps.flatMap(({ inputs }) => inputs.map(({ name }) => name)), target.target.from];
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

/** A filter straight behind a source that nothing else reads is PostgreSQL's own to apply. */
function pushableFilter(
  { steps }: ResolvedSpec,
  { source }: ResolvedSource,
  readers: ReadonlyMap<string, number>,
): ResolvedStep<'filter'> | undefined {
  if (readers.get(source.name) !== 1 || source.incremental) return undefined;
  return steps.find(
    (step): step is ResolvedStep<'filter'> =>
      step.step.kind === 'filter' && step.step.from === source.name && isPushable(step.step.where),
  );
}

/** Not what is qualified by the source's name, reads the clock, or holds what JDBC takes for a parameter. */
function isPushable(where: string): boolean {
  const list = tokens(where).filter(isMeaningful);
  const mark = list.some(
    ({ kind, text }, place) =>
      kind === 'other' && (text === '?' || (text === '.' && ['word', 'quoted'].includes(list[place - 1]?.kind ?? ''))),
  );
  return !mark && !readsClock(where);
}

/** Cheap to do again over rows that are kept already. */
const cheap: ReadonlySet<StepKind> = new Set(['filter', 'derive', 'select', 'rename', 'union', 'unpivot', 'explode']);

/**
 * Rows that are read more than once are kept, so that nothing is read or computed twice; except for cheap steps whose
 * inputs are all kept.
 */
function keptRows(
  { sources, steps }: ResolvedSpec,
  readers: ReadonlyMap<string, number>,
  pushed: Usage['pushed'],
): ReadonlySet<string> {
  const often = (name: string): boolean => (readers.get(name) ?? 0) > 1;
  const kept = new Set(sources.map(({ source }) => source.name).filter((name) => often(name) && !pushed.has(name)));
  for (const { step, inputs } of steps) {
    const cheapAgain = cheap.has(step.kind) && inputs.every(({ name }) => kept.has(name));
    if (often(step.name) && !cheapAgain) kept.add(step.name);
  }
  return kept;
}

const broadcastBytes = 10_000_000;

/** By what anything behind it reads; a guess too low by several times is still no harm to a driver of a gigabyte. */
function isSmall({ sources, steps }: ResolvedSpec, live: Live, name: string): boolean {
  const relation = sources.find(({ source }) => source.name === name) ?? steps.find(({ step }) => step.name === name);
  if (relation?.rowEstimate === undefined || relation.rowEstimate < 0) return false;
  const columns = relation.columns.filter((column) => live.get(name)?.has(column.name) ?? true);
  return relation.rowEstimate * columns.reduce((sum, { type }) => sum + bytesOf(type), 0) <= broadcastBytes;
}

/** Of a value in memory, as a rule: numbers and times are short. */
const bytesOf = (type: PgType): number => (type.kind === 'scalar' && !long.has(type.name) ? 8 : 50);

const long: ReadonlySet<ScalarName> = new Set(['text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea']);
