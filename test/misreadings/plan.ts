/** Specs as short as one would say them: a table, and what is done to its rows. */
import type { JoinHow, Step } from '../../src/spec/spec.ts';

export interface Plan {
  readonly steps: readonly Step[];
  readonly sources: readonly string[];
  /** The step, or the table, that holds the rows. */
  readonly rows: string;
  readonly keys: readonly string[];
}

type Maker = (plan: Plan) => Plan;
type Columns = Readonly<Record<string, string>>;

export const plan = (table: string, ...makers: readonly Maker[]): Plan =>
  makers.reduce<Plan>((sofar, make) => make(sofar), { steps: [], sources: [table], rows: table, keys: [] });

const named = (columns: Columns) => Object.entries(columns).map(([name, expr]) => ({ name, expr }));
const output = (columns: Columns) =>
  Object.entries(columns).map(([name, expr]) => (name === expr ? { name } : { name, expr }));

type Bare<S extends Step> = S extends Step ? Omit<S, 'name'> : never;

/** Names tell tables apart, so that both sides of a join can have steps of one kind. */
const then =
  (kind: string, make: (from: string) => Bare<Step>, keys?: readonly string[]): Maker =>
  (sofar) => {
    const name = `${sofar.rows}_${kind}`;
    return {
      ...sofar,
      steps: [...sofar.steps, { name, ...make(sofar.rows) }],
      rows: name,
      keys: keys ?? sofar.keys,
    };
  };

export const where = (condition: string): Maker => then('kept', (from) => ({ kind: 'filter', from, where: condition }));
export const derive = (columns: Columns): Maker =>
  then('more', (from) => ({ kind: 'derive', from, columns: named(columns) }));
export const select = (columns: Columns): Maker =>
  then('columns', (from) => ({ kind: 'select', from, columns: output(columns) }));
/** Columns under their own names. */
export const only = (...names: readonly string[]): Maker =>
  select(Object.fromEntries(names.map((name) => [name, name])));
export const group = (by: readonly string[], columns: Columns): Maker =>
  then(
    'groups',
    (from) => ({ kind: 'aggregate', from, by: by.map((name) => ({ name })), columns: named(columns) }),
    by,
  );
export const distinct = (): Maker => then('once', (from) => ({ kind: 'distinct', from }));
export const top = (count: number, by: string, direction: 'asc' | 'desc', tie: string): Maker =>
  then('top', (from) => ({ kind: 'limit', from, count, by: [{ expr: by, direction }, { expr: tie }] }));
export const dedupe = (keys: readonly string[], order: readonly string[], keep: 'first' | 'last'): Maker =>
  then('latest', (from) => ({ kind: 'dedupe', from, keys, order: order.map((expr) => ({ expr })), keep }), keys);

interface Join {
  readonly how?: JoinHow;
  readonly on: readonly (string | readonly [left: string, right: string])[];
  /** Sides are `l` and `r`; all columns where it is left out. */
  readonly columns?: Columns;
  readonly where?: string;
  /** The nearest right row at or before the left one. */
  readonly asof?: { readonly left: string; readonly right: string };
}

export const join =
  (other: string | Plan, { how = 'inner', on, columns, where: condition, asof }: Join): Maker =>
  (left) => {
    const right = typeof other === 'string' ? plan(other) : other;
    const name = `${left.rows}_with_${right.rows}`;
    const step: Step = {
      ...{ name, kind: 'join', left: left.rows, right: right.rows, how, leftAs: 'l', rightAs: 'r' },
      on: on.map((key) => (typeof key === 'string' ? { left: key, right: key } : { left: key[0], right: key[1] })),
      ...(asof && { asof }),
      ...(condition !== undefined && { where: condition }),
      ...(columns && { columns: output(columns) }),
    };
    return {
      ...left,
      steps: [...left.steps, ...right.steps, step],
      sources: [...new Set([...left.sources, ...right.sources])],
      rows: name,
    };
  };

/** The document, but for the types of its target, which follow from the rows. */
export function specOf({ steps, sources, rows, keys }: Plan, prompt: string): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    name: 'answer',
    prompt,
    sources: sources.map((name) => ({ name, table: `public.${name}` })),
    steps,
    target: { table: 'public.answer', from: rows, mode: 'replace', ...(keys.length > 0 && { keys }) },
  };
}
