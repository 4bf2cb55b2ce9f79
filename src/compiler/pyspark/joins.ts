import type { ResolvedInput, ResolvedStep } from '../resolved.ts';
import type { JoinHow, JoinStep } from '../../spec/spec.ts';
import { columnAs, expr, sparkColumn, sparkName, sqlString } from './columns.ts';
import { rowsOf, textAt, type Context } from './context.ts';
import { bool, call, method, named, string, strings, word, type Code } from './layout.ts';

interface Join {
  readonly resolved: ResolvedStep<'join'>;
  readonly step: JoinStep;
  readonly left: ResolvedInput;
  readonly right: ResolvedInput;
  readonly context: Context;
}

export function join(resolved: ResolvedStep<'join'>, context: Context): Code {
  const [left, right] = resolved.inputs;
  if (!left || !right) throw new Error(`The join ${resolved.step.name} lacks an input.`);
  const { step } = resolved;
  return shapes[step.how]({ resolved, step, left, right, context });
}

const shapes = {
  inner: matched,
  left: matched,
  right: matched,
  full: matched,
  semi: matched,
  anti: matched,
  cross: (parts) => method(pairs(parts, 'crossJoin', []), 'select', ...outputs(parts)),
  asof: nearest,
} satisfies Record<JoinHow, (parts: Join) => Code>;

const sparkHow: Readonly<Record<JoinHow, string>> = {
  inner: 'inner',
  left: 'left',
  right: 'right',
  full: 'full',
  semi: 'left_semi',
  anti: 'left_anti',
  cross: 'cross',
  asof: 'left',
};

function matched(parts: Join): Code {
  const { step, left, right, context, resolved } = parts;
  const isLive = (name: string): boolean => context.isLive(step.name, name);
  const how = named('how', string(sparkHow[step.how]));
  if (usesKeyNames(step) && step.columns === undefined) {
    const keys = (step.on ?? []).map((key) => key.left);
    const [only] = keys;
    const on = named('on', keys.length === 1 && only !== undefined ? string(only) : strings(keys));
    const joined = method(rowsOf(context, left.name), 'join', sideOf(parts, right, false), on, how);
    // Spark puts the keys first.
    const given = [
      ...keys,
      ...[...left.columns, ...sideColumns(step, right)].map(({ name }) => name).filter((name) => !keys.includes(name)),
    ];
    const wanted = resolved.columns.map(({ name }) => name).filter(isLive);
    const inOrder = isSubsequence(wanted, given);
    return inOrder ? joined : method(joined, 'select', ...wanted.map((name) => string(sparkName(name))));
  }
  const joined = pairs(parts, 'join', [named('on', expr(condition(parts))), how]);
  return step.how === 'semi' || step.how === 'anti'
    ? step.columns === undefined
      ? joined
      : method(joined, 'select', ...outputs(parts))
    : method(joined, 'select', ...outputs(parts));
}

/** Whether the columns come in the order in which they are wanted, whatever stands between them. */
function isSubsequence(wanted: readonly string[], given: readonly string[]): boolean {
  let at = 0;
  for (const name of given) if (wanted[at] === name) at++;
  return at === wanted.length;
}

const sideColumns = (step: JoinStep, right: ResolvedInput): ResolvedInput['columns'] =>
  step.how === 'semi' || step.how === 'anti' ? [] : right.columns;

function pairs(parts: Join, name: string, further: Parameters<typeof method>[2][]): Code {
  const { left, right, context } = parts;
  return method(aliased(left, rowsOf(context, left.name)), name, sideOf(parts, right, true), ...further);
}

const aliased = ({ qualifier }: ResolvedInput, rows: Code): Code => method(rows, 'alias', string(qualifier));

/** The right side; a small one is sent to every worker instead of shuffling the other. */
function sideOf({ context, step }: Join, right: ResolvedInput, withAlias: boolean): Code {
  const rows = rowsOf(context, right.name);
  const side = withAlias ? aliased(right, rows) : rows;
  const mayBroadcast = step.how !== 'full' && step.how !== 'right';
  return mayBroadcast && context.isSmall(right.name) ? call('F.broadcast', side) : side;
}

/** Keys of one name on both sides and nothing else in the condition: Spark merges them by itself. */
function usesKeyNames({ on, where, nullSafe }: JoinStep): boolean {
  return on !== undefined && on.length > 0 && where === undefined && nullSafe !== true && on.every(sameName);
}

const sameName = (key: { readonly left: string; readonly right: string }): boolean => key.left === key.right;

function condition(parts: Join, further: readonly string[] = []): string {
  const { step, left, right, resolved } = parts;
  const operator = step.nullSafe === true ? '<=>' : '=';
  const keys = (step.on ?? []).map(
    (key) => `${sparkColumn(key.left, left.qualifier)} ${operator} ${sparkColumn(key.right, right.qualifier)}`,
  );
  const where = step.where === undefined ? [] : [textAt(resolved, 'where')];
  const all = [...keys, ...further, ...(keys.length + further.length > 0 ? where.map((text) => `(${text})`) : where)];
  return all.length > 0 ? all.join(' and ') : 'true';
}

function nearest(parts: Join): Code {
  const { step, left, right, context } = parts;
  if (!step.asof) throw new Error(`The as-of join ${step.name} lacks its times.`);
  const backward = step.asof.direction !== 'forward';
  const time = sparkColumn(step.asof.right, right.qualifier);
  const within = `${time} ${backward ? '<=' : '>='} ${sparkColumn(step.asof.left, left.qualifier)}`;
  const joined = method(
    word('job'),
    'as_of_join',
    aliased(left, rowsOf(context, left.name)),
    aliased(right, rowsOf(context, right.name)),
    named('on', sqlString(condition(parts, [within]))),
    named('nearest', string(time)),
    ...(backward ? [] : [named('backward', bool(false))]),
  );
  return method(joined, 'select', ...outputs(parts));
}

/** The resolver has compiled every column of the result, those that pass through as well. */
function outputs({ resolved, context }: Join): readonly Code[] {
  const all = resolved.columns.map(({ name }, index) => ({ name, path: `columns.${index}.expr` }));
  const live = all.filter(({ name }) => context.isLive(resolved.step.name, name));
  return live.map(({ name, path }) => columnAs(textAt(resolved, path), name));
}
