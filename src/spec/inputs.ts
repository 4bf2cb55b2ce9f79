import type { JsonPath } from './positions.ts';
import type { Step } from './spec.ts';

export interface InputReference {
  readonly name: string;
  /** Where the step says it. */
  readonly path: JsonPath;
}

/** The sources and steps that a step reads, in the order of its own properties. */
export function inputsOf(step: Step): readonly InputReference[] {
  switch (step.kind) {
    case 'filter':
    case 'derive':
    case 'select':
    case 'rename':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'dedupe':
    case 'pivot':
    case 'unpivot':
    case 'explode':
    case 'fill':
    case 'hierarchy':
      return [{ name: step.from, path: ['from'] }];
    case 'join':
    case 'intersect':
    case 'except':
      return [
        { name: step.left, path: ['left'] },
        { name: step.right, path: ['right'] },
      ];
    case 'union':
    case 'sql':
    case 'python':
      return step.inputs.map((name, index) => ({ name, path: ['inputs', index] }));
    case 'series':
      return [];
  }
}

/** Steps in an order in which each stands after all that it reads; what runs in a circle is left out. */
export function topological(steps: readonly Step[]): readonly { readonly step: Step; readonly index: number }[] {
  const indexOf = new Map(steps.map((step, index) => [step.name, index] as const));
  const state = new Map<number, 'open' | 'done' | 'cyclic'>();
  const order: { step: Step; index: number }[] = [];
  const visit = (index: number): boolean => {
    const known = state.get(index);
    if (known !== undefined) return known === 'done';
    const step = steps[index];
    if (!step) return true;
    state.set(index, 'open');
    const sound = inputsOf(step)
      .map(({ name }) => indexOf.get(name))
      .every((input) => input === undefined || visit(input));
    state.set(index, sound ? 'done' : 'cyclic');
    if (sound) order.push({ step, index });
    return sound;
  };
  steps.forEach((_, index) => visit(index));
  return order;
}
