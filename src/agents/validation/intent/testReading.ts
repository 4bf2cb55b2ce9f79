/** The prompt as somebody else read it, against what the spec says: row by row, by the comparison that judges the target. */
import { identifiers, identifier } from '../../../compiler/reference/identifier.ts';
import { agrees, compare } from '../../comparison.ts';
import type { SecondReading } from '../../intentPort.ts';
import { findChanges, type Changes } from '../changes.ts';
import type { RuleTable } from '../ruleSql.ts';
import type { Snapshot } from '../snapshot.ts';
import { ask, boundsFor, reasonOf, tooCostly, type Bounds, type IntentLimits } from './bounds.ts';
import { castOf } from './casts.ts';
import { refusalOf } from './refusal.ts';
import type { IntentSides } from './sides.ts';
import { statementOf } from './statement.ts';

type Columns = RuleTable['columns'];

/** A SELECT of the reading's rows with the target's types, or why there is none. */
export type ReadingRows =
  { readonly kind: 'sql'; readonly sql: string } | { readonly kind: 'none'; readonly reason: string };

/** It is not run yet: PostgreSQL has said what it gives, and what it expects it to cost. */
export async function readingRows(
  snapshot: Snapshot,
  reading: SecondReading,
  { target: { columns }, instant = '' }: IntentSides,
  { readingMs, cost }: IntentLimits,
): Promise<ReadingRows> {
  const query = statementOf(reading.query, instant);
  const refusal = await refusalOf(snapshot, query);
  if (refusal !== undefined) return { kind: 'none', reason: refusal };
  const bounds = boundsFor(readingMs, 2 * readingMs);
  const cast = await castSql(snapshot, query, { columns, bounds });
  if (cast.kind === 'none') return cast;
  const costly = await tooCostly(snapshot, cast.sql, { bounds, cost });
  return costly === undefined ? cast : { kind: 'none', reason: costly };
}

/** In the changes, `expected` is the row of the reading, and `actual` the one of the spec. */
export async function testReading(
  snapshot: Snapshot,
  rows: ReadingRows,
  { target: { columns }, reference, keys }: IntentSides,
  { readingMs }: IntentLimits,
): Promise<Compared> {
  const dropped = (reason: string): Compared => ({ kind: 'dropped', reason });
  if (rows.kind === 'none') return dropped(rows.reason);
  if (reference === undefined) return dropped('The spec has no reference to compare it with.');
  const compared = { table: `(\n${reference}\n) as planned`, reference: rows.sql, columns };
  const bounded: Snapshot = { ...snapshot, select: (sql) => snapshot.select(sql, { timeoutMs: readingMs }) };
  try {
    const comparison = await compare({ select: (sql) => bounded.select(sql) }, compared, snapshot.signal);
    if (agrees(comparison)) return { kind: 'agrees', rows: comparison.actualRows };
    return { kind: 'differs', changes: await findChanges(bounded, compared, keys) };
  } catch (error) {
    return dropped(`It cannot be compared. ${reasonOf(error, snapshot, readingMs)}`);
  }
}

type Compared =
  | { readonly kind: 'agrees'; readonly rows: number }
  | { readonly kind: 'differs'; readonly changes: Changes }
  | { readonly kind: 'dropped'; readonly reason: string };

/** The reading with the target's types, where that loses nothing. */
async function castSql(
  snapshot: Snapshot,
  query: string,
  { columns, bounds }: { readonly columns: Columns; readonly bounds: Bounds },
): Promise<ReadingRows> {
  const asked = await ask<Readonly<Record<string, string>>>(snapshot, typesSql(query, columns), bounds);
  if (asked.kind === 'none')
    return { kind: 'none', reason: `It does not give the ${columns.length} columns of the target. ${asked.reason}` };
  const [types = {}] = asked.rows;
  const values: string[] = [];
  for (const [at, { name, type }] of columns.entries()) {
    const [given = '', wanted = ''] = [types[`given_${at}`], types[`wanted_${at}`]];
    const cast = castOf(identifier(name), { given, wanted, type });
    if (cast === undefined)
      return { kind: 'none', reason: `Its column ${name} is ${given}, and the target's is ${type}.` };
    values.push(cast);
  }
  const names = identifiers(columns.map(({ name }) => name));
  return { kind: 'sql', sql: `select ${values.join(', ')} from (\n${query}\n) as reading (${names})` };
}

/** PostgreSQL's own names of both types, without running the query; it refuses another number of columns. */
function typesSql(query: string, columns: Columns): string {
  const names = identifiers(columns.map(({ name }) => name));
  const types = columns.map(
    ({ name, type }, at) =>
      `pg_typeof(read.${identifier(name)})::text as given_${at}, pg_typeof(null::${type})::text as wanted_${at}`,
  );
  return `select ${types.join(', ')}
from (select) as one left join (
  select * from (\n${query}\n) as reading where false union all select ${columns.map(() => 'null').join(', ')} where false
) as read (${names}) on true`;
}
