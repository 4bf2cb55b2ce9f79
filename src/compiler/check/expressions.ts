import { fixOf, replaceWithin } from '../../spec/edits.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { Scope, ScopeColumn } from '../expressions/contract.ts';
import { scopeOf } from '../resolve/context.ts';
import type { ResolvedStep } from '../resolved.ts';
import { isText, isTimestamp } from '../typeRules.ts';
import {
  childrenOf,
  columnName,
  constant,
  expressionTree,
  operatorName,
  type AstNode,
  type ExpressionTree,
} from './ast.ts';
import type { Advice, AdviceContext } from './rule.ts';

/** An expression of the document with all that a rule about it needs. */
interface Looking {
  readonly text: string;
  readonly tree: ExpressionTree;
  readonly scope: Scope;
  readonly path: JsonPath;
  readonly context: AdviceContext;
}

/** Expressions that PostgreSQL accepts, and that seldom say what was meant. */
export const expressionAdvice: Advice = (context) => {
  for (const resolved of context.resolved.steps) {
    const scope: Scope = { columns: resolved.inputs.flatMap((input) => scopeOf(input).columns) };
    for (const [key] of resolved.expressions) {
      const path: JsonPath = [
        'steps',
        resolved.index,
        ...key.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      ];
      const text = textAt(resolved, path);
      if (text === undefined || !suspicious.test(text)) continue;
      const tree = expressionTree(text, context.parser);
      if (!tree) continue;
      const looking: Looking = { text, tree, scope, path, context };
      for (const node of tree.nodes) if (node.tag === 'A_Expr') lookAt(node, looking);
    }
  }
};

/** Without one of these there is nothing to look for, and most expressions have none. */
const suspicious = /[<>]|\bin\b|\bbetween\b/i;

/** What the document says at the path; nothing for an implied column. */
function textAt({ step }: ResolvedStep, path: JsonPath): string | undefined {
  let value: unknown = step;
  for (const part of path.slice(2)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(String(part));
  }
  return typeof value === 'string' ? value : undefined;
}

function lookAt(node: AstNode, looking: Looking): void {
  switch (node.fields['kind']) {
    case 'AEXPR_OP':
      textComparison(node, looking);
      break;
    case 'AEXPR_IN':
      notIn(node, looking);
      break;
    case 'AEXPR_BETWEEN':
      between(node, looking);
      break;
    default:
  }
}

const sides = (node: AstNode, { tree }: Looking) =>
  [childrenOf(tree, node, 'lexpr')[0], childrenOf(tree, node, 'rexpr')[0]] as const;

function columnOf(node: AstNode | undefined, { scope }: Looking): ScopeColumn | undefined {
  const named = node && columnName(node);
  return (
    named &&
    scope.columns.find(({ name, qualifier }) => name === named.name && (named.qualifier ?? qualifier) === qualifier)
  );
}

const comparisons = new Set(['<', '>', '<=', '>=']);

function textComparison(node: AstNode, looking: Looking): void {
  if (!comparisons.has(operatorName(node) ?? '')) return;
  const [left, right] = sides(node, looking);
  for (const [one, other] of [[left, right] as const, [right, left] as const]) {
    const column = columnOf(one, looking);
    const value = constant(other);
    if (!column || !isText(column.type) || typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) continue;
    const { context, path, text } = looking;
    const start = one && looking.tree.offsetOf(one);
    if (start === undefined) continue;
    const end = start + lengthOfWord(text, start);
    const fix = fixOf(
      'Compare as a number',
      replaceWithin(context.positions, path, { offset: end, length: 0, text: '::numeric' }),
    );
    const words = `"${column.name}" is a text: as texts, '10' comes before '9'.`;
    context.report('text-number-comparison', { path, part: { offset: start, length: end - start } }, words, fix);
  }
}

/** A NULL that is written out is told by the expression's compiler. */
function notIn(node: AstNode, looking: Looking): void {
  if (operatorName(node) !== '<>') return;
  const { context, path, tree } = looking;
  const offset = tree.offsetOf(node) ?? 0;
  const list = childrenOf(tree, node, 'rexpr').concat(itemsOf(node, tree));
  const nullish = list.find((item) => columnOf(item, looking)?.nullable);
  if (!nullish) return;
  const words = `"${columnName(nullish)?.name ?? ''}" may be NULL, and then this is never true.`;
  const at = tree.offsetOf(nullish) ?? offset;
  context.report(
    'nullable-not-in',
    { path, part: { offset: at, length: lengthOfWord(looking.text, at) } },
    words,
    withoutItem(at, looking),
  );
}

/** An item of a list, together with the comma that it leaves. */
function withoutItem(at: number, { text, path, context }: Looking) {
  const end = at + lengthOfWord(text, at);
  const before = /,\s*$/.exec(text.slice(0, at));
  const after = /^\s*,\s*/.exec(text.slice(end));
  if (!before && !after) return undefined;
  const offset = before ? before.index : at;
  const length = (before ? end : end + (after?.[0].length ?? 0)) - offset;
  return fixOf('Take it out of the list', replaceWithin(context.positions, path, { offset, length, text: '' }));
}

/** The items of `in (...)` stand in a list of their own. */
function itemsOf(node: AstNode, tree: ExpressionTree): AstNode[] {
  const list = tree.nodes.find((child) => child.parent === node && child.under === 'rexpr' && child.tag === 'List');
  return list ? tree.nodes.filter((child) => child.parent === list) : [];
}

function between(node: AstNode, looking: Looking): void {
  const { context, path, tree, text } = looking;
  const column = columnOf(sides(node, looking)[0], looking);
  if (!column || !isTimestamp(column.type)) return;
  const bound = itemsOf(node, tree)[1];
  const offset = tree.offsetOf(node) ?? 0;
  const day = dayOf(bound, tree);
  if (bound && day === undefined) return;
  const words = `"${column.name}" has a time of day: \`between\` leaves out what happens on the last day after midnight.`;
  const fix = day === undefined ? undefined : halfOpen({ node, day }, looking);
  context.report(
    'between-timestamps',
    { path, part: { offset, length: Math.min('between'.length, text.length - offset) } },
    words,
    fix,
  );
}

/** The day of `'2026-01-31'` or of a cast of it; nothing for a bound with a time. */
function dayOf(bound: AstNode | undefined, tree: ExpressionTree): string | undefined {
  const value = bound?.tag === 'TypeCast' ? constant(childrenOf(tree, bound, 'arg')[0]) : constant(bound);
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

interface Between {
  readonly node: AstNode;
  readonly day: string;
}

/** `x between a and 'day'` becomes `x >= a and x < date 'day' + 1`. */
function halfOpen({ node, day }: Between, looking: Looking) {
  const { text, tree, path, context } = looking;
  const start = tree.offsetOf(childrenOf(tree, node, 'lexpr')[0] ?? node) ?? 0;
  const match =
    /^(\S+)(\s+)between\s+(.+?)\s+and\s+((?:date|timestamp|timestamptz)\s*)?'\d{4}-\d{2}-\d{2}'(::\w+)?/i.exec(
      text.slice(start),
    );
  if (!match) return undefined;
  const [whole, name = '', , from = ''] = match;
  const mended = `${name} >= ${from} and ${name} < date '${day}' + 1`;
  return fixOf(
    'Write a half-open range',
    replaceWithin(context.positions, path, { offset: start, length: whole.length, text: mended }),
  );
}

/** A name or a number, from its first letter on. */
function lengthOfWord(text: string, offset: number): number {
  const word = /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)(?:\.(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/u.exec(text.slice(offset));
  return word?.[0].length ?? 1;
}
