/** What PostgreSQL says about the columns of the golden `sql` steps, for compiling them without a database. */
import type { Column } from '../../src/compiler/resolved.ts';
import { parsePgType } from '../../src/spec/pgTypes.ts';

const columns = (...definitions: readonly string[]): readonly Column[] =>
  definitions.map((definition) => {
    const [name = '', ...type] = definition.split(' ');
    return { name, type: parsePgType(type.join(' ')), nullable: true };
  });

/** By the step's name, which is its own in every golden spec. */
export const described: ReadonlyMap<string, readonly Column[]> = new Map([
  ['spending', columns('name text', 'area text', 'count bigint', 'spent numeric')],
  ['places', columns('region text', 'people bigint')],
]);
