/** What the mutations work on, and what they give: specs that differ from a right one by one fault, or not at all in meaning. */
import { formatPgType } from '../../../src/spec/pgTypes.ts';
import type { Column, ResolvedSpec } from '../../../src/compiler/resolved.ts';
import type { Spec, Step } from '../../../src/spec/spec.ts';

export interface Mutation {
  readonly family: string;
  /** Where the fault lies; left out where it lies between the last step and the target. */
  readonly step?: string;
  readonly spec: Spec;
}

export interface TypedColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
}

/** What a step sees and gives. */
export interface StepScope {
  readonly inputs: readonly TypedColumn[];
  readonly outputs: readonly TypedColumn[];
  /** Of each input by itself, under its name. */
  readonly of: ReadonlyMap<string, readonly TypedColumn[]>;
}

const noScope: StepScope = { inputs: [], outputs: [], of: new Map() };

const typed = ({ name, type, nullable }: Column): TypedColumn => ({ name, type: formatPgType(type), nullable });

export function scopeOf(resolved: ResolvedSpec, step: string): StepScope {
  const found = resolved.steps.find((each) => each.step.name === step);
  if (!found) return noScope;
  const of = new Map(found.inputs.map(({ name, columns }) => [name, columns.map(typed)] as const));
  return { inputs: [...of.values()].flat(), outputs: found.columns.map(typed), of };
}

/** A name that no source and no step has. */
export function freeName({ sources, steps }: Spec, wanted: string): string {
  const taken = new Set([...sources, ...steps].map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  return name;
}

/** The spec with these steps in the place of one. */
export const replaced = (spec: Spec, step: Step, ...others: readonly Step[]): Spec => ({
  ...spec,
  steps: spec.steps.flatMap((each) => (each === step ? others : [each])),
});

export const isNumeric = (type: string): boolean =>
  /^(numeric|integer|bigint|smallint|double precision|real)(\(.*\))?$/.test(type);
export const isExact = (type: string): boolean => /^(numeric|integer|bigint|smallint)(\(.*\))?$/.test(type);
export const isText = (type: string): boolean => /^(text|character( varying)?(\(\d+\))?)$/.test(type);
export const isTimestamp = (type: string): boolean => /^timestamp[^[]*$/.test(type);
/** Has an order and an equality on both sides. */
export const isOrderable = (type: string): boolean =>
  isNumeric(type) || isText(type) || isTimestamp(type) || type === 'date' || type === 'boolean';
