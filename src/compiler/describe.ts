/** The third depth of checking: PostgreSQL's own word. The reference SQL of each step is prepared, and never run. */
import type { JsonPath, Positions } from '../spec/positions.ts';
import type { Problem } from '../spec/problem.ts';
import { hasErrors } from '../spec/read.ts';
import { formatPgType, parsePgType } from '../spec/pgTypes.ts';
import type { Checked } from './check.ts';
import { catalogueProblem } from './check/codes.ts';
import type { Column, ResolvedSpec, ResolvedStep } from './resolved.ts';

/** What PostgreSQL says about a statement that it has prepared. */
export type Prepared =
  | { readonly columns: readonly { readonly name: string; readonly type: string }[] }
  /** `position` counts UTF-16 units from the statement's start. */
  | { readonly error: string; readonly position?: number; readonly hint?: string };

export interface DescribeInput {
  /** The first two depths, with what is known about `sql` steps by then. */
  readonly check: (described: ReadonlyMap<string, readonly Column[]>) => Checked;
  /** The statement that gives a step's rows; nothing where it has no SQL. */
  readonly reference: (resolved: ResolvedSpec, step: string) => string | undefined;
  readonly prepare: (sql: string) => Promise<Prepared>;
}

export interface Described extends Checked {
  /** By step: the columns as PostgreSQL gives them. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
}

/** Asks about one step after the other; what a `sql` step gives is known to those below it. */
export async function describeSpec({ check, reference, prepare }: DescribeInput): Promise<Described> {
  const handWritten = new Map<string, readonly Column[]>();
  const columns = new Map<string, readonly Column[]>();
  const refused = new Set<string>();
  const found: Problem[] = [];
  let checked = check(handWritten);
  for (const name of checked.resolved?.steps.map(({ step }) => step.name) ?? []) {
    const { resolved, document } = checked;
    const step = resolved?.steps.find((candidate) => candidate.step.name === name);
    if (!resolved || !step || blocked(step, { refused, problems: checked.problems, positions: document.positions })) {
      refused.add(name);
      continue;
    }
    const sql = reference(resolved, name);
    if (sql === undefined) continue;
    const prepared = await prepare(sql);
    if ('error' in prepared) {
      refused.add(name);
      found.push(refusal(step, { prepared, sql, positions: document.positions }));
      continue;
    }
    const described = columnsOf(prepared, step);
    columns.set(name, described);
    if (step.step.kind === 'sql') {
      handWritten.set(name, described);
      checked = check(handWritten);
    } else found.push(...disagreements(step, described, document.positions));
  }
  const answered = ({ code, span }: Problem): boolean =>
    code === 'described-later' && found.some((refusal) => within(checked, refusal.span.offset, span.offset));
  const problems = [...checked.problems.filter((problem) => !answered(problem)), ...found].sort(
    (a, b) => a.span.offset - b.span.offset,
  );
  return { ...checked, problems, columns };
}

/** Whether two places lie in the same step. */
function within({ document: { positions }, resolved }: Checked, one: number, other: number): boolean {
  return (resolved?.steps ?? []).some(({ index }) => {
    const { offset, length } = positions.span(['steps', index]);
    return [one, other].every((at) => at >= offset && at < offset + length);
  });
}

interface Known {
  readonly refused: ReadonlySet<string>;
  readonly problems: readonly Problem[];
  readonly positions: Positions;
}

/** A step that is wrong already, or that reads one: PostgreSQL would say the same again in other words. */
function blocked(step: ResolvedStep, { refused, problems, positions }: Known): boolean {
  if (step.inputs.some(({ name, known }) => refused.has(name) || !known)) return true;
  const { offset, length } = positions.span(['steps', step.index]);
  return hasErrors(problems.filter(({ span }) => span.offset >= offset && span.offset < offset + length));
}

/** PostgreSQL does not tell which columns of a result may be NULL; the resolver does, where it knows them. */
const columnsOf = (prepared: Extract<Prepared, { columns: unknown }>, step: ResolvedStep): Column[] =>
  prepared.columns.map(({ name, type }, index) => {
    const resolved = step.columns[index];
    const nullable = step.known && resolved?.name === name ? resolved.nullable : true;
    return { name, type: parsePgType(type), nullable };
  });

interface Refusal {
  readonly prepared: Extract<Prepared, { error: string }>;
  readonly sql: string;
  readonly positions: Positions;
}

function refusal(step: ResolvedStep, { prepared, sql, positions }: Refusal): Problem {
  const place = prepared.position === undefined ? undefined : placeOf(step, sql, prepared.position);
  const span = place
    ? positions.within(place.path, place.offset, place.length)
    : positions.span(['steps', step.index, 'name']);
  const hint = prepared.hint === undefined ? '' : ` ${prepared.hint}`;
  return catalogueProblem('postgres-error', span, `PostgreSQL refuses "${step.step.name}": ${prepared.error}.${hint}`);
}

interface PlaceInStep {
  readonly path: JsonPath;
  readonly offset: number;
  readonly length: number;
}

/** The expression of the step, as it is written, that stands in the SQL where PostgreSQL points. */
function placeOf({ step, index }: ResolvedStep, sql: string, position: number): PlaceInStep | undefined {
  let best: (PlaceInStep & { readonly text: string }) | undefined;
  for (const { path, text } of textsOf(step, ['steps', index])) {
    const start = sql.lastIndexOf(text, position);
    if (start < 0 || position > start + text.length || text.length <= (best?.text.length ?? 0)) continue;
    const offset = position - start;
    best = { path, text, offset, length: /^[\p{L}\p{N}_$."]+/u.exec(text.slice(offset))?.[0].length ?? 1 };
  }
  return best;
}

function textsOf(value: unknown, path: JsonPath): { path: JsonPath; text: string }[] {
  if (typeof value === 'string') return value.length > 0 ? [{ path, text: value }] : [];
  if (Array.isArray(value)) return value.flatMap((inside, index) => textsOf(inside, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => (unwritten.has(key) ? [] : textsOf(inside, [...path, key])));
}

/** Words of a step that do not stand in its SQL. */
const unwritten = new Set(['kind', 'note', 'how', 'direction', 'nulls', 'keep', 'code']);

/** The types that were worked out here must be PostgreSQL's; where they are not, a result could differ. */
function disagreements(step: ResolvedStep, described: readonly Column[], positions: Positions): Problem[] {
  if (!step.known) return [];
  return step.columns.flatMap((column, index) => {
    const theirs = described[index];
    // PostgreSQL forgets lengths and scales in more places than are worth following.
    if (theirs && withoutModifier(theirs) === withoutModifier(column) && theirs.name === column.name) return [];
    const [ours, said] = [
      formatPgType(column.type),
      theirs ? `${theirs.name} ${formatPgType(theirs.type)}` : 'no such column',
    ];
    const span = positions.span(['steps', step.index, 'name']);
    const words = `"${column.name}" of "${step.step.name}" was taken for ${ours}; PostgreSQL says: ${said}.`;
    return [catalogueProblem('described-differently', span, words)];
  });
}

const withoutModifier = ({ type }: Column): string => formatPgType(type).replace(/\(\d+(,-?\d+)?\)/, '');
