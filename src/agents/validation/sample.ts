/**
 * Above a stated size only ranges of a key are compared, spread evenly over the rows and the same each time. Both sides are
 * counted whole, so that rows which are lost or doubled outside the ranges are not missed.
 */
import { identifier, identifiers, literal } from '../../compiler/reference/identifier.ts';
import { compare, isFloat, type ComparedColumn, type Comparison, type ComparisonRequest } from '../comparison.ts';
import type { Proof } from '../verdict.ts';
import type { Snapshot } from './snapshot.ts';

/** So many rows are compared one by one; of more a sample. */
export const mostComparedRows = 20_000_000;

const rangeCount = 8;

export interface Sample {
  readonly said: NonNullable<Proof['sample']>;
  /** Both sides, narrowed to the ranges. */
  readonly request: ComparisonRequest;
  readonly comparison: Comparison;
}

/** Undefined where there are no more rows than may be compared, or no column to choose them by. */
export async function compareSample(
  snapshot: Snapshot,
  request: ComparisonRequest,
  { keys, mostRows }: { readonly keys: readonly string[]; readonly mostRows: number },
): Promise<Sample | undefined> {
  const column = columnToRangeOver(request.columns, keys);
  if (!column || !(await holdsMoreThan(snapshot, request.table, mostRows))) return undefined;
  const { expected, actual } = await countBoth(snapshot, request);
  const ranges = await rangesOf(snapshot, request, { column, share: mostRows / actual });
  const narrow = narrowed(request, ranges.map((range) => withinSql(column, range)).join(' or '));
  const found = await compare({ select: (sql) => snapshot.select(sql) }, narrow, snapshot.signal);
  const said = { rows: found.actualRows, of: actual, range: rangeWords(column, ranges) };
  return { said, request: narrow, comparison: wholeOf(found, { expected, actual }) };
}

/** The first column of the key; without a key the first that has an order and is exact. */
function columnToRangeOver(columns: readonly ComparedColumn[], keys: readonly string[]): ComparedColumn | undefined {
  const [key] = keys;
  const known = columns.find(({ name }) => name === key);
  return [...(known ? [known] : []), ...columns].find((column) => isOrdered(column));
}

const isOrdered = (column: ComparedColumn): boolean =>
  !isFloat(column) && !/^(json|xml|point|line|lseg|box|path|polygon|circle|boolean)\b/.test(column.type);

async function holdsMoreThan(snapshot: Snapshot, table: string, rows: number): Promise<boolean> {
  const sql = `select count(*)::text as rows from (select from ${table} limit ${rows + 1}) as counted`;
  const [found] = await snapshot.select<{ readonly rows: string }>(sql);
  return Number(found?.rows) > rows;
}

interface Counts {
  readonly expected: number;
  readonly actual: number;
}

async function countBoth(snapshot: Snapshot, { table, reference }: ComparisonRequest): Promise<Counts> {
  const sql = `select (select count(*) from (\n${reference}\n) as reference)::text as expected,
  (select count(*) from ${table})::text as actual`;
  const [found] = await snapshot.select<{ readonly expected: string; readonly actual: string }>(sql);
  return { expected: Number(found?.expected), actual: Number(found?.actual) };
}

interface Range {
  /** Left out where the range has no end on this side. */
  readonly from?: string;
  readonly to?: string;
}

/** Evenly spread over the target's own values; the first and the last have no outer end, so that no edge is missed. */
async function rangesOf(
  snapshot: Snapshot,
  { table }: ComparisonRequest,
  { column, share }: { readonly column: ComparedColumn; readonly share: number },
): Promise<readonly Range[]> {
  const width = share / rangeCount;
  const starts = Array.from({ length: rangeCount }, (_, at) => (at * (1 - width)) / (rangeCount - 1));
  const places = starts.flatMap((start) => [start, start + width]).map((place) => Math.min(1, place).toFixed(9));
  const sql = `select (percentile_disc(array[${places.join(', ')}]::float8[]) within group (order by ${ordered(column)}))::text[] as bounds
from ${table}`;
  const [found] = await snapshot.select<{ readonly bounds: readonly string[] | null }>(sql);
  const bounds = found?.bounds ?? [];
  return starts.map((_, at) => {
    const [from, to] = [bounds[2 * at], bounds[2 * at + 1]];
    return {
      ...(at > 0 && from !== undefined && { from }),
      ...(at < rangeCount - 1 && to !== undefined && { to }),
    };
  });
}

/** Text by its bytes: an order that both sides have, whatever the collation of a column or of an expression is. */
const ordered = ({ name, type }: ComparedColumn): string =>
  isText(type) ? `${identifier(name)}::text collate "C"` : identifier(name);

const isText = (type: string): boolean => /^(text|character|"char"|name|citext|bpchar)/.test(type);

function withinSql(column: ComparedColumn, { from, to }: Range): string {
  const bound = (value: string): string => `${literal(value)}::${isText(column.type) ? 'text' : column.type}`;
  const sides = [
    ...(from === undefined ? [] : [`${ordered(column)} >= ${bound(from)}`]),
    ...(to === undefined ? [] : [`${ordered(column)} <= ${bound(to)}`]),
  ];
  return `(${sides.join(' and ') || 'true'})`;
}

function narrowed({ table, reference, columns }: ComparisonRequest, where: string): ComparisonRequest {
  const names = identifiers(columns.map(({ name }) => name));
  return {
    table: `(select * from ${table} where ${where}) as sampled`,
    reference: `select * from (\n${reference}\n) as sampled (${names}) where ${where}`,
    columns,
  };
}

/** What is too few or too many outside the ranges is missing or unexpected there, whichever rows they are. */
function wholeOf(found: Comparison, { expected, actual }: Counts): Comparison {
  const outside = expected - found.expectedRows - (actual - found.actualRows);
  return {
    ...found,
    expectedRows: expected,
    actualRows: actual,
    missing: found.missing + Math.max(0, outside),
    unexpected: found.unexpected + Math.max(0, -outside),
  };
}

/** Without the values themselves: a key may be personal. */
const rangeWords = ({ name }: ComparedColumn, ranges: readonly Range[]): string =>
  `${ranges.length} ranges of ${name}, spread evenly over its values`;
