import { identifier, identifiers } from '../compiler/reference/identifier.ts';

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

/** A first look that keeps no row, and a second one only where the first has found that the sides differ. */
export async function compare(
  database: SelectPort,
  request: ComparisonRequest,
  signal: AbortSignal,
): Promise<Comparison> {
  const seen = await onlyRow(database.select<Totals>(totalsSql(request), signal));
  const differs = seen.missing !== '0' || seen.unexpected !== '0';
  const row = differs
    ? await onlyRow(database.select<Found>(comparisonSql(request), signal))
    : { ...seen, examples: [] };
  return {
    expectedRows: Number(row.expected_rows),
    actualRows: Number(row.actual_rows),
    missing: Number(row.missing),
    unexpected: Number(row.unexpected),
    examples: row.examples,
    tolerant: request.columns.filter(isFloat).map(({ name }) => name),
  };
}

async function onlyRow<Row extends object>(rows: Promise<readonly Row[]>): Promise<Row> {
  const [row] = await rows;
  if (!row) throw new Error('The comparison returned no row.');
  return row;
}

interface Totals {
  readonly expected_rows: string;
  readonly actual_rows: string;
  readonly missing: string;
  readonly unexpected: string;
}

interface Found extends Totals {
  readonly examples: readonly Example[];
}

/** Both sides in one pass that PostgreSQL can share among workers. Floats are compared exactly here: all equal is enough to know. */
export const totalsSql = (request: ComparisonRequest): string => `with ${sidesSql(request)}, datamorph_groups as (
${groupsSql(request)}
)
select ${rowCounts},
  coalesce(sum(greatest(datamorph_balance, 0)), 0)::bigint as missing,
  coalesce(sum(greatest(-datamorph_balance, 0)), 0)::bigint as unexpected
from datamorph_groups`;

/** One statement, so one snapshot: both sides and their differences are read at the same instant. */
export const comparisonSql = (
  request: ComparisonRequest,
): string => `with ${sidesSql(request)}, datamorph_groups as materialized (
${groupsSql(request)}
), ${onlySql(request)}
select counted.*,
  (select count(*) from missing) as missing,
  (select count(*) from unexpected) as unexpected,
  coalesce((
    select json_agg(example) from (
      (select 'missing' as kind, to_jsonb(missing)::text as row from missing limit ${exampleCount})
      union all
      (select 'unexpected', to_jsonb(unexpected)::text from unexpected limit ${exampleCount})
    ) as example
  ), '[]') as examples
from (select ${rowCounts} from datamorph_groups) as counted`;

/** WITH, and the rows that only one side has: `missing` and `unexpected`. */
export const differencesSql = (
  request: ComparisonRequest,
): string => `with ${sidesSql(request)}, datamorph_groups as materialized (
${groupsSql(request)} having sum(datamorph_side) <> 0
), ${onlySql(request)}`;

/** The rows of both sides, in the form in which they are compared. */
function sidesSql({ table, reference, columns }: ComparisonRequest): string {
  const names = columns.length > 0 ? ` (${identifiers(columns.map(({ name }) => name))})` : '';
  const comparable = columns.map((column) => `, ${comparableColumn(column)} as ${identifier(column.name)}`).join('');
  return `datamorph_sides as (
  select 1 as datamorph_side${comparable} from (
${reference}
  ) as reference${names}
  union all
  select -1${comparable} from ${table}
)`;
}

/** Equal rows of both sides together; how many more of them the reference has is the balance. */
function groupsSql({ columns }: ComparisonRequest): string {
  const names = columns.map(({ name }) => identifier(name));
  const sums = ['sum(datamorph_side) as datamorph_balance', 'count(*) as datamorph_rows'];
  return `  select ${[...names, ...sums].join(', ')} from datamorph_sides group by ${names.join(', ') || '()'}`;
}

const rowCounts = `coalesce(sum(datamorph_rows + datamorph_balance) / 2, 0)::bigint as expected_rows,
  coalesce(sum(datamorph_rows - datamorph_balance) / 2, 0)::bigint as actual_rows`;

function onlySql({ columns }: ComparisonRequest): string {
  if (columns.some(isFloat)) return tolerantlyOnlySql(columns);
  const names = identifiers(columns.map(({ name }) => name));
  const only = (balance: string): string => `select ${names} from datamorph_groups, generate_series(1, ${balance})`;
  return `missing as materialized (${only('datamorph_balance')}),
unexpected as materialized (${only('-datamorph_balance')})`;
}

type Side = 'expected' | 'actual';

const balanceOf: Readonly<Record<Side, string>> = {
  expected: 'datamorph_balance > 0',
  actual: 'datamorph_balance < 0',
};

/**
 * Pairs the rows that differ by all their exact columns and drops the pairs whose floats are close enough. Grouping pairs
 * them: a join by columns that may be NULL would look at every pair of rows.
 */
function tolerantlyOnlySql(columns: readonly ComparedColumn[]): string {
  const exact = columns.filter((column) => !isFloat(column)).map(({ name }) => identifier(name));
  const floats = columns.filter(isFloat).map(({ name }) => identifier(name));
  const valueOf = (side: Side, float: string): string => `datamorph_${side}_${floats.indexOf(float)}`;
  const found = (['expected', 'actual'] as const).flatMap((side) => [
    `bool_or(${balanceOf[side]}) as datamorph_${side}`,
    ...floats.map((float) => `max(${float}) filter (where ${balanceOf[side]}) as ${valueOf(side, float)}`),
  ]);
  const close = floats.map((float) => isCloseSql(valueOf('expected', float), valueOf('actual', float)));
  const paired = ['datamorph_expected', 'datamorph_actual', ...close].join(' and ');
  const only = (side: Side): string => {
    const own = columns.map(({ name }) => identifier(name)).map((name) => (floats.includes(name) ? `${valueOf(side, name)} as ${name}` : name)); // prettier-ignore
    return `select ${own.join(', ')} from datamorph_pairs where datamorph_${side} and (${paired}) is not true`;
  };
  return `datamorph_numbered as (
  select datamorph_groups.*, row_number() over (
    partition by ${[...exact, 'sign(datamorph_balance)'].join(', ')} order by ${floats.join(', ')}
  ) as datamorph_place
  from datamorph_groups, generate_series(1, abs(datamorph_balance))
), datamorph_pairs as materialized (
  select ${[...exact, ...found].join(', ')} from datamorph_numbered group by ${[...exact, 'datamorph_place'].join(', ')}
), missing as materialized (${only('expected')}),
unexpected as materialized (${only('actual')})`;
}

/** NaN equals NaN and an infinity equals itself in PostgreSQL; only finite numbers are subtracted. NULL where one of them is NULL. */
export const isCloseSql = (one: string, other: string): string =>
  `(${one} is not distinct from ${other} or case when 'NaN' in (${one}, ${other}) or 'Infinity' in (abs(${one}), abs(${other})) ` +
  `then false else abs(${one} - ${other}) <= ${floatTolerance} * greatest(abs(${one}), abs(${other})) end)`;

export const isFloat = ({ type }: ComparedColumn): boolean => type === 'double precision' || type === 'real';

/** Text byte by byte, whatever the column's own collation; types that have no equality of their own by the form that has one. */
function comparableColumn({ name, type }: ComparedColumn): string {
  const column = identifier(name);
  const [element, brackets] = type.endsWith('[]') ? [type.slice(0, -2), '[]'] : [type, ''];
  if (element === 'json') return `${column}::jsonb${brackets}`;
  if (withoutEquality.has(element)) return `${column}::text${brackets}`;
  return collated.test(element) ? `${column} collate "C"` : column;
}

const withoutEquality = new Set(['xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']);
const collated = /^(text|name|character varying|character)\b/;
