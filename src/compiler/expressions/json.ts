/** json and jsonb: kept as text in Spark, read by the runtime so that numbers and spaces stay as they are. */
import type { PgType } from '../../spec/pgType.ts';
import { constantAs } from './constants.ts';
import type { Entry } from './entry.ts';
import { runtime } from './entry.ts';
import { Refusal, type Place } from './refusal.ts';
import { not, textLiteral, type Sql } from './sparkSql.ts';
import { arrayOf, bool, isInteger, isText, nameOf, sameType, scalar, text } from './types.ts';
import { constantText, type Context, type Operation, type Value } from './value.ts';

type JsonType = 'json' | 'jsonb';

const accessors: Readonly<Record<string, 'get' | 'text'>> = { '->': 'get', '->>': 'text', '#>': 'get', '#>>': 'text' };

/** The operators of json and jsonb; nothing for other operators and types. */
export function jsonOperator(operation: Operation, context: Context): Value | undefined {
  const { name, left, right, at } = operation;
  const type = left && jsonType(left.type);
  if (!left) return undefined;
  const accessor = accessors[name];
  if (type && accessor) return access({ left, right, at, type, accessor, isPath: name.startsWith('#') }, context);
  return jsonbOperator(operation, context);
}

const jsonType = (type: PgType): JsonType | undefined => {
  const name = nameOf(type);
  return name === 'json' || name === 'jsonb' ? name : undefined;
};

interface Access {
  readonly left: Value;
  readonly right: Value;
  readonly at: Place;
  readonly type: JsonType;
  readonly accessor: 'get' | 'text';
  readonly isPath: boolean;
}

function access({ left, right, at, type, accessor, isPath }: Access, context: Context): Value | undefined {
  const result = { type: accessor === 'text' ? text : left.type, nullable: true, at };
  const name = `pg_${type}_${accessor}`;
  if (isPath) return { ...result, sql: context.runtime(`${name}_path`, left.sql, constantPath(right)) };
  const key = right.type.kind === 'unknown' ? constantAs(right, text) : right;
  if (!isText(key.type) && !isInteger(key.type)) return undefined;
  return { ...result, sql: context.runtime(isInteger(key.type) ? `${name}_at` : name, left.sql, key.sql) };
}

function constantPath(path: Value): Sql {
  const constant = constantText(path);
  if (constant !== undefined && /^\{[^"\\{}]*\}$/.test(constant)) return textLiteral(constant);
  throw new Refusal(
    'needs-constant',
    path.at,
    "A path has to be written out, such as '{a,0,b}', without quotes inside; or use jsonb_extract_path(x, a, b).",
  );
}

interface JsonbOperator {
  readonly runtime: string;
  readonly right: PgType;
  readonly result: PgType;
  readonly negated?: boolean;
  /** Whether the two sides change places. */
  readonly swapped?: boolean;
}

const jsonb = scalar('jsonb');
const jsonbOperators: Readonly<Record<string, JsonbOperator>> = {
  '=': { runtime: 'pg_jsonb_equal', right: jsonb, result: bool },
  '<>': { runtime: 'pg_jsonb_equal', right: jsonb, result: bool, negated: true },
  '@>': { runtime: 'pg_jsonb_contains', right: jsonb, result: bool },
  '<@': { runtime: 'pg_jsonb_contains', right: jsonb, result: bool, swapped: true },
  '?': { runtime: 'pg_jsonb_has', right: text, result: bool },
  '?|': { runtime: 'pg_jsonb_has_any', right: arrayOf(text), result: bool },
  '?&': { runtime: 'pg_jsonb_has_all', right: arrayOf(text), result: bool },
  '||': { runtime: 'pg_jsonb_concat', right: jsonb, result: jsonb },
};

function jsonbOperator({ name, left, right, at }: Operation, context: Context): Value | undefined {
  const operator = jsonbOperators[name === '!=' ? '<>' : name];
  if (!left || !operator || ![left.type, right.type].some((type) => nameOf(type) === 'jsonb')) return undefined;
  const first = sided(left, jsonb, context);
  const second = sided(right, operator.right, context);
  if (!first || !second) return undefined;
  const sides = operator.swapped ? [second.sql, first.sql] : [first.sql, second.sql];
  const sql = context.runtime(operator.runtime, ...sides);
  const nullable = left.nullable || right.nullable;
  return { type: operator.result, nullable, sql: operator.negated ? not(sql) : sql, at };
}

/** The operand as the operator takes it: a literal becomes a document, which PostgreSQL checks now and the runtime then. */
function sided(value: Value, type: PgType, context: Context): Value | undefined {
  if (sameType(value.type, type) || (isText(value.type) && nameOf(type) === 'text')) return value;
  if (value.type.kind !== 'unknown' || type.kind === 'array') return undefined;
  if (nameOf(type) !== 'jsonb') return constantAs(value, type);
  return { ...value, type, sql: context.runtime('pg_jsonb', value.sql) };
}

const ofDocument = (name: string, type: JsonType, result: Entry['result'], examples: readonly string[]): Entry => ({
  name,
  family: 'json',
  args: [type],
  result,
  build: (call) => ({ ...runtime(`pg_${name}`, result === 'int4' ? 'int' : undefined)(call), nullable: true }),
  examples,
});

const extraction = (type: JsonType, accessor: 'get' | 'text', examples: readonly string[]): Entry => ({
  name: `${type}_extract_path${accessor === 'text' ? '_text' : ''}`,
  family: 'json',
  args: [type, 'text'],
  rest: 'text',
  result: accessor === 'text' ? 'text' : type,
  build: (call) => ({ ...runtime(`pg_${type}_${accessor}_along`)(call), nullable: true }),
  examples,
});

/** `x_array_elements`: rows, and therefore only as the whole expression of an explode step. */
const elements = (type: JsonType, accessor: 'get' | 'text'): Entry => ({
  name: `${type}_array_elements${accessor === 'text' ? '_text' : ''}`,
  family: 'json',
  args: [type],
  result: accessor === 'text' ? 'text' : type,
  build: ({ args, context, at }) => {
    requireRows(`${type}_array_elements`, context, at);
    const sql = context.runtime(`pg_${type}_${accessor}_elements`, ...args.map((argument) => argument.sql));
    return { sql, type: arrayOf(accessor === 'text' ? text : scalar(type)), nullable: true };
  },
  examples: [],
  note: 'as the expression of an `explode` step',
});

/** A call that makes rows has to be the whole expression of a step that takes them. */
export function requireRows(name: string, context: Context, at: Place): void {
  if (context.use !== 'rows' || context.root !== at) {
    throw new Refusal(
      'rows-not-allowed',
      at,
      `${name} makes rows: use an explode step, with this call as its whole \`expr\`.`,
    );
  }
  context.makesRows = true;
}

export const jsonFunctions: readonly Entry[] = [
  ofDocument('json_typeof', 'json', 'text', ['json_typeof(js)']),
  ofDocument('jsonb_typeof', 'jsonb', 'text', ['jsonb_typeof(jb)', "jsonb_typeof(jb -> 'a')"]),
  ofDocument('json_array_length', 'json', 'int4', ['json_array_length(js)']),
  ofDocument('jsonb_array_length', 'jsonb', 'int4', ['jsonb_array_length(jb)', "jsonb_array_length(jb -> 'a')"]),
  extraction('json', 'get', ["json_extract_path(js, 'c', 'd')", "json_extract_path(js, 'a')"]),
  extraction('json', 'text', ["json_extract_path_text(js, 'c', 'd', '1')", "json_extract_path_text(js, '1')"]),
  extraction('jsonb', 'get', ["jsonb_extract_path(jb, 'c', 'd')", 'jsonb_extract_path(jb, s)']),
  extraction('jsonb', 'text', ["jsonb_extract_path_text(jb, 'b')", "jsonb_extract_path_text(jb, '3', 'a')"]),
  ...(['json', 'jsonb'] as const).flatMap((type) => [elements(type, 'get'), elements(type, 'text')]),
];
