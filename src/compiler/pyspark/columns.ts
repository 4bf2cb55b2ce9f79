/** Columns and expressions of Spark as PySpark says them: a name where it is only a column, `F.expr` otherwise. */
import { runInstant, type CompiledExpression } from '../expressions/contract.ts';
import { identifier } from '../expressions/sparkSql.ts';
import type { OrderItem } from '../../spec/spec.ts';
import { Untranslatable } from './untranslatable.ts';
import { call, method, string, word, type Code } from './layout.ts';

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name as Spark SQL reads it; also what DataFrame methods take, where a dot would mean a field. */
export const sparkName = (name: string): string => (plainName.test(name) ? name : `\`${name.replaceAll('`', '``')}\``);

/** A name inside SQL text, where a keyword needs quoting too. */
export const sparkColumn = (name: string, qualifier?: string): string =>
  qualifier === undefined ? identifier(name) : `${identifier(qualifier)}.${identifier(name)}`;

/** Stands for the run's instant inside our texts, where a column might be called like the real placeholder. */
const instantMark = '\u0002';

/** The expression's text for Spark. */
export function sparkText({ spark, usesRunInstant, reads }: CompiledExpression): string {
  if (!usesRunInstant) return spark;
  const confusing = reads.find(({ name }) => name.includes(runInstant));
  if (confusing)
    throw new Untranslatable('not-translatable', `Beside the clock no column can be called ${confusing.name}.`);
  return spark.replaceAll(runInstant, instantMark);
}

/** The SQL text as Python: an f-string is never needed, the instant is put in by name. */
export function sqlString(text: string): Code {
  if (!text.includes(instantMark)) return string(text);
  return method(word('job'), 'at_instant', string(text.replaceAll(instantMark, runInstant)));
}

export const expr = (text: string): Code => call('F.expr', sqlString(text));

const words = new Set(['true', 'false', 'null']);

/** The expression under a name: `"name"` where it is that column already. */
export function columnAs(text: string, name: string): Code {
  if (text === sparkColumn(name)) return string(sparkName(name));
  const column =
    /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(text) && !words.has(text) ? call('F.col', string(text)) : expr(text);
  return method(column, 'alias', string(name));
}

export interface Ordering {
  readonly text: string;
  readonly item: OrderItem;
  /** From the other end. */
  readonly turned?: boolean;
}

/** Spark's own NULL order is the other way round from PostgreSQL's, so it is always said. */
export function orderColumn({ text, item, turned = false }: Ordering): Code {
  const { direction = 'asc' } = item;
  const nulls = item.nulls ?? (direction === 'desc' ? 'first' : 'last');
  const descending = (direction === 'desc') !== turned;
  const first = (nulls === 'first') !== turned;
  const column = plainName.test(text) && !words.has(text) ? call('F.col', string(text)) : expr(text);
  return method(column, `${descending ? 'desc' : 'asc'}_nulls_${first ? 'first' : 'last'}`);
}
