import { identifier } from '../compiler/reference/identifier.ts';

/** The database, as far as a comparison needs it. */
interface SelectPort {
  select<Row extends object>(sql: string, signal: AbortSignal): Promise<readonly Row[]>;
}

/** Target against reference, row by row, as multisets: duplicates count, NULL equals NULL. */
export interface Comparison {
  readonly expectedRows: number;
  readonly actualRows: number;
  /** Rows of the reference that the target lacks. */
  readonly missing: number;
  /** Rows of the target that the reference does not have. */
  readonly unexpected: number;
  readonly examples: readonly Example[];
  /** Columns that were compared by relative tolerance instead of exactly. */
  readonly tolerant: readonly string[];
}

/** Whether both sides hold the same rows, as often. */
export const agrees = ({ missing, unexpected }: Comparison): boolean => missing === 0 && unexpected === 0;

export interface Example {
  readonly kind: 'missing' | 'unexpected';
  /** The row as JSON text, exactly as PostgreSQL writes it. */
  readonly row: string;
}

export interface ComparedColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
}

export interface ComparisonRequest {
  /** The target, quoted. */
  readonly table: string;
  /** A SELECT that gives the expected rows with the target's columns, in their order. */
  readonly reference: string;
  readonly columns: readonly ComparedColumn[];
}

/** Floating-point sums depend on the order of their rows: two answers this close are the same answer. */
export const floatTolerance = 1e-9;

const exampleCount = 5;

export async function compare(
  database: SelectPort,
  request: ComparisonRequest,
  signal: AbortSignal,
): Promise<Comparison> {
  const [row] = await database.select<ComparisonRow>(comparisonSql(request), signal);
  if (!row) throw new Error('The comparison returned no row.');
  return {
    expectedRows: Number(row.expected_rows),
    actualRows: Number(row.actual_rows),
    missing: Number(row.missing),
    unexpected: Number(row.unexpected),
    examples: row.examples,
    tolerant: request.columns.filter(isFloat).map(({ name }) => name),
  };
}

interface ComparisonRow {
  readonly expected_rows: string;
  readonly actual_rows: string;
  readonly missing: string;
  readonly unexpected: string;
  readonly examples: readonly Example[];
}

/** One statement, so one snapshot: both sides and their differences are read at the same instant. */
export const comparisonSql = (request: ComparisonRequest): string => `${differencesSql(request)}
select
  (select count(*) from reference_rows) as expected_rows,
  (select count(*) from target_rows) as actual_rows,
  (select count(*) from missing) as missing,
  (select count(*) from unexpected) as unexpected,
  coalesce((
    select json_agg(example) from (
      (select 'missing' as kind, to_jsonb(missing)::text as row from missing limit ${exampleCount})
      union all
      (select 'unexpected', to_jsonb(unexpected)::text from unexpected limit ${exampleCount})
    ) as example
  ), '[]') as examples`;

/** WITH, and the rows of both sides: `reference_rows`, `target_rows`, and what only one of them has: `missing`, `unexpected`. */
export function differencesSql({ table, reference, columns }: ComparisonRequest): string {
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const comparable = columns.map(comparableColumn).join(', ');
  return `with reference_rows (${names}) as materialized (
  select ${comparable} from (
${reference}
  ) as reference (${names})
), target_rows (${names}) as materialized (
  select ${comparable} from ${table}
), missing_rows as materialized (
  select * from reference_rows except all select * from target_rows
), unexpected_rows as materialized (
  select * from target_rows except all select * from reference_rows
), ${columns.some(isFloat) ? tolerantDifferences(columns) : exactDifferences}`;
}

const exactDifferences = `missing as (select * from missing_rows), unexpected as (select * from unexpected_rows)`;

/**
 * Pairs the rows that differ by all their exact columns and drops the pairs whose floats are close enough. Only rows
 * that already differ get here, so the pairing costs nothing when the answers agree.
 */
function tolerantDifferences(columns: readonly ComparedColumn[]): string {
  const exact = columns.filter((column) => !isFloat(column)).map(({ name }) => identifier(name));
  const floats = columns.filter(isFloat).map(({ name }) => identifier(name));
  const numbered = (rows: string): string =>
    `select *, row_number() over (${exact.length > 0 ? `partition by ${exact.join(', ')} ` : ''}order by ${floats.join(', ')}) as datamorph_pair from ${rows}`;
  const same = [
    ...exact.map((name) => `m.${name} is not distinct from u.${name}`),
    'm.datamorph_pair = u.datamorph_pair',
    ...floats.map(isCloseSql),
  ].join(' and ');
  const own = (side: string): string => columns.map(({ name }) => `${side}.${identifier(name)}`).join(', ');
  return `numbered_missing as materialized (${numbered('missing_rows')}),
numbered_unexpected as materialized (${numbered('unexpected_rows')}),
missing as (
  select ${own('m')} from numbered_missing m where not exists (select from numbered_unexpected u where ${same})
), unexpected as (
  select ${own('u')} from numbered_unexpected u where not exists (select from numbered_missing m where ${same})
)`;
}

/** NaN equals NaN and an infinity equals itself in PostgreSQL; only finite numbers are subtracted. */
export const isCloseSql = (name: string): string =>
  `(m.${name} is not distinct from u.${name} or case when 'NaN' in (m.${name}, u.${name}) or 'Infinity' in (abs(m.${name}), abs(u.${name})) ` +
  `then false else abs(m.${name} - u.${name}) <= ${floatTolerance} * greatest(abs(m.${name}), abs(u.${name})) end)`;

export const isFloat = ({ type }: ComparedColumn): boolean => type === 'double precision' || type === 'real';

/** Types that have no equality of their own are compared by the form that has one. */
function comparableColumn({ name, type }: ComparedColumn): string {
  const column = identifier(name);
  if (type === 'json') return `${column}::jsonb`;
  if (['xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle'].includes(type)) return `${column}::text`;
  return column;
}
