import type { Cursor } from '../cursor.ts';
import type { Clause } from '../intent.ts';
import { measure } from './measures.ts';

/** `pivot total amount by status per customer`, `with one column per status`. */
export function pivot(cursor: Cursor): readonly Clause[] | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const word = cursor.take(
    'pivot',
    'with one column per',
    'with one column for each',
    'with a column for each',
    'one column per',
    'with a column per',
    'as columns per',
    'pivoted by',
    'pivot by',
    'pivoted on',
  );
  if (word === undefined) return undefined;
  const of = word === 'pivot' ? cursor.attempt(() => measure(cursor)) : undefined;
  if (word === 'pivot' && (!of || cursor.take('by', 'over', 'on', 'across') === undefined)) {
    cursor.expect('“pivot”, a measure, “by” and a column');
    return;
  }
  const column = cursor.column();
  if (!column) {
    cursor.expect('the column whose values become columns');
    return;
  }
  const values = cursor.attempt(() => {
    if (cursor.take('with values', 'for', 'with the values', 'with columns', 'in', 'values') === undefined)
      return undefined;
    cursor.take('(');
    const found = cursor.list(() => cursor.text());
    cursor.take(')');
    return found;
  });
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  const clause: Clause = { kind: 'pivot', pivot: { column, text, offset, ...(values && { values }) }, offset };
  return of ? [{ kind: 'measures', measures: [of], offset }, clause] : [clause];
}
