/**
 * Target against reference where they stand in two databases. Each side tells what the hashes of its rows come to. Only where
 * they differ it tells so for every bucket of keys, and only the rows of buckets that differ travel.
 */
import { canonicalText, rowText, type CanonicalValue } from '../../compiler/reference/fingerprint.ts';
import { identifier } from '../../compiler/reference/identifier.ts';
import { parsePgType } from '../../spec/pgTypes.ts';
import { isFloat, floatTolerance, type ComparedColumn, type ComparisonRequest } from '../comparison.ts';
import type { Changes, DifferentRow } from './changes.ts';
import { printOf, samePrint, type Print } from './rowPrint.ts';
import type { Snapshot } from './snapshot.ts';

export interface Sides {
  readonly reference: Snapshot;
  readonly target: Snapshot;
}

export interface AcrossResult extends Changes {
  readonly expectedRows: number;
  readonly actualRows: number;
  /** Buckets that differ and were not looked into, because the rows of others were more than enough to say so. */
  readonly unseenBuckets: number;
}

export interface AcrossOptions {
  readonly buckets?: number;
  /** So many rows of one side are fetched at most. */
  readonly mostRows?: number;
}

const usual = { buckets: 4096, mostRows: 100_000 } as const;
const rowsOfEach = 20;

export type AcrossRequest = ComparisonRequest & { readonly keys: readonly string[] };

export async function compareAcross(
  sides: Sides,
  request: AcrossRequest,
  options: AcrossOptions = {},
): Promise<AcrossResult> {
  const { reference, table, columns, keys } = request;
  const [expected, actual] = await Promise.all([
    printOf(sides.reference, reference, columns),
    printOf(sides.target, `select * from ${table}`, columns),
  ]);
  return samePrint(expected, actual) ? nothingDiffers(expected, keys) : lookInto(sides, request, options);
}

function nothingDiffers(print: Print, keys: readonly string[]): AcrossResult {
  const rows = Number(print.rows);
  const none = { missing: 0, unexpected: 0, changed: 0, byColumn: {}, rows: [] };
  return { keys, ...none, expectedRows: rows, actualRows: rows, unseenBuckets: 0 };
}

async function lookInto(
  { reference, target }: Sides,
  request: AcrossRequest,
  { buckets = usual.buckets, mostRows = usual.mostRows }: AcrossOptions,
): Promise<AcrossResult> {
  const side = (select: string): string => sideSql({ select, columns: request.columns, keys: request.keys, buckets });
  const [expected, actual] = [side(request.reference), side(`select * from ${request.table}`)];
  const [left, right] = await Promise.all([bucketsOf(reference, expected), bucketsOf(target, actual)]);
  const differing = [...new Set([...left.keys(), ...right.keys()])].filter((bucket) => !same(left.get(bucket), right.get(bucket))); // prettier-ignore
  const wanted = within(differing, (bucket) => Math.max(left.get(bucket)?.rows ?? 0, right.get(bucket)?.rows ?? 0), mostRows); // prettier-ignore
  const [missing, unexpected] = await Promise.all([
    rowsIn(reference, expected, wanted),
    rowsIn(target, actual, wanted),
  ]);
  return {
    ...pairUp(missing, unexpected, request),
    expectedRows: total(left),
    actualRows: total(right),
    unseenBuckets: differing.length - wanted.length,
  };
}

interface Bucket {
  readonly rows: number;
  readonly print: string;
}

type Buckets = ReadonlyMap<number, Bucket>;

const same = (one: Bucket | undefined, other: Bucket | undefined): boolean =>
  one?.rows === other?.rows && one?.print === other?.print;

const total = (buckets: Buckets): number => [...buckets.values()].reduce((sum, { rows }) => sum + rows, 0);

/** As many of the buckets as hold so many rows together, but one at least. */
function within(buckets: readonly number[], rowsOf: (bucket: number) => number, most: number): readonly number[] {
  let rows = 0;
  return buckets.filter((bucket, at) => (rows += rowsOf(bucket)) <= most || at === 0);
}

interface SideOptions {
  readonly select: string;
  readonly columns: readonly ComparedColumn[];
  readonly keys: readonly string[];
  readonly buckets: number;
}

/** A query of `bucket`, `key`, `cells` and `row` for every row. */
function sideSql({ select, columns, keys, buckets }: SideOptions): string {
  const names = columns.map(({ name }) => identifier(name));
  const values = columns.map((column): CanonicalValue & { readonly name: string } => ({
    name: column.name,
    // json has its text for a value, jsonb what it says.
    value: `side.${identifier(column.name)}${column.type === 'json' ? '::jsonb' : ''}`,
    type: parsePgType(column.type === 'json' ? 'jsonb' : column.type),
  }));
  // Without a key the exact part of a row stands for one: floats may differ by a little.
  const keyed = keys.length > 0 ? keys : columns.filter((column) => !isFloat(column)).map(({ name }) => name);
  const key = rowText(values.filter(({ name }) => keyed.includes(name)), true); // prettier-ignore
  const cells = values.map((value) => canonicalText(value, true)).join(', ');
  return `select abs(hashtextextended(${key} collate "C", 1) % ${buckets}) as bucket, ${key} as key,
  ${rowText(values, true)} as text, array[${cells}]::text[] as cells, to_jsonb(side)::text as row
from (select * from (${select}\n) as rows (${names.join(', ')})) as side`;
}

async function bucketsOf(snapshot: Snapshot, side: string): Promise<Buckets> {
  const sql = `select bucket::int, count(*)::text as rows, sum(hashtextextended(text collate "C", 0))::text as print from (${side}) as side group by bucket`;
  const found = await snapshot.select<{ bucket: number; rows: string; print: string }>(sql);
  return new Map(found.map(({ bucket, rows, print }) => [bucket, { rows: Number(rows), print }]));
}

interface FoundRow {
  readonly key: string;
  readonly text: string;
  readonly cells: readonly (string | null)[];
  readonly row: string;
}

async function rowsIn(snapshot: Snapshot, side: string, buckets: readonly number[]): Promise<readonly FoundRow[]> {
  if (buckets.length === 0) return [];
  const sql = `select key, text, cells, row from (${side}) as side where bucket in (${buckets.join(', ')}) order by key, text`;
  return snapshot.select<FoundRow>(sql);
}

/** First rows that are equal leave, as a multiset; then those of one key are paired in their order. */
function pairUp(
  expected: readonly FoundRow[],
  actual: readonly FoundRow[],
  { columns, keys }: { readonly columns: readonly ComparedColumn[]; readonly keys: readonly string[] },
): Changes {
  const [left, right] = [groups(expected), groups(actual)];
  const lists: Record<DifferentRow['kind'], DifferentRow[]> = { changed: [], missing: [], unexpected: [] };
  const byColumn = new Map<string, number>();
  for (const key of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const [mine, theirs] = withoutEqual(left.get(key) ?? [], right.get(key) ?? []);
    const places = Math.max(mine.length, theirs.length);
    for (let place = 0; place < places; place++) {
      const [wanted, got] = [mine[place], theirs[place]];
      const cells = wanted && got ? differing(wanted, got, columns) : [];
      if (wanted && got && cells.length === 0) continue;
      if (wanted && got && keys.length > 0) {
        lists.changed.push({ kind: 'changed', expected: wanted.row, actual: got.row, cells });
        for (const cell of cells) byColumn.set(cell, (byColumn.get(cell) ?? 0) + 1);
        continue;
      }
      if (wanted) lists.missing.push({ kind: 'missing', expected: wanted.row });
      if (got) lists.unexpected.push({ kind: 'unexpected', actual: got.row });
    }
  }
  const { changed, missing, unexpected } = lists;
  return {
    keys,
    ...{ missing: missing.length, unexpected: unexpected.length, changed: changed.length },
    byColumn: Object.fromEntries([...byColumn].sort()),
    rows: [changed, missing, unexpected].flatMap((list) => list.slice(0, rowsOfEach)),
  };
}

function groups(rows: readonly FoundRow[]): ReadonlyMap<string, readonly FoundRow[]> {
  const found = new Map<string, FoundRow[]>();
  for (const row of rows) {
    const list = found.get(row.key);
    if (list) list.push(row);
    else found.set(row.key, [row]);
  }
  return found;
}

type Pair = readonly [readonly FoundRow[], readonly FoundRow[]];

function withoutEqual(mine: readonly FoundRow[], theirs: readonly FoundRow[]): Pair {
  const left = new Map<string, number>();
  for (const { text } of theirs) left.set(text, (left.get(text) ?? 0) + 1);
  const taken = new Map<string, number>();
  const onlyMine = mine.filter(({ text }) => {
    const open = (left.get(text) ?? 0) - (taken.get(text) ?? 0);
    if (open > 0) taken.set(text, (taken.get(text) ?? 0) + 1);
    return open <= 0;
  });
  const onlyTheirs = theirs.filter(({ text }) => {
    const gone = taken.get(text) ?? 0;
    if (gone > 0) taken.set(text, gone - 1);
    return gone <= 0;
  });
  return [onlyMine, onlyTheirs];
}

const differing = (one: FoundRow, other: FoundRow, columns: readonly ComparedColumn[]): readonly string[] =>
  columns.flatMap((column, at) => (isSame(one.cells[at], other.cells[at], column) ? [] : [column.name]));

function isSame(one: string | null | undefined, other: string | null | undefined, column: ComparedColumn): boolean {
  if (one === other) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  if (/^jsonb?$/.test(column.type)) return plainJson(one) === plainJson(other);
  if (!isFloat(column)) return false;
  const [left, right] = [Number(one), Number(other)];
  return Math.abs(left - right) <= floatTolerance * Math.max(Math.abs(left), Math.abs(right));
}

/** PostgreSQL keeps the zeros at the end of a number in jsonb, and takes no notice of them. */
const plainJson = (text: string): string =>
  text.replace(/"(?:\\.|[^"\\])*"|-?\d+\.\d+/g, (token) =>
    token.startsWith('"') ? token : token.replace(/\.?0+$/, ''),
  );
