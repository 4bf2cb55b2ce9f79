import { fixOf, insertProperty } from '../../spec/edits.ts';
import type { JoinStep, OutputColumn } from '../../spec/spec.ts';
import type { Scope } from '../expressions/contract.ts';
import type { Column, Relation, ResolvedInput } from '../resolved.ts';
import { comparable, isBoolean, settled, words } from '../typeRules.ts';
import { columnOf, quoted, scopeOf, unknownRelation, type StepContext } from './context.ts';
import { comparedAsText } from './keyFix.ts';
import { isUnique, renamedKeys, type Keys } from './keys.ts';
import { plainName } from './plainName.ts';

/** A join's two sides, with the names that its result takes from them. */
interface Sides {
  readonly step: JoinStep;
  readonly left: ResolvedInput;
  readonly right: ResolvedInput;
  /** Keys of the same name on both sides: they stand once in the result. */
  readonly merged: ReadonlySet<string>;
}

export function resolveJoin(step: JoinStep, context: StepContext): Relation {
  const [left, right] = context.inputs;
  if (!left || !right) return unknownRelation;
  checkKeys(step, { left, right }, context);
  const both: Scope = { columns: [...scopeOf(left).columns, ...scopeOf(right).columns] };
  if (step.where !== undefined) {
    const where = context.expression(['where'], step.where, both);
    if (where && !isBoolean(settled(where.type)) && where.type.kind !== 'unknown')
      notBoolean(words(where.type), context);
  }
  const sides: Sides = { step, left, right, merged: mergedKeys(step) };
  const columns = outputColumns(sides, context);
  return { ...columns, uniqueKeys: columns.known ? outputKeys(sides, columns.origins) : [], ...estimate(sides) };
}

const mergedKeys = ({ on, how }: JoinStep): Set<string> =>
  how === 'semi' || how === 'anti' || how === 'cross'
    ? new Set()
    : new Set((on ?? []).filter(({ left, right }) => left === right).map(({ left }) => left));

function checkKeys(step: JoinStep, { left, right }: Pick<Sides, 'left' | 'right'>, context: StepContext): void {
  const pairs = [
    ...(step.on ?? []).map((pair, index) => ({ ...pair, path: ['on', index] })),
    ...(step.asof && step.how === 'asof' ? [{ ...step.asof, path: ['asof'] }] : []),
  ];
  for (const { left: leftName, right: rightName, path } of pairs) {
    const a = context.column([...path, 'left'], leftName, left);
    const b = context.column([...path, 'right'], rightName, right);
    if (!a || !b || comparable(a.type, b.type)) continue;
    const sentence = `"${a.name}" is ${words(a.type)} and "${b.name}" is ${words(b.type)}: PostgreSQL does not compare them.`;
    context.report('key-types', [...path, 'right'], sentence, comparedAsText(step, path, { left, right }, context));
  }
}

function notBoolean(type: string, context: StepContext): void {
  context.report('boolean-expected', ['where'], `A condition is true or false; this is ${type}.`);
}

interface Output extends Pick<Relation, 'columns' | 'known'> {
  /** For each column of a side that goes through unchanged, the name it has in the result. */
  readonly origins: ReadonlyMap<string, string>;
}

function outputColumns(sides: Sides, context: StepContext): Output {
  const { step } = sides;
  const scope = scopeAfter(sides);
  const listed = step.columns ?? defaultColumns(sides, context);
  if (!listed) return { columns: [], known: false, origins: new Map() };
  const origins = new Map<string, string>();
  const columns = listed.map((column, index): Column | undefined => {
    const key = `columns.${index}.expr`;
    const text = column.expr ?? passedThrough(column, sides);
    const compiled =
      step.columns && column.expr !== undefined
        ? context.expression(['columns', index, 'expr'], text, scope)
        : context.implied(key, text, scope);
    if (!compiled && column.expr === undefined) unknownOutput(column, index, { sides, context });
    const [read] = compiled?.reads ?? [];
    if (read && plainName(text) === read.name) {
      origins.set(`${read.qualifier ?? ''}.${read.name}`, column.name);
    }
    return compiled && columnOf(column.name, compiled);
  });
  const found = columns.filter((column) => column !== undefined);
  return { columns: found, known: found.length === columns.length, origins };
}

/** What the join leaves NULL where a side has no match. */
function scopeAfter({ step: { how }, left, right }: Sides): Scope {
  const lost = (input: ResolvedInput, side: 'left' | 'right') =>
    scopeOf(input).columns.map((column) => ({ ...column, nullable: column.nullable || emptied[how].includes(side) }));
  if (how === 'semi' || how === 'anti') return scopeOf(left);
  return { columns: [...lost(left, 'left'), ...lost(right, 'right')] };
}

const emptied: Readonly<Record<JoinStep['how'], readonly ('left' | 'right')[]>> = {
  inner: [],
  left: ['right'],
  right: ['left'],
  full: ['left', 'right'],
  semi: [],
  anti: [],
  cross: [],
  asof: ['right'],
};

/** All of the left, then all of the right without the merged keys; nothing where two names collide. */
function defaultColumns({ step, left, right, merged }: Sides, context: StepContext): OutputColumn[] | undefined {
  const own = left.columns.map((column) => ({ column, side: left, other: right }));
  if (step.how === 'semi' || step.how === 'anti') return own.map(({ column }) => ({ name: column.name }));
  const others = right.columns
    .filter(({ name }) => !merged.has(name))
    .map((column) => ({ column, side: right, other: left }));
  const taken = new Set(left.columns.map(({ name }) => name));
  const collisions = others.filter(({ column }) => taken.has(column.name)).map(({ column }) => column.name);
  if (collisions.length === 0) return [...own, ...others].map(({ column }) => ({ name: column.name }));
  const listed = [...own, ...others].map(({ column: { name }, side }) =>
    side === right && taken.has(name)
      ? { name: freeName(`${right.qualifier}_${name}`, taken), expr: `${quoted(right.qualifier)}.${quoted(name)}` }
      : !merged.has(name) && collisions.includes(name)
        ? { name, expr: `${quoted(left.qualifier)}.${quoted(name)}` }
        : { name },
  );
  const json = `[${listed.map(jsonOfColumn).join(', ')}]`;
  const fix = fixOf('List the columns', insertProperty(context.positions, context.at([]), { key: 'columns', json }));
  const names = collisions.map((name) => `"${name}"`).join(', ');
  const sentence = `${names} ${collisions.length === 1 ? 'stands' : 'stand'} on both sides of "${step.name}"; \`columns\` says which is which.`;
  context.report('column-collision', ['name'], sentence, fix);
  return undefined;
}

const jsonOfColumn = ({ name, expr }: OutputColumn): string =>
  expr === undefined
    ? `{ "name": ${JSON.stringify(name)} }`
    : `{ "name": ${JSON.stringify(name)}, "expr": ${JSON.stringify(expr)} }`;

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  taken.add(name);
  return name;
}

/** The expression behind a column without `expr`: its own side's column, or the merged key. */
function passedThrough({ name }: OutputColumn, { step, left, right, merged }: Sides): string {
  const [l, r] = [left, right].map(({ qualifier }) => `${quoted(qualifier)}.${quoted(name)}`);
  if (merged.has(name)) return step.how === 'full' ? `coalesce(${l}, ${r})` : step.how === 'right' ? `${r}` : `${l}`;
  const [inLeft, inRight] = [left, right].map(({ columns }) => columns.some((column) => column.name === name));
  if (inLeft && inRight && step.how !== 'semi' && step.how !== 'anti') return quoted(name);
  return inLeft ? `${l}` : `${r}`;
}

interface At {
  readonly sides: Sides;
  readonly context: StepContext;
}

function unknownOutput({ name }: OutputColumn, index: number, { sides: { left, right }, context }: At): void {
  const path = ['columns', index, 'name'];
  const owners = [left, right].filter(({ columns }) => columns.some((column) => column.name === name));
  if (owners.length < 2) {
    context.column(path, name, { ...left, columns: [...left.columns, ...right.columns] });
    return;
  }
  const expr = JSON.stringify(`${quoted(left.qualifier)}.${quoted(name)}`);
  const fix = insertProperty(context.positions, context.at(['columns', index]), { key: 'expr', json: expr });
  const sentence = `Both sides have a column "${name}"; an expression says which one is meant.`;
  context.report('column-collision', path, sentence, fixOf(`Take the one of "${left.qualifier}"`, fix));
}

/** Which keys of the sides still tell the result's rows apart. */
function outputKeys({ step, left, right, merged }: Sides, origins: ReadonlyMap<string, string>): Keys {
  const under = ({ qualifier, columns, uniqueKeys }: ResolvedInput): Keys => {
    const names = columns.map(
      ({ name }) => [name, origins.get(`${qualifier}.${name}`) ?? (merged.has(name) ? name : '')] as const,
    );
    return renamedKeys(uniqueKeys, new Map(names.filter(([, renamed]) => renamed !== '')));
  };
  const pairs = step.on ?? [];
  const rightOnce = isUnique(
    right.uniqueKeys,
    pairs.map((pair) => pair.right),
  );
  const leftOnce = isUnique(
    left.uniqueKeys,
    pairs.map((pair) => pair.left),
  );
  switch (step.how) {
    case 'semi':
    case 'anti':
    case 'asof':
      return under(left);
    case 'inner':
      return [...(rightOnce ? under(left) : []), ...(leftOnce ? under(right) : []), ...both(under(left), under(right))];
    case 'left':
      return rightOnce ? under(left) : both(under(left), under(right));
    case 'right':
      return leftOnce ? under(right) : both(under(left), under(right));
    case 'full':
    case 'cross':
      return both(under(left), under(right));
  }
}

/** A row of each side makes a row of the result: one key of each tells the pairs apart. */
function both(left: Keys, right: Keys): Keys {
  const [a] = left;
  const [b] = right;
  return a && b ? [[...new Set([...a, ...b])]] : [];
}

function estimate({ step, left, right }: Sides): { rowEstimate?: number } {
  const rows = step.how === 'right' ? right.rowEstimate : step.how === 'cross' ? undefined : left.rowEstimate;
  return rows === undefined ? {} : { rowEstimate: rows };
}
