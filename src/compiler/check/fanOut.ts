import type { ResolvedStep } from '../resolved.ts';
import { isUnique } from '../resolve/keys.ts';
import { countingAggregates } from './aggregates.ts';
import { columnName, expressionTree, functionName, type AstNode, type ExpressionTree } from './ast.ts';
import { alongForeignKey, withoutRepeating } from './joinFixes.ts';
import type { Advice, AdviceContext } from './rule.ts';

/** For the rows of a step: columns whose values stand more than once, and the join that repeated them. */
type Repeated = ReadonlyMap<string, Repetition>;

interface Repetition {
  readonly join: string;
  /** Grouping by one of these keys puts the repetitions apart again. */
  readonly apart: readonly (readonly string[])[];
}

/** Joins on keys that are not unique repeat rows; sums over them count twice. */
export const fanOut: Advice = (context) => {
  const repeated = new Map<string, Repeated>();
  for (const resolved of context.resolved.steps) {
    if (resolved.step.kind === 'aggregate') warnAggregate(resolved as ResolvedStep<'aggregate'>, repeated, context);
    repeated.set(resolved.step.name, repetitionsAfter(resolved, repeated, context));
  }
};

type Before = ReadonlyMap<string, Repeated>;

function repetitionsAfter(resolved: ResolvedStep, before: Before, context: AdviceContext): Repeated {
  const { step, inputs, expressions } = resolved;
  const [first] = inputs;
  const own = (first && before.get(first.name)) ?? new Map<string, Repetition>();
  switch (step.kind) {
    case 'join':
      return afterJoin(resolved as ResolvedStep<'join'>, before, context);
    case 'filter':
    case 'sort':
    case 'limit':
    case 'window':
    case 'fill':
    case 'explode':
    case 'hierarchy':
      return own;
    case 'derive':
    case 'select': {
      const made = step.columns.flatMap(({ name }, index) => {
        const reads = expressions.get(`columns.${index}.expr`)?.reads ?? [];
        const [from] = reads.flatMap((column) => own.get(column.name) ?? []);
        return from ? [[name, from] as const] : [];
      });
      return new Map([...(step.kind === 'derive' ? own : []), ...made]);
    }
    case 'rename': {
      const names = new Map(step.columns.map(({ from, to }) => [from, to] as const));
      return new Map([...own].map(([name, repetition]) => [names.get(name) ?? name, repetition] as const));
    }
    default:
      // One row a group, set operations and hand-written steps make rows of their own.
      return new Map();
  }
}

function afterJoin(resolved: ResolvedStep<'join'>, before: Before, context: AdviceContext): Repeated {
  const { step, index, inputs, expressions, columns } = resolved;
  const [left, right] = inputs;
  if (!left?.known || !right?.known || step.how === 'semi' || step.how === 'anti') return new Map();
  const keys = step.on ?? [];
  // Where no key of a table is known at all, nothing can be said about its repetitions.
  const repeats = (side: typeof left, names: readonly string[]): boolean =>
    keys.length > 0 && side.uniqueKeys.length > 0 && !isUnique(side.uniqueKeys, names);
  const byRight =
    step.how !== 'asof' &&
    repeats(
      right,
      keys.map((pair) => pair.right),
    );
  const byLeft =
    step.how !== 'asof' &&
    repeats(
      left,
      keys.map((pair) => pair.left),
    );
  if (byRight && byLeft) {
    const names = keys
      .map((pair) => (pair.left === pair.right ? pair.left : `${pair.left} = ${pair.right}`))
      .join(', ');
    const words = `${names} is unique in neither "${left.name}" nor "${right.name}": rows of both are repeated.`;
    context.report('many-to-many', { path: ['steps', index, 'on'] }, words, alongForeignKey(resolved, context));
  }
  const result = new Map<string, Repetition>();
  columns.forEach(({ name }, at) => {
    for (const read of expressions.get(`columns.${at}.expr`)?.reads ?? []) {
      const fromLeft = read.qualifier === left.qualifier;
      const earlier = before.get(fromLeft ? left.name : right.name)?.get(read.name);
      const repetition = (fromLeft ? byRight : byLeft)
        ? { join: step.name, apart: (fromLeft ? right : left).uniqueKeys }
        : earlier;
      if (repetition) result.set(name, repetition);
    }
  });
  return result;
}

function warnAggregate(resolved: ResolvedStep<'aggregate'>, before: Before, context: AdviceContext): void {
  const { step, index, inputs } = resolved;
  const [input] = inputs;
  const repeated = input && before.get(input.name);
  if (!repeated || repeated.size === 0) return;
  const groups = step.by.map(({ name }) => name);
  step.columns.forEach(({ expr }, at) => {
    const tree = expressionTree(expr, context.parser);
    for (const call of tree ? counting(tree) : []) {
      const column = tree && readInside(tree, call).find((name) => repeated.has(name));
      const repetition = column === undefined ? undefined : repeated.get(column);
      if (!repetition || isUnique(repetition.apart, groups)) continue;
      const path = ['steps', index, 'columns', at, 'expr'];
      const offset = tree?.offsetOf(call) ?? 0;
      const words = `The join "${repetition.join}" repeats the rows of "${column ?? ''}", so that ${functionName(call) ?? 'this'} counts them several times.`;
      const place = { path, part: { offset, length: (functionName(call) ?? ' ').length } };
      context.report('fan-out', place, words, withoutRepeating(resolved, repetition.join, context));
      break;
    }
  });
}

const counting = (tree: ExpressionTree): AstNode[] =>
  tree.nodes.filter((node) => countingAggregates.has(functionName(node) ?? '') && node.fields['agg_distinct'] !== true);

function readInside(tree: ExpressionTree, call: AstNode): string[] {
  return tree.nodes.flatMap((node) => {
    const name = columnName(node)?.name;
    for (let at = node.parent; at && name !== undefined; at = at.parent) if (at === call) return [name];
    return [];
  });
}
