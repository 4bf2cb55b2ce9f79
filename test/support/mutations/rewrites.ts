/** Every harmless rewrite of a spec: other words for the same rows. */
import type { ResolvedSpec } from '../../../src/compiler/resolved.ts';
import type { Spec, Step } from '../../../src/spec/spec.ts';
import { expressionRewrites } from './expressionRewrites.ts';
import { replaced, scopeOf, type Mutation, type StepScope } from './mutation.ts';
import { slotsOf } from './slots.ts';
import { stepRewrites } from './stepRewrites.ts';

export function rewritesOf(spec: Spec, resolved: ResolvedSpec): readonly Mutation[] {
  const inside = spec.steps.flatMap((step) => {
    const scope = scopeOf(resolved, step.name);
    return slotsOf(step).flatMap((slot) =>
      expressionRewrites(slot, typeOf(step, scope, slot.expr)).map(([family, text]): Mutation => ({
        ...{ family, step: step.name },
        spec: replaced(spec, step, slot.with(text)),
      })),
    );
  });
  return [...inside, ...stepRewrites(spec, resolved).map(([family, other]): Mutation => ({ family, spec: other }))];
}

/** Of a column that the step gives under the name of the expression. */
function typeOf(step: Step, { outputs }: StepScope, expr: string): string | undefined {
  if (!('columns' in step)) return undefined;
  const column = (step.columns as readonly object[]).find((each) => 'expr' in each && each.expr === expr);
  return column && 'name' in column ? outputs.find(({ name }) => name === column.name)?.type : undefined;
}
