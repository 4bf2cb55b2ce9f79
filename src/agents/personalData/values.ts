import type { PersonalKind } from './kinds.ts';
import { valueShapes } from './valueShapes.ts';

export interface Found {
  readonly kind: PersonalKind;
  readonly start: number;
  readonly end: number;
}

/** Personal data inside a text, in order, never overlapping. */
export function findPersonal(text: string): readonly Found[] {
  const found: Found[] = [];
  for (const { kind, pattern, accepts } of valueShapes) {
    for (const { 0: match, index: start } of text.matchAll(pattern)) {
      const end = start + match.length;
      const isTaken = found.some((each) => start < each.end && each.start < end);
      if (!isTaken && accepts(match)) found.push({ kind, start, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** A few strays in a column of something else do not make it personal; they are masked one by one all the same. */
const enough = 0.3;

/** What a column holds of people, as far as its values tell: most values of one kind, each of them wholly of it. */
export function personalKindByValues(values: readonly string[]): PersonalKind | undefined {
  const counts = new Map<PersonalKind, number>();
  for (const value of values) {
    const [first] = findPersonal(value.trim());
    if (first?.start === 0 && first.end >= value.trim().length * 0.8)
      counts.set(first.kind, (counts.get(first.kind) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] / values.length >= enough ? most[0] : undefined;
}
