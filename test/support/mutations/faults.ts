/** Every fault of a spec: in what its steps are, in their expressions, in what they read, and in what becomes of their rows. */
import type { ResolvedSpec } from '../../../src/compiler/resolved.ts';
import type { Spec, Step } from '../../../src/spec/spec.ts';
import { expressionFaults } from './expressionFaults.ts';
import { freeName, replaced, scopeOf, type Mutation } from './mutation.ts';
import { slotsOf } from './slots.ts';
import { stepFaults } from './stepFaults.ts';
import { wrappedFaults } from './wrappedFaults.ts';

export function faultsOf(spec: Spec, resolved: ResolvedSpec): readonly Mutation[] {
  return [...spec.steps.flatMap((step) => stepMutations(spec, resolved, step)), ...targetMutations(spec, resolved)];
}

function stepMutations(spec: Spec, resolved: ResolvedSpec, step: Step): readonly Mutation[] {
  const scope = scopeOf(resolved, step.name);
  const own = stepFaults(step, scope);
  const inside = slotsOf(step).flatMap((slot) =>
    expressionFaults(slot.expr, scope.inputs).map(([family, text]) => [family, slot.with(text)] as const),
  );
  const inPlace = [...own, ...inside].map(([family, faulty]): Mutation => ({
    ...{ family, step: step.name },
    spec: replaced(spec, step, faulty),
  }));
  return [...inPlace, ...fannedOut(spec, step), ...behindStep(spec, resolved, step)];
}

/** The right side of a join holds its rows twice. */
function fannedOut(spec: Spec, step: Step): readonly Mutation[] {
  if (step.kind !== 'join') return [];
  const twice = freeName(spec, 'twice');
  const doubled: Step = { name: twice, kind: 'union', inputs: [step.right, step.right] };
  const joined: Step = { ...step, right: twice, rightAs: step.rightAs ?? step.right };
  return [{ family: 'fan-out', step: step.name, spec: replaced(spec, step, doubled, joined) }];
}

/** One fault of each family; all of them would be the same for every step. */
function behindStep(spec: Spec, resolved: ResolvedSpec, step: Step): readonly Mutation[] {
  const raw = freeName(spec, `${step.name}_raw`);
  const faults = new Map(wrappedFaults(scopeOf(resolved, step.name).outputs));
  return [...faults].map(([family, make]) => ({
    ...{ family, step: step.name },
    spec: replaced(spec, step, { ...step, name: raw }, make(step.name, raw)),
  }));
}

function targetMutations(spec: Spec, resolved: ResolvedSpec): readonly Mutation[] {
  const written = freeName(spec, 'written');
  const nullable = new Map(resolved.target.columns.map(({ name, given }) => [name, given?.nullable ?? true]));
  const columns = spec.target.columns.map(({ name, type }) => ({ name, type, nullable: nullable.get(name) ?? true }));
  return wrappedFaults(columns).map(([family, make]) => ({
    family,
    spec: {
      ...spec,
      steps: [...spec.steps, make(written, spec.target.from)],
      target: { ...spec.target, from: written },
    },
  }));
}
