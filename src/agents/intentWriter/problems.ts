import type { Prepared } from '../../compiler/describe.ts';
import { identifier } from '../../compiler/reference/identifier.ts';
import type { TargetColumn } from '../../spec/spec.ts';
import type { Intent } from '../intentPort.ts';
import { statementOf } from '../validation/intent/statement.ts';

/** Any one will do for a statement that is never run. */
const anInstant = '2000-01-01 00:00:00+00';

export interface IntentChecks {
  /** Why a query may not be run; undefined where it may. */
  readonly refusal: (query: string) => string | undefined;
  /** PostgreSQL's own word on a statement, which is never run. */
  readonly prepare?: (sql: string, signal: AbortSignal) => Promise<Prepared>;
}

export interface CheckedIntent {
  readonly intent: Intent;
  readonly columns: readonly TargetColumn[];
  readonly signal: AbortSignal;
}

/** What is wrong with the queries, in words for the model, which mends them once. */
export async function problemsOf(
  { intent: { tests, reading }, columns, signal }: CheckedIntent,
  { refusal, prepare }: IntentChecks,
): Promise<readonly string[]> {
  const described = async (query: string, frame: (query: string) => string): Promise<Prepared | undefined> => {
    const statement = statementOf(query, anInstant);
    const refused = refusal(statement);
    return refused === undefined ? prepare?.(frame(statement), signal) : { error: refused };
  };
  const problems: string[] = [];
  const report = (where: string, error: string): void => {
    problems.push(`${where}: ${error}`);
  };
  if (reading) {
    const found = await described(reading.query, (statement) => statement);
    if (found && 'error' in found) report('The reading', found.error);
    else if (found && found.columns.length !== columns.length)
      report('The reading', `it gives ${found.columns.length} columns, and <columns> has ${columns.length}.`);
  }
  for (const { name, query } of tests) {
    const found = await described(query, (statement) => overNothing(statement, columns));
    if (found && 'error' in found) report(`The test ${JSON.stringify(name)}`, found.error);
  }
  return problems;
}

/** The test over a target that has no rows and needs no table. */
function overNothing(query: string, columns: readonly TargetColumn[]): string {
  const values = columns.map(({ name, type }) => `null::${type} as ${identifier(name)}`);
  return `with target as (select ${values.join(', ')} where false)\nselect from (\n${query}\n) as broken`;
}
