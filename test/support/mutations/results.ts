/** The tables that right and faulty jobs write, and what is told of them without the comparison that is being tested. */
import { isServerAnswer, type Postgres } from '../../../src/services/postgres.ts';
import { failingSql, spotTests, usualChecks, type Check, type Column, type Figures } from './usualSuite.ts';

export interface RightResult {
  /** The rows' texts, sorted. */
  readonly texts: string;
  readonly usual: readonly Check[];
  readonly spot: readonly Check[];
}

export const rightTable = 'right_rows';
export const jobTable = 'job_rows';

/** A job that takes longer is one that ends in its time limit. */
const jobMs = 3000;

/** Undefined where PostgreSQL refuses the statement while it runs, as a job would fail. */
export async function play(postgres: Postgres, table: string, sql: string): Promise<true | undefined> {
  return postgres.session(async (client) => {
    try {
      const made = `drop table if exists ${table}; create unlogged table ${table} as ${sql}`;
      await client.query(`begin; set local statement_timeout = ${jobMs}; ${made}; commit`);
      return true;
    } catch (error) {
      await client.query('rollback');
      if (isServerAnswer(error)) return undefined;
      throw error;
    }
  });
}

export async function rightResult(postgres: Postgres, columns: readonly Column[]): Promise<RightResult> {
  const select = (sql: string): Promise<readonly Figures[]> => postgres.query<Figures>(sql);
  const right = { table: rightTable, columns, select };
  const [usual, spot] = [await usualChecks(right), await spotTests(right)];
  return { texts: await textsOf(postgres, rightTable, columns), usual, spot };
}

/** A float is the same number where it agrees in nine digits: sums of floats depend on the order of their rows. */
export async function textsOf(postgres: Postgres, table: string, columns: readonly Column[]): Promise<string> {
  const shown = columns.map(({ name, type }) =>
    /^(double|real)/.test(type) ? `to_char("${name}"::numeric, '9.99999999EEEE')` : `"${name}"::text`,
  );
  const sql = `select row(${shown.join(', ')})::text as r from ${table}`;
  const rows = await postgres.query<{ r: string }>(sql);
  return rows
    .map(({ r }) => r)
    .sort()
    .join('\n');
}

/** Whether the usual checks fail on the job's rows, and whether these or the spot tests do. */
export async function suiteAlarms(
  postgres: Postgres,
  { usual, spot }: RightResult,
): Promise<{ readonly usual: boolean; readonly spot: boolean }> {
  const fails = async (checks: readonly Check[]): Promise<boolean> => {
    const [row] = await postgres.query<{ failing: string }>(failingSql(checks, jobTable));
    return row?.failing !== '0';
  };
  const byUsual = await fails(usual);
  return { usual: byUsual, spot: byUsual || (await fails(spot)) };
}
