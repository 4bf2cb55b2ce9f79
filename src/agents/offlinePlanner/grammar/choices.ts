/** Values of new columns, which conditions may choose: `'a' if … otherwise 'b'`. */
import type { Cursor } from '../cursor.ts';
import type { Condition, Expr } from '../intent.ts';
import { condition } from './conditions.ts';
import { expression, sum } from './expressions.ts';

export function value(cursor: Cursor): Expr | undefined {
  return cursor.first(
    () => choice(cursor),
    () => expression(cursor),
  );
}

/** `'high' if amount > 100 otherwise 'low'`; `'a' when …, 'b' when …, else 'c'`. */
function choice(cursor: Cursor): Expr | undefined {
  const branches: { when: Condition; then: Expr }[] = [];
  for (;;) {
    const branch = cursor.attempt(() => {
      if (branches.length > 0) cursor.take(',', 'and', ';');
      const then = sum(cursor);
      if (!then || cursor.take('if', 'when', 'where') === undefined) return undefined;
      const when = condition(cursor);
      return when && { when, then };
    });
    if (!branch) break;
    branches.push(branch);
  }
  if (branches.length === 0) return undefined;
  const otherwise = cursor.attempt(() => {
    cursor.take(',', 'and', ';');
    return cursor.take('otherwise', 'else') === undefined ? undefined : sum(cursor);
  });
  return { kind: 'case', branches, ...(otherwise && { otherwise }) };
}
