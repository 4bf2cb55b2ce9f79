/** Orders that tell every row apart: what is asked for, then a key. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { OrderItem } from '../../../spec/spec.ts';
import type { Field } from './draft.ts';

/** A column as it can be ordered and told apart on both sides: `character` is padded with blanks, which Spark would compare. */
export const comparable = ({ name, refs }: Field): string =>
  refs.some(({ column }) => /^character\(|^bpchar/.test(column.type)) ? `${identifier(name)}::text` : identifier(name);

export function totalOrder(first: readonly OrderItem[], keys: readonly Field[]): readonly OrderItem[] {
  const named = new Set(first.map(({ expr }) => expr));
  return [
    ...first,
    ...keys
      .map(comparable)
      .filter((name) => !named.has(name))
      .map((expr) => ({ expr })),
  ];
}

/** NULL is no greatest value: it comes last, whichever end comes first. */
export const ranked = (name: string, direction: 'asc' | 'desc', nullable = true): OrderItem => ({
  expr: identifier(name),
  ...(direction === 'desc' && { direction, ...(nullable && { nulls: 'last' as const }) }),
});

export const overOrder = (items: readonly OrderItem[]): string =>
  items
    .map(({ expr, direction, nulls }) => `${expr}${direction ? ` ${direction}` : ''}${nulls ? ` nulls ${nulls}` : ''}`)
    .join(', ');
