/**
 * The checks that a careful engineer derives from a right result, as Great Expectations offers them, and spot tests beside
 * them: for comparison with a validation that looks at every row.
 */
import { isExact, isNumeric, isOrderable, isText, isTimestamp } from './mutation.ts';

export interface Column {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
}

export interface Check {
  readonly kind: string;
  /** A scalar subquery over `job`, true where the check passes. */
  readonly sql: string;
}

/** What a check is made from: one row of the right result's figures. */
export type Figures = Readonly<Record<string, string | null>>;

type Select = (sql: string) => Promise<readonly Figures[]>;

const fewValues = 10;
const tolerance = 0.05;

export interface Table {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly select: Select;
}

/** The usual suite of a result; all of it passes on the result itself. */
export async function usualChecks({ table, columns, select }: Table): Promise<readonly Check[]> {
  const [counted] = await select(`select count(*)::text as rows from ${table}`);
  const rows = Number(counted?.['rows'] ?? 0);
  const margin = Math.max(1, Math.ceil(rows * tolerance));
  const checks: Check[] = [
    { kind: 'row count', sql: `select count(*) between ${rows - margin} and ${rows + margin} from job` },
  ];
  for (const column of columns) checks.push(...(await columnChecks({ column, table, rows, select })));
  return checks;
}

interface OneColumn {
  readonly column: Column;
  readonly table: string;
  readonly rows: number;
  readonly select: Select;
}

async function columnChecks({ column: { name, type }, table, rows, select }: OneColumn): Promise<readonly Check[]> {
  const column = `"${name}"`;
  const [figures = {}] = await select(`select count(${column})::text as given,
    count(distinct ${column}::text)::text as different from ${table}`);
  const [given, different] = [Number(figures['given']), Number(figures['different'])];
  const checks: Check[] = [
    {
      kind: 'type',
      sql: `select coalesce(bool_and(pg_typeof(${column}) = '${type.replace(/\(.*?\)/, '')}'::regtype), true) from job`,
    },
  ];
  if (given === 0) return checks;
  if (given === rows) checks.push({ kind: 'not null', sql: `select bool_and(${column} is not null) from job` });
  if (different === rows && rows > 1)
    checks.push({ kind: 'unique', sql: `select count(*) = count(distinct ${column}::text) from job` });
  if ((isText(type) || type === 'boolean') && different <= fewValues && different * 2 <= rows)
    checks.push(await accepted(column, table, select));
  else if (isText(type)) checks.push(await lengths(column, table, select));
  if (isNumeric(type)) checks.push(...(await numbers(column, table, select)));
  else if (isOrderable(type) && (isTimestamp(type) || type === 'date'))
    checks.push(await moments(column, table, select));
  return checks;
}

async function accepted(column: string, table: string, select: Select): Promise<Check> {
  const values = await select(
    `select distinct quote_literal(${column}::text) as v from ${table} where ${column} is not null`,
  );
  const list = values.map(({ v }) => v).join(', ');
  return { kind: 'accepted values', sql: `select coalesce(bool_and(${column}::text in (${list})), true) from job` };
}

async function lengths(column: string, table: string, select: Select): Promise<Check> {
  const [f = {}] = await select(
    `select min(length(${column}))::text as low, max(length(${column}))::text as high from ${table}`,
  );
  return {
    kind: 'length',
    sql: `select coalesce(bool_and(length(${column}) between ${f['low']} and ${f['high']}), true) from job`,
  };
}

/** The range as it was seen, and mean and sum within a tolerance. */
async function numbers(column: string, table: string, select: Select): Promise<readonly Check[]> {
  const [f = {}] = await select(`select min(${column})::text as low, max(${column})::text as high,
    avg(${column}::numeric)::text as mean, sum(${column}::numeric)::text as total from ${table}
    where ${column}::text not in ('NaN', 'Infinity', '-Infinity')`);
  if (f['low'] === null || f['low'] === undefined) return [];
  const near = (what: string, value: string): string =>
    `select coalesce(abs(${what}(${column}::numeric) - ${value}) <= ${tolerance} * abs(${value}), false) from job where ${column}::text not in ('NaN', 'Infinity', '-Infinity')`;
  return [
    {
      kind: 'range',
      sql: `select coalesce(bool_and(${column} between '${f['low']}' and '${f['high'] ?? ''}'), true) from job`,
    },
    { kind: 'mean', sql: near('avg', f['mean'] ?? '0') },
    { kind: 'sum', sql: near('sum', f['total'] ?? '0') },
  ];
}

async function moments(column: string, table: string, select: Select): Promise<Check> {
  const [f = {}] = await select(`select min(${column})::text as low, max(${column})::text as high from ${table}`);
  return {
    kind: 'range',
    sql: `select coalesce(bool_and(${column} between '${f['low']}' and '${f['high']}'), true) from job`,
  };
}

/** The exact number of rows, the exact sum of up to two columns, and two rows as they stand. */
export async function spotTests({ table, columns, select }: Table): Promise<readonly Check[]> {
  const exact = columns.filter(({ type }) => isExact(type)).slice(0, 2);
  const sums = exact.map(({ name }) => `sum("${name}")::text as "${name}"`);
  const [f = {}] = await select(`select ${['count(*)::text as datamorph_rows', ...sums].join(', ')} from ${table}`);
  const rows = await select(`(select (r.*)::text as t from ${table} as r order by 1 limit 1)
    union (select (r.*)::text from ${table} as r order by 1 desc limit 1)`);
  return [
    { kind: 'exact row count', sql: `select count(*) = ${f['datamorph_rows']} from job` },
    ...exact.map(({ name }): Check => ({
      kind: 'exact sum',
      sql: `select sum("${name}") is not distinct from ${f[name] ?? 'null'} from job`,
    })),
    ...rows.map(({ t }): Check => ({
      kind: 'exact row',
      sql: `select count(*) > 0 from job as r where (r.*)::text = '${(t ?? '').replaceAll("'", "''")}'`,
    })),
  ];
}

/** One statement that tells how many of the checks fail over a table that is called `job`. */
export const failingSql = (checks: readonly Check[], table: string): string =>
  `with job as (select * from ${table}) select (${checks
    .map(({ sql }) => `(coalesce((${sql}), false) is false)::int`)
    .join(' + ')})::text as failing`;
