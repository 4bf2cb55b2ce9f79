/** A value as PostgreSQL prints it, which for some types is not what a cast to text gives. */
import { castValue } from './casts.ts';
import { Refusal } from './refusal.ts';
import { primary, type Sql } from './sparkSql.ts';
import { isText, nameOf, text } from './types.ts';
import type { Context, Value } from './value.ts';

/** `by` is the function that prints it. */
export function printed(value: Value, by: string, context: Context): Sql {
  if (nameOf(value.type) === 'bpchar')
    throw new Refusal('not-translatable', value.at, `${by} keeps the padding of character(n): cast it to text.`);
  if (isText(value.type)) return value.sql;
  if (nameOf(value.type) === 'bool')
    return primary(`case when ${value.sql.text} then 't' when not (${value.sql.text}) then 'f' end`);
  return castValue(value, text, context).sql;
}
