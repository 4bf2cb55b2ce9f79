import { parseDocument } from './json.ts';
import { plainValue } from './jsonValue.ts';
import { positionsOf, type Positions } from './positions.ts';
import type { Problem } from './problem.ts';
import { problemAt } from './problemCodes.ts';
import { readShape } from './readShape.ts';
import { distinctColumns, types } from './rules/columns.ts';
import { order, references, unused } from './rules/references.ts';
import type { Rule, RuleContext } from './rules/rule.ts';
import { stepRules } from './rules/steps.ts';
import { checkRules, targetRules } from './rules/target.ts';
import type { Spec } from './spec.ts';
import { specShape } from './specShape.ts';

export interface SpecDocument {
  readonly text: string;
  /** Left out where the text is not of the spec's type. It may still be wrong: see whether `problems` holds an error. */
  readonly spec?: Spec;
  /** In the document's order. */
  readonly problems: readonly Problem[];
  readonly positions: Positions;
}

/** Reads a document. Whatever the text is, the answer is problems, never an exception. */
export function readSpec(text: string): SpecDocument {
  const { root, problems: syntax } = parseDocument(text);
  const positions = positionsOf(text, root);
  if (!root) return { text, positions, problems: syntax };
  const shape = readShape(root, specShape, positions);
  const problems = [...syntax, ...shape.problems];
  if (!shape.sound) return { text, positions, problems: inOrder(problems) };
  const spec = plainValue(root) as Spec;
  const context: RuleContext = {
    spec,
    positions,
    report(code, path, message, fix) {
      problems.push(problemAt(code, positions.span(path), message, fix?.fix));
    },
  };
  for (const rule of rules) rule(context);
  return { text, positions, spec, problems: inOrder(problems) };
}

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');

const rules: readonly Rule[] = [references, order, unused, distinctColumns, types, stepRules, targetRules, checkRules];

const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => a.span.offset - b.span.offset);
