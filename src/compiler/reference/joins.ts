import type { ResolvedInput, ResolvedStep } from '../resolved.ts';
import type { JoinHow, JoinStep } from '../../spec/spec.ts';
import { identifier, identifiers, qualified } from './identifier.ts';
import { as, condition } from './rows.ts';
import { indent, list, type Lines } from './select.ts';

interface Join {
  readonly step: JoinStep;
  readonly left: ResolvedInput;
  readonly right: ResolvedInput;
  /** Keys of one name, which stand once in the output, each with the expression that it is there. */
  readonly merged: ReadonlyMap<string, string>;
  readonly columns: readonly string[];
}

export function join(resolved: ResolvedStep<'join'>): Lines {
  const [left, right] = resolved.inputs;
  if (!left || !right) return [];
  const { step } = resolved;
  const merged = mergedKeys(step, left, right);
  const columns = outputColumns({ resolved, left, right, merged });
  return shapes[step.how]({ step, left, right, merged, columns });
}

const shapes = {
  inner: (parts) => onKeys('inner join', parts),
  left: (parts) => onKeys('left join', parts),
  right: (parts) => onKeys('right join', parts),
  full: (parts) => onKeys('full join', parts),
  cross: (parts) => [
    ...list('select', parts.columns),
    `from ${aliased(parts.left)}`,
    parts.step.where === undefined
      ? `cross join ${aliased(parts.right)}`
      : `inner join ${aliased(parts.right)} on ${condition([], parts.step.where)}`,
  ],
  semi: (parts) => matched('exists', parts),
  anti: (parts) => matched('not exists', parts),
  asof: nearest,
} satisfies Record<JoinHow, (parts: Join) => Lines>;

function onKeys(operator: string, { step, left, right, columns }: Join): Lines {
  return [
    ...list('select', columns),
    `from ${aliased(left)}`,
    usesUsing(step)
      ? `${operator} ${aliased(right)} using (${identifiers((step.on ?? []).map((key) => key.left))})`
      : `${operator} ${aliased(right)} on ${matching(step, left, right) || 'true'}`,
  ];
}

function matched(operator: string, { step, left, right, columns }: Join): Lines {
  return [
    ...list('select', columns),
    `from ${aliased(left)}`,
    `where ${operator} (`,
    ...indent(['select', `from ${aliased(right)}`, `where ${matching(step, left, right) || 'true'}`]),
    ')',
  ];
}

function nearest({ step, left, right, columns }: Join): Lines {
  const { asof } = step;
  if (!asof) return [];
  const backward = asof.direction !== 'forward';
  const time = qualified(right.qualifier, asof.right);
  const within = `${time} ${backward ? '<=' : '>='} ${qualified(left.qualifier, asof.left)}`;
  return [
    ...list('select', columns),
    `from ${aliased(left)}`,
    'left join lateral (',
    ...indent([
      'select *',
      `from ${aliased(right)}`,
      `where ${condition([...keyConditions(step, left, right), within], step.where)}`,
      `order by ${time}${backward ? ' desc' : ''}`,
      'limit 1',
    ]),
    `) as ${identifier(right.qualifier)} on true`,
  ];
}

const matching = (step: JoinStep, left: ResolvedInput, right: ResolvedInput): string =>
  condition(keyConditions(step, left, right), step.where);

function keyConditions(step: JoinStep, left: ResolvedInput, right: ResolvedInput): readonly string[] {
  return (step.on ?? []).flatMap((key) => {
    const [a, b] = [qualified(left.qualifier, key.left), qualified(right.qualifier, key.right)];
    if (step.nullSafe !== true) return [`${a} = ${b}`];
    // PostgreSQL makes a full join by hashing only, which takes an equality.
    const hashed = step.how === 'full' ? [`(${a} is null) = (${b} is null)`] : [];
    return [...hashed, `${a} is not distinct from ${b}`];
  });
}

function aliased({ name, qualifier }: ResolvedInput): string {
  return name === qualifier ? identifier(name) : `${identifier(name)} as ${identifier(qualifier)}`;
}

/** USING merges the keys by itself, where nothing else stands in the condition. */
function usesUsing({ on, where, nullSafe }: JoinStep): boolean {
  return on !== undefined && on.length > 0 && where === undefined && nullSafe !== true && on.every(sameName);
}

const sameName = (key: { readonly left: string; readonly right: string }): boolean => key.left === key.right;

function mergedKeys(step: JoinStep, left: ResolvedInput, right: ResolvedInput): ReadonlyMap<string, string> {
  const expression = (name: string): string => {
    if (usesUsing(step) && usingJoins.has(step.how)) return identifier(name);
    const [leftKey, rightKey] = [qualified(left.qualifier, name), qualified(right.qualifier, name)];
    if (step.how === 'full') return `coalesce(${leftKey}, ${rightKey})`;
    return step.how === 'right' ? rightKey : leftKey;
  };
  return new Map((step.on ?? []).filter(sameName).map((key) => [key.left, expression(key.left)]));
}

const usingJoins: ReadonlySet<JoinHow> = new Set(['inner', 'left', 'right', 'full']);

interface Output extends Pick<Join, 'left' | 'right' | 'merged'> {
  readonly resolved: ResolvedStep<'join'>;
}

function outputColumns({ resolved, left, right, merged }: Output): readonly string[] {
  const { step, columns } = resolved;
  const ofLeft = new Set(left.columns.map(({ name }) => name));
  const passed = (name: string): string =>
    merged.get(name) ?? qualified((ofLeft.has(name) ? left : right).qualifier, name);
  if (step.columns) return step.columns.map(({ name, expr }) => as(expr ?? passed(name), name));
  return columns.map(({ name }) => as(passed(name), name));
}
