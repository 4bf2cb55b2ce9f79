/** The two sides of a validation as SQL. */
import type { ComparisonRequest } from '../comparison.ts';
import type { ValidationRequest } from '../ports.ts';
import { identifiers } from '../../compiler/reference/identifier.ts';
import type { RuleTable } from './ruleSql.ts';

export const targetOf = ({ programs, rows }: ValidationRequest): RuleTable => ({
  table: `(select * from ${rows})`,
  columns: programs.target.columns,
});

/** The expected rows under the target's names, as a table. */
export function referenceAsTable({ reference, columns }: Pick<ComparisonRequest, 'reference' | 'columns'>): RuleTable {
  const names = identifiers(columns.map(({ name }) => name));
  return { table: `(select * from (\n${reference}\n) as expected (${names}))`, columns };
}
