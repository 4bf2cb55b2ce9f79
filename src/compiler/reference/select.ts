import type { OrderItem } from '../../spec/spec.ts';
import { tokens } from '../tokens.ts';

/**
 * SQL as logical lines. An expression keeps its own line breaks inside its line, because indenting them could change a
 * literal.
 */
export type Lines = readonly string[];

const width = 100;

/** `keyword a, b`, or one item a line where they are too long together. */
export function list(keyword: string, items: readonly string[]): Lines {
  const line = `${keyword} ${items.join(', ')}`;
  if (line.length <= width && !line.includes('\n')) return [line];
  return [keyword, ...items.map((item, index) => `  ${item}${index < items.length - 1 ? ',' : ''}`)];
}

export const indent = (lines: Lines): Lines => lines.map((line) => `  ${line}`);

/** The expression as written; where a comment could swallow what follows, on lines of its own. */
export function written(expression: string): string {
  const text = expression.trim();
  return tokens(text).some((token) => token.kind === 'comment' && token.text.startsWith('--')) ? `${text}\n` : text;
}

/** Safe beside any operator: a single word or literal stays bare. */
export function parenthesised(expression: string): string {
  const text = written(expression);
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

export function ordered(items: readonly OrderItem[], turned = false): string {
  return items.map((item) => orderItem(item, turned)).join(', ');
}

/** Turned round, the order that reads the same rows from the other end. */
function orderItem({ expr, direction = 'asc', nulls }: OrderItem, turned: boolean): string {
  const descending = (direction === 'desc') !== turned;
  const place = nulls ?? (direction === 'desc' ? 'first' : 'last');
  const nullsFirst = (place === 'first') !== turned;
  // PostgreSQL's own rule goes without saying.
  const nullsClause = nullsFirst === descending ? '' : nullsFirst ? ' nulls first' : ' nulls last';
  return `${orderKey(expr)}${descending ? ' desc' : ''}${nullsClause}`;
}

/** A bare literal would be read as a column's position. */
const orderKey = (expression: string): string =>
  /^[a-z_]\w*(\.[a-z_]\w*)?$/i.test(expression.trim()) ? expression.trim() : `(${written(expression)})`;

/** A name that none of the given ones takes. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`;
  return name;
}
