/** Reference SQL: one CTE a source and step, the expressions as written, for PostgreSQL itself to run. */
import type { StepKind } from '../../spec/spec.ts';
import type { ResolvedSource, ResolvedSpec, ResolvedStep, ResolvedTarget } from '../resolved.ts';
import { atInstant } from './clock.ts';
import { bringsMoment, expectedRows } from './expected.ts';
import { identifier, literal, tableIdentifier } from './identifier.ts';
import { join } from './joins.ts';
import { hierarchy, python, series, sql } from './made.ts';
import { explode, fill, pivot, unpivot } from './reshape.ts';
import * as rows from './rows.ts';
import { freeName, indent, list, type Lines } from './select.ts';

export interface ReferenceOptions {
  /** The run's one instant, an ISO timestamp with its zone; the clock as it stands where it is left out. */
  readonly instant?: string;
  /** By source: the marks between which an incremental source is read, as PostgreSQL prints them. */
  readonly marks?: Readonly<Record<string, Marks>>;
}

export interface Marks {
  /** The mark of the last finished run. */
  readonly after?: string;
  /** The mark of this run. */
  readonly upTo?: string;
}

export interface Reference {
  /** The target's columns in their declared types; left out where a step before it has no SQL. */
  readonly sql?: string;
  /**
   * The rows that the target holds after publication, told from what it held before (a table, as SQL); for `replace` these
   * are the rows of `sql`. The columns are the declared ones and a history's own.
   */
  readonly expected?: (before: string) => string;
  /** By source and step: a statement that gives its rows. */
  readonly steps: ReadonlyMap<string, string>;
  /** The steps that cannot be told in SQL, each with the step that is the reason. */
  readonly beyond: ReadonlyMap<string, string>;
}

const handlers = {
  ...rows,
  join,
  pivot,
  unpivot,
  explode,
  fill,
  series,
  hierarchy,
  sql,
  python,
} satisfies { readonly [Kind in StepKind]: (resolved: ResolvedStep<Kind>) => Lines };

interface Cte {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly body: Lines;
}

export function referenceSql(resolved: ResolvedSpec, options: ReferenceOptions = {}): Reference {
  const ctes = new Map<string, Cte>();
  const beyond = new Map<string, string>();
  for (const source of resolved.sources) {
    ctes.set(source.source.name, { name: source.source.name, inputs: [], body: sourceBody(source, options) });
  }
  for (const step of resolved.steps) {
    const { name } = step.step;
    const inputs = step.inputs.map((input) => input.name);
    const reason = reasonBeyond(step, beyond);
    if (reason === undefined) ctes.set(name, { name, inputs, body: stepBody(step) });
    else beyond.set(name, reason);
  }
  const statement = (name: string, last: Lines): string => atInstant(assemble(ctes, name, last), options.instant);
  const steps = [...ctes.keys()].map(
    (name) => [name, statement(name, ['select *', `from ${identifier(name)}`])] as const,
  );
  const { from } = resolved.target.target;
  return {
    ...(ctes.has(from) && {
      sql: statement(from, targetSelect(resolved.target)),
      expected: (before: string) => atInstant(expectedStatement(resolved, ctes, { before, options }), options.instant),
    }),
    steps: new Map(steps),
    beyond,
  };
}

/** The statement's own words for "these CTEs, then this". */
function assemble(ctes: ReadonlyMap<string, Cte>, last: string, select: Lines): string {
  const needed = new Set<string>();
  collect(ctes, last, needed);
  const blocks = [...ctes.values()]
    .filter(({ name }) => needed.has(name))
    .map(({ name, body }) => [`${identifier(name)} as (`, ...indent(body), ')'].join('\n'));
  return `with ${blocks.join(',\n')}\n${select.join('\n')}`;
}

interface BeforeRun {
  readonly before: string;
  readonly options: ReferenceOptions;
}

function expectedStatement(
  { target }: ResolvedSpec,
  ctes: ReadonlyMap<string, Cte>,
  { before, options }: BeforeRun,
): string {
  const came = freeName('came', ctes.keys());
  const { from } = target.target;
  const withRows = new Map(ctes).set(came, { name: came, inputs: [from], body: targetSelect(target) });
  const instant = options.instant ?? 'now';
  return assemble(withRows, came, expectedRows({ target, came, before, instant }));
}

function collect(ctes: ReadonlyMap<string, Cte>, name: string, needed: Set<string>): void {
  if (needed.has(name)) return;
  needed.add(name);
  for (const input of ctes.get(name)?.inputs ?? []) collect(ctes, input, needed);
}

function reasonBeyond(step: ResolvedStep, beyond: ReadonlyMap<string, string>): string | undefined {
  if (step.step.kind === 'python' && step.step.sql === undefined) return step.step.name;
  return step.inputs.map(({ name }) => beyond.get(name)).find((reason) => reason !== undefined);
}

/** The table is the exhaustive one; only its type cannot follow from one step to its handler. */
function stepBody(resolved: ResolvedStep): Lines {
  const handler = handlers[resolved.step.kind] as (resolved: ResolvedStep) => Lines;
  return handler(resolved);
}

function sourceBody(resolved: ResolvedSource, { marks }: ReferenceOptions): Lines {
  const { source, table, tableName, columns } = resolved;
  const names = source.columns ?? columns.map(({ name }) => name);
  return [
    ...(names.length > 0 ? list('select', names.map(identifier)) : ['select *']),
    `from ${tableIdentifier(table ?? tableName)}`,
    ...incrementalWhere(resolved, marks?.[source.name]),
  ];
}

function incrementalWhere({ source: { incremental }, table }: ResolvedSource, marks: Marks | undefined): Lines {
  if (!incremental) return [];
  const column = identifier(incremental.watermark);
  const type = table?.columns.find(({ name }) => name === incremental.watermark)?.type ?? 'timestamptz';
  const after = marks?.after ?? incremental.initial;
  const late = incremental.lateness === undefined ? '' : ` - interval ${literal(incremental.lateness)}`;
  const bounds = [
    ...(after === undefined ? [] : [`${column} > cast(${literal(after)} as ${type})${late}`]),
    ...(marks?.upTo === undefined ? [] : [`${column} <= cast(${literal(marks.upTo)} as ${type})`]),
  ];
  return bounds.length > 0 ? [`where ${bounds.join(' and ')}`] : [];
}

function targetSelect(resolved: ResolvedTarget): Lines {
  const { target, columns } = resolved;
  const cast = columns.map(({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`);
  const moment = bringsMoment(resolved) ? [identifier(target.history?.validFrom ?? '')] : [];
  return [...list('select', [...cast, ...moment]), `from ${identifier(target.from)}`];
}
