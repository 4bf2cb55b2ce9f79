import type { PersonalKind } from './kinds.ts';
import { findPersonal } from './values.ts';

/** Puts marks in the place of personal data. Equal values get equal marks within one masker, so that rows can still be told apart. */
export interface Masker {
  /** A whole value of a column that is known to be personal. */
  readonly value: (kind: PersonalKind, value: string) => string;
  /** A text in which personal data may stand. */
  readonly text: (text: string) => string;
  /** What has been masked so far. */
  readonly kinds: () => readonly PersonalKind[];
}

export function createMasker(): Masker {
  const numbers = new Map<PersonalKind, Map<string, number>>();
  const value = (kind: PersonalKind, text: string): string => {
    const known = numbers.get(kind) ?? new Map<string, number>();
    numbers.set(kind, known);
    const number = known.get(text) ?? known.size + 1;
    known.set(text, number);
    return `‹${kind} ${number}›`;
  };
  return {
    value,
    text: (text) =>
      findPersonal(text).reduceRight(
        (masked, { kind, start, end }) =>
          masked.slice(0, start) + value(kind, text.slice(start, end)) + masked.slice(end),
        text,
      ),
    kinds: () => [...numbers.keys()],
  };
}
