/** json and jsonb: kept as text in Spark, read by the runtime so that numbers and spaces stay as they are. */
import { constantAs } from './constants.ts';
import type { Entry } from './entry.ts';
import { runtime } from './entry.ts';
import { Refusal } from './refusal.ts';
import { textLiteral } from './sparkSql.ts';
import { isInteger, isText, nameOf, text } from './types.ts';
import { constantText, type Context, type Operation, type Value } from './value.ts';

const accessors: Readonly<Record<string, string>> = { '->': 'get', '->>': 'text', '#>': 'path', '#>>': 'path_text' };

/** `->`, `->>`, `#>` and `#>>` on json and jsonb; nothing for other operators and types. */
export function jsonOperator({ name, left, right, at }: Operation, context: Context): Value | undefined {
  const type = left && nameOf(left.type);
  const accessor = accessors[name];
  if (!left || !accessor || (type !== 'json' && type !== 'jsonb')) return undefined;
  if (type === 'json') {
    throw new Refusal(
      'not-translatable',
      at,
      'json keeps its spaces and repeated keys: cast to jsonb first, such as (x::jsonb ->> ...).',
    );
  }
  const key = right.type.kind === 'unknown' && name.startsWith('-') ? constantAs(right, text) : right;
  const result = name.endsWith('>>') ? text : left.type;
  if (name.startsWith('#')) {
    const path = constantText(right);
    if (path === undefined || !/^\{[^"\\{}]*\}$/.test(path)) {
      throw new Refusal(
        'needs-constant',
        right.at,
        "A path has to be written out, such as '{a,0,b}', without quotes inside.",
      );
    }
    return {
      type: result,
      nullable: true,
      sql: context.runtime(`pg_${type}_${accessor}`, left.sql, textLiteral(path)),
      at,
    };
  }
  if (!isText(key.type) && !isInteger(key.type)) return undefined;
  const suffix = isInteger(key.type) ? `${accessor}_at` : accessor;
  return { type: result, nullable: true, sql: context.runtime(`pg_${type}_${suffix}`, left.sql, key.sql), at };
}

const scalarFunction = (
  name: string,
  type: 'json' | 'jsonb',
  result: Entry['result'],
  examples: readonly string[],
): Entry => ({
  name,
  family: 'json',
  args: [type],
  result,
  build: (call) => ({ ...runtime(`pg_${name}`, result === 'int4' ? 'int' : undefined)(call), nullable: true }),
  examples,
});

export const jsonFunctions: readonly Entry[] = [
  scalarFunction('json_typeof', 'json', 'text', ['json_typeof(js)']),
  scalarFunction('jsonb_typeof', 'jsonb', 'text', ['jsonb_typeof(jb)', "jsonb_typeof(jb -> 'a')"]),
  scalarFunction('json_array_length', 'json', 'int4', ['json_array_length(js)']),
  scalarFunction('jsonb_array_length', 'jsonb', 'int4', ['jsonb_array_length(jb)', "jsonb_array_length(jb -> 'a')"]),
];
