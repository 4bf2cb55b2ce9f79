/** Column references: found in the scope, or refused with the name that was probably meant. */
import type { Scope, ScopeColumn } from './contract.ts';
import { decimalOf } from './decimals.ts';
import { Refusal } from './refusal.ts';
import { identifier, primary } from './sparkSql.ts';
import type { Syntax } from './syntax.ts';
import { nameOf } from './types.ts';
import type { Context, Value } from './value.ts';

export function resolveColumn({ path, at }: Extract<Syntax, { kind: 'column' }>, context: Context): Value {
  const name = path.at(-1) ?? '';
  const qualifier = path.length > 1 ? path.at(-2) : undefined;
  const found = context.scope.columns.filter(
    (column) => column.name === name && (qualifier === undefined || column.qualifier === qualifier),
  );
  const [column, other] = path.length > 2 ? [] : found;
  if (!column) throw unknownColumn(path.join('.'), name, context.scope, at);
  if (other) {
    const choices = found.map(written).join(' or ');
    throw new Refusal('ambiguous-column', at, `More than one input has a column ${name}: write ${choices}.`);
  }
  context.reads.add(column);
  const isNumeric =
    nameOf(column.type) === 'numeric' || (column.type.kind === 'array' && nameOf(column.type.element) === 'numeric');
  const decimal = column.decimal ?? decimalOf(column.type.kind === 'array' ? column.type.element : column.type);
  const prefix = qualifier === undefined ? '' : `${identifier(qualifier)}.`;
  return {
    type: column.type,
    nullable: column.nullable,
    sql: primary(prefix + identifier(name)),
    ...(isNumeric && { decimal }),
    at,
  };
}

function unknownColumn(path: string, name: string, scope: Scope, at: { offset: number; length: number }): Refusal {
  const [nearest] = scope.columns
    .map((column) => ({ column, distance: editDistance(name.toLowerCase(), column.name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((left, right) => left.distance - right.distance);
  if (!nearest) {
    const names = scope.columns.slice(0, 8).map(written).join(', ');
    return new Refusal('unknown-column', at, `There is no column ${path}${names && `; there is ${names}`}.`);
  }
  const replacement = written(nearest.column);
  const fix = { title: `Change to ${replacement}`, replacement };
  return new Refusal('unknown-column', at, `There is no column ${path}: did you mean ${replacement}?`, fix);
}

/** As PostgreSQL reads it back: a name that is not plain lower case needs its quotes. */
const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

const written = ({ qualifier, name }: ScopeColumn): string =>
  qualifier === undefined ? quoted(name) : `${quoted(qualifier)}.${quoted(name)}`;

/** Levenshtein's distance, by rows. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(left).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(right).entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? left.length;
}
