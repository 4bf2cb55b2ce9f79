import type { Bindings } from './bindings.ts';
import type { GateRule } from './finding.ts';
import { argumentsOf, attributeOf, calleeOf, nodesOf, type Argument, type PyNode } from './pythonTree.ts';
import { staticTexts, staticValue } from './staticValue.ts';

/** Which arguments of a call Spark reads as SQL: all of them, or those from a place on and by keyword. */
const sinks: ReadonlyMap<string, number> = new Map([
  ['expr', 0],
  ['selectExpr', 0],
  ['at_instant', 0],
  ['number_series', 0],
  ['time_series', 0],
  ['hierarchy', 1],
  ['as_of_join', 2],
]);

/**
 * Spark's SQL can call any class of the JVM and read any file, so what becomes SQL is written out in the script, where it can
 * be read: a text, or texts put together from texts that are written out.
 */
export const sqlTexts: GateRule = ({ root, bindings, report }) => {
  for (const call of nodesOf(root)) {
    const callee = calleeOf(call);
    const name = callee && attributeOf(callee)?.name.text;
    if (!callee || name === undefined) continue;
    if (name === 'where' || name === 'filter') condition(call, callee);
    else if (sinks.has(name)) {
      argumentsOf(call).forEach((argument, at) => {
        if (argument.name === undefined && at < (sinks.get(name) ?? 0) && !argument.star) return;
        written(argument, name);
      });
    }
  }

  function written({ value, star }: Argument, name: string): void {
    const texts = star ? undefined : textsOf(value, bindings);
    if (!texts) report('sql', value, `What ${name}(...) is given has to be written out: its text depends on the run.`);
    else for (const text of texts) judge(text, value);
  }

  function condition(call: PyNode, callee: PyNode): void {
    const owner = attributeOf(callee)?.object;
    // F.filter is about the elements of an array.
    if (owner && bindings.isFunctions(owner)) return;
    for (const { value, star } of argumentsOf(call)) {
      const texts = star ? undefined : textsOf(value, bindings);
      if (texts) for (const text of texts) judge(text, value);
      else if (star || !isColumn(value, bindings)) {
        report('sql', value, 'A condition is a text that is written out, or made with F: F.col("name") == 1.');
      }
    }
  }

  function judge(text: string, at: PyNode): void {
    const found = harmIn(text);
    if (found !== undefined) report('sql', at, `SQL may not hold ${found}.`);
  }
};

function textsOf(node: PyNode, bindings: Bindings): readonly string[] | undefined {
  const texts = staticTexts(node, bindings);
  if (texts) return texts;
  const value = staticValue(node, bindings);
  return value === undefined ? undefined : [JSON.stringify(value)];
}

const longestText = 20_000;

/** The first thing in a SQL text that reaches beyond the rows. */
export function harmIn(text: string): string | undefined {
  if (text.length > longestText) return `more than ${longestText} characters`;
  // A comment may stand between a name and its bracket; what looks like one may stand in a text.
  const bare = text.replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ');
  return harms.find(([pattern]) => pattern.test(text) || pattern.test(bare))?.[1];
}

const harms: readonly (readonly [RegExp, string])[] = [
  [/\b(?:java_method|reflect|try_reflect)\b/i, 'calls into the JVM'],
  [/\bidentifier\s*\(/i, 'names that are put together'],
  [/\bselect\b|\(\s*(?:table|from|with)\b/i, 'a query: rows come from job.read(...)'],
  [/\btransform\b[\s\S]*\busing\b/i, 'calls of programs'],
  [/`[^`]*[/\\:][^`]*`/, 'paths of files'],
  [/\bxpath\w*\s*\(/i, 'XPath'],
  [/\b(?:input_file_\w+|current_user|session_user|current_catalog|current_database)\b/i, 'what tells of the machine'],
  [/\$\{/, 'variables of the session'],
];

const comparisons = new Set(['isNull', 'isNotNull', 'isin', 'between', 'like', 'rlike', 'ilike', 'eqNullSafe', 'cast']);

/** A condition that is named by a name of a name is better written out. */
const mostNames = 3;

/** Whether an expression can only be a column, never a text. */
function isColumn(node: PyNode, bindings: Bindings, within: readonly string[] = []): boolean {
  const inner = (child: PyNode): boolean => isColumn(child, bindings, within);
  switch (node.kind) {
    case 'ParenthesizedExpression':
      return node.children.filter(({ kind }) => !['(', ')', 'Comment'].includes(kind)).every(inner);
    case 'UnaryExpression':
      return true;
    case 'BinaryExpression':
      return node.children.some(({ kind }) => ['CompareOp', 'BitOp', 'in', 'is'].includes(kind));
    case 'CallExpression': {
      const [callee] = node.children;
      if (callee?.kind === 'VariableName') return isUserFunction(callee.text, bindings);
      const attribute = callee && attributeOf(callee);
      if (!attribute) return false;
      const isText = attribute.name.text === 'at_instant';
      return (
        !isText &&
        (bindings.isFunctions(attribute.object) || comparisons.has(attribute.name.text) || inner(attribute.object))
      );
    }
    case 'VariableName': {
      const values = bindings.values.get(node.text) ?? [];
      if (values.length === 0 || within.length >= mostNames || within.includes(node.text)) return false;
      return values.every((bound) => bound && !bound.each && isColumn(bound.node, bindings, [...within, node.text]));
    }
    default:
      return false;
  }
}

/** `name = F.udf(...)`: what it gives is a column. */
function isUserFunction(name: string, bindings: Bindings): boolean {
  const values = bindings.values.get(name) ?? [];
  return (
    values.length > 0 &&
    values.every((bound) => {
      const callee = bound && !bound.each ? calleeOf(bound.node) : undefined;
      const attribute = callee && attributeOf(callee);
      return attribute?.name.text === 'udf' && bindings.isFunctions(attribute.object);
    })
  );
}
