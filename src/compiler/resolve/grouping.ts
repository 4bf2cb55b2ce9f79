import { appendElement, fixOf } from '../../spec/edits.ts';
import type { AggregateStep } from '../../spec/spec.ts';
import { aggregateNames } from '../check/aggregates.ts';
import { columnName, expressionTree, fingerprint, functionName, type AstNode } from '../check/ast.ts';
import type { StepContext } from './context.ts';
import { plainName } from './plainName.ts';

/** Columns that an aggregate's expressions read outside any aggregate function, though a group has many values of them. */
export function ungrouped(step: AggregateStep, context: StepContext): void {
  const [input] = context.inputs;
  const names = new Set(input?.columns.map(({ name }) => name));
  const grouped = new Set(step.by.map(({ name, expr }) => (expr === undefined ? name : plainName(expr))));
  const groups = new Set(step.by.map(({ expr }) => (expr === undefined ? undefined : treeOf(expr))));
  const told = new Set<string>();
  step.columns.forEach(({ expr }, index) => {
    const tree = expressionTree(expr, context.parser);
    for (const node of tree?.nodes ?? []) {
      const column = columnName(node);
      if (!column || !names.has(column.name) || grouped.has(column.name) || covered(node)) continue;
      const offset = tree?.offsetOf(node) ?? 0;
      report(column.name, { index, offset, length: lengthOf(expr, offset) });
    }
  });

  function treeOf(expr: string): string | undefined {
    const root = expressionTree(expr, context.parser)?.root;
    return root && fingerprint(root);
  }

  function covered(node: AstNode): boolean {
    for (let at: AstNode | undefined = node; at; at = at.parent) {
      const called = functionName(at);
      if (at.tag === 'SubLink' || groups.has(fingerprint(at))) return true;
      if (called !== undefined && at.fields['over'] === undefined && aggregateNames.has(called)) return true;
    }
    return false;
  }

  function report(name: string, at: { index: number; offset: number; length: number }): void {
    if (told.has(`${at.index}.${name}`)) return;
    told.add(`${at.index}.${name}`);
    const path = ['columns', at.index, 'expr'];
    const json = `{ "name": ${JSON.stringify(name)} }`;
    const fix = fixOf(`Group by "${name}" too`, appendElement(context.positions, context.at(['by']), json));
    const sentence = `"${name}" is neither grouped nor inside an aggregate.`;
    context.reportWithin('missing-group-key', { path, ...at }, sentence, fix);
  }
}

/** A name, quoted or not, from its first letter on. */
function lengthOf(expr: string, offset: number): number {
  return (
    /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)(?:\.(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/u.exec(expr.slice(offset))?.[0]
      .length ?? 1
  );
}
