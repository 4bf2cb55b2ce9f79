/** Arrays: one dimension, counted from 1, NULL outside. */
import { unifiedDecimal, unify } from './conditional.ts';
import { exactly } from './casts.ts';
import type { Built, Call, Entry } from './entry.ts';
import { requireRows } from './json.ts';
import { printed } from './output.ts';
import { Refusal, type Place } from './refusal.ts';
import { binary, callOf, castTo, primary, suffixed, type Sql } from './sparkSql.ts';
import type { Syntax } from './syntax.ts';
import { arrayOf, formatType, int4, isInteger, isText, nameOf, sparkType } from './types.ts';
import { constantInteger, isNull, type CompileValue, type Context, type Value } from './value.ts';

type Of<Kind extends Syntax['kind']> = Extract<Syntax, { kind: Kind }>;

export function compileArray({ items, at }: Of<'array'>, context: Context, compile: CompileValue): Value {
  if (items.length === 0) throw new Refusal('not-translatable', at, 'An empty array has no type: use a `sql` step.');
  const { values, type } = unify(
    items.map((item) => compile(item, context)),
    'ARRAY',
    at,
  );
  if (type.kind === 'array')
    throw new Refusal('not-translatable', at, 'Arrays of more than one dimension cannot be translated.');
  const decimal = unifiedDecimal(values, type);
  const array = callOf('array', ...values.map((value) => value.sql));
  const sql = values.every(isNull) ? castTo(array, sparkType(arrayOf(type), decimal.decimal)) : array;
  return { type: arrayOf(type), nullable: false, sql, ...decimal, at };
}

export function compileSubscript(
  { array, index, at }: Of<'subscript'>,
  context: Context,
  compile: CompileValue,
): Value {
  const [list, position] = [compile(array, context), exactly(compile(index, context), int4)];
  if (list.type.kind !== 'array') throw new Refusal('type-mismatch', at, `${formatType(list.type)} has no elements.`);
  if (!isInteger(position.type) || nameOf(position.type) === 'int8') {
    throw new Refusal('type-mismatch', position.at, 'A subscript has to be an integer.');
  }
  const constant = constantInteger(position);
  const zeroBased =
    constant === undefined
      ? binary(callOf('greatest', position.sql, '0'), '-', primary('1'))
      : primary(String(constant - 1));
  const { element } = list.type;
  return {
    type: element,
    nullable: true,
    sql: callOf('get', list.sql, zeroBased),
    ...(list.decimal && { decimal: list.decimal }),
    at,
  };
}

/** PostgreSQL leaves NULL out where nothing stands for it. */
function arrayToText({ args: [array, delimiter, nullText], context, at }: Call): Built {
  const texts = array ? printedElements(array, context, at) : '';
  const plain = callOf('array_join', texts, delimiter?.sql ?? 'null');
  if (!nullText || isNull(nullText)) return { sql: plain };
  const filled = callOf('array_join', texts, delimiter?.sql ?? 'null', nullText.sql);
  if (!nullText.nullable) return { sql: filled };
  const nullable = [array, delimiter].some((argument) => argument?.nullable);
  return { sql: callOf('if', suffixed(nullText.sql, 'is null'), plain, filled), nullable };
}

function printedElements(array: Value, context: Context, at: Place): Sql {
  if (array.type.kind !== 'array') throw new Refusal('type-mismatch', array.at, 'array_to_string needs an array.');
  const { element } = array.type;
  if (isText(element) && nameOf(element) !== 'bpchar') return array.sql;
  if (context.scope.columns.some((column) => column.name === 'element'))
    throw new Refusal('not-translatable', at, 'A column named `element` stands in the way: rename it.');
  const { decimal } = array;
  const value: Value = { type: element, nullable: true, sql: primary('element'), at, ...(decimal && { decimal }) };
  return callOf('transform', array.sql, `element -> ${printed(value, 'array_to_string', context).text}`);
}

export const arrayFunctions: readonly Entry[] = [
  {
    name: 'array_to_string',
    family: 'arrays',
    args: ['anyarray', 'text'],
    result: 'text',
    build: arrayToText,
    examples: ["array_to_string(at, ',')", "array_to_string(ai, '-')", 'array_to_string(at, t)', "array_to_string(array[b, not b], '')", "array_to_string(array[d, e], ' ')", "array_to_string(array[n, 1.50]::numeric(12,2)[], ' ')"], // prettier-ignore
  },
  {
    name: 'array_to_string',
    family: 'arrays',
    args: ['anyarray', 'text', 'text'],
    result: 'text',
    build: arrayToText,
    examples: ["array_to_string(at, ',', '*')", "array_to_string(ai, '-', 'none')", "array_to_string(at, ',', t)", "array_to_string(at, ',', null)"], // prettier-ignore
  },
  {
    name: 'unnest',
    family: 'arrays',
    args: ['anyarray'],
    result: 'element',
    build: ({ args: [array], context, at }) => {
      requireRows('unnest', context, at);
      return { sql: array?.sql ?? primary('null'), ...(array && { type: array.type }), nullable: true };
    },
    examples: [],
    note: 'as the expression of an `explode` step',
  },
  {
    name: 'cardinality',
    family: 'arrays',
    args: ['anyarray'],
    result: 'int4',
    build: ({ args: [array] }) => ({ sql: callOf('size', array?.sql ?? '') }),
    examples: ['cardinality(ai)', 'cardinality(at)'],
  },
  {
    name: 'array_length',
    family: 'arrays',
    args: ['anyarray', 'int4'],
    result: 'int4',
    build: ({ args: [array, dimension] }) => {
      if (array && dimension && constantInteger(dimension) === 1) {
        return { sql: callOf('nullif', callOf('size', array.sql), '0'), nullable: true };
      }
      throw new Refusal(
        'needs-constant',
        dimension?.at ?? { offset: 0, length: 0 },
        'array_length is translated for dimension 1.',
      );
    },
    examples: ['array_length(ai, 1)', 'array_length(at, 1)'],
    note: 'dimension 1 only',
  },
];
