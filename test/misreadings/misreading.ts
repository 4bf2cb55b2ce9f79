import type { Intent } from '../../src/agents/intentPort.ts';
import type { Plan } from './plan.ts';

export type Family =
  | 'other date'
  | 'other measure'
  | 'missed exclusion'
  | 'other grain'
  | 'other unit'
  | 'other join'
  | 'wrong table'
  | 'NULL treated otherwise'
  | 'other bound'
  | 'distinct'
  | 'other row kept';

/** A sentence, the spec that answers it, one that answers a slightly different one, and what a competent model would say of it. */
export interface Misreading {
  readonly family: Family;
  readonly prompt: string;
  readonly right: Plan;
  /** What is wrong in the other spec: texts of the right one, and what stands there instead. */
  readonly instead: readonly (readonly [text: string, other: string])[];
  readonly intent: Intent;
}

interface Said {
  readonly words: string;
  readonly reading: string;
  /** By name: the rows that break it. */
  readonly tests: Readonly<Record<string, string>>;
}

export const misreading = (
  family: Family,
  prompt: string,
  { plan, instead, ...said }: Pick<Misreading, 'instead'> & { readonly plan: Plan } & Said,
): Misreading => ({
  ...{ family, prompt, right: plan, instead },
  intent: {
    reading: { words: said.words, query: said.reading },
    tests: Object.entries(said.tests).map(([name, query]) => ({ name, says: `${name}.`, query })),
  },
});

/** The spec that answers another question; every text has to stand in the right one, as JSON writes it. */
export function misread(
  { steps, ...rest }: Readonly<Record<string, unknown>>,
  { instead, prompt }: Misreading,
): string {
  const faulty = instead.reduce((text, [right, other]) => {
    if (!text.includes(right)) throw new Error(`${prompt}: no ${right} in ${text}`);
    return text.replaceAll(right, other);
  }, JSON.stringify(steps));
  return JSON.stringify({ ...rest, steps: JSON.parse(faulty) as unknown });
}
