/** Aggregates whose result depends on the order of the rows: string_agg and array_agg. */
import { exactly, textOf } from './casts.ts';
import { nullable, type Aggregated, type AggregateEntry, type Aggregation } from './aggregation.ts';
import { Refusal } from './refusal.ts';
import { callOf, primary, stringLiteral, suffixed, type Sql } from './sparkSql.ts';
import type { SortKey } from './syntax.ts';
import { arrayOf, formatType, isText, nameOf, text } from './types.ts';
import { constantText, decimalFor, type Value } from './value.ts';

export const orderedEntries: readonly AggregateEntry[] = [
  {
    name: 'string_agg',
    build: stringAgg,
    overWindow: false,
    examples: [
      "string_agg(s, ',' order by s)",
      "string_agg(t, '' order by id desc)",
      "string_agg(distinct s, '; ' order by s)",
      "string_agg(distinct s, '; ' order by s desc)",
      "string_agg(distinct grp, '' order by grp) filter (where b)",
      "string_agg(i::text, '|' order by i) filter (where b)",
      "string_agg(s, ',' order by grp desc, id)",
      "string_agg(s, ',' order by grp nulls first, b desc nulls last, n, id desc)",
      "string_agg(s, ',' order by f desc nulls last, id)",
    ],
    note: 'with an order',
  },
  {
    name: 'array_agg',
    build: arrayAgg,
    overWindow: false,
    examples: [
      'array_agg(i order by id)',
      'array_agg(s order by s, id)',
      'array_agg(n order by n desc, id desc)',
      'array_agg(i order by id) filter (where b)',
      'array_agg(i order by b, id desc)',
      'array_agg(n order by d desc nulls last, id)',
      'array_agg(distinct i order by i)',
      'array_agg(distinct i order by i desc)',
      'array_agg(distinct i order by i nulls first)',
      'array_agg(distinct grp order by grp desc nulls last)',
      'array_agg(distinct n order by n) filter (where b)',
      'array_agg(distinct b order by b)',
      'array_agg(null::int order by id)',
    ],
    note: 'with an order',
  },
];

function stringAgg(aggregation: Aggregation): Aggregated {
  const { args, syntax } = aggregation;
  const [value, separator] = args.map((argument) =>
    argument.type.kind === 'unknown' || isText(argument.type) ? exactly(argument, text) : argument,
  );
  if (!value || !separator || !isText(value.type))
    throw new Refusal('no-such-signature', syntax.at, 'string_agg takes a text and a separator.');
  const constant = constantText(separator);
  if (constant === undefined) throw new Refusal('needs-constant', separator.at, 'The separator has to be written out.');
  const list = sorted(aggregation, textOf(value));
  const all = callOf('array_join', callOf('filter', list, 'item -> item is not null'), stringLiteral(constant));
  const counted = aggregation.spark('count', value.sql);
  return { type: text, nullable, sql: primary(`case when ${counted.text} > 0 then ${all.text} end`) };
}

function arrayAgg(aggregation: Aggregation): Aggregated {
  const { args, syntax } = aggregation;
  const [value] = args;
  if (!value || args.length !== 1 || value.type.kind !== 'scalar')
    throw new Refusal('not-translatable', syntax.at, 'array_agg is translated for plain values.');
  const decimal = nameOf(value.type) === 'numeric' ? { decimal: decimalFor(value) } : {};
  const list = sorted(aggregation, value.sql);
  const rows = aggregation.spark('count', primary('1'));
  const sql = primary(`case when ${rows.text} > 0 then ${list.text} end`);
  return { type: arrayOf(value.type), nullable, sql, ...decimal };
}

/** The values in the order asked for, NULL among them. */
function sorted(aggregation: Aggregation, value: Sql): Sql {
  const { syntax, context, compile, spark } = aggregation;
  const [first] = syntax.order;
  if (!first)
    throw new Refusal(
      'needs-order',
      syntax.at,
      `${syntax.name} depends on the order of the rows: write ${syntax.name}(... order by ...).`,
    );
  const keys = syntax.order.map((key) => orderable(compile(key.value, context)));
  if (syntax.distinct && keys.some((key) => key.text !== value.text))
    throw new Refusal(
      'needs-order',
      syntax.at,
      `With DISTINCT, order by the same value: ${syntax.name} knows no other.`,
    );
  const fields = keys.flatMap((sql, index) => [
    `${suffixed(sql, 'is null').text} as n${index}`,
    `${sql.text} as k${index}`,
  ]);
  const rows = spark('collect_list', callOf('struct', ...fields, `${value.text} as value`));
  return callOf('transform', inOrder(rows, syntax.order), 'item -> item.value');
}

/** Spark sorts structs field by field, NULL first: the flag before each key puts its NULLs where PostgreSQL does. */
function inOrder(rows: Sql, order: readonly SortKey[]): Sql {
  const isUniform = order.every((key) => key.direction === order[0]?.direction && isDefault(key));
  if (!isUniform) return callOf('array_sort', rows, `(one, two) -> case ${order.map(comparison).join(' ')} else 0 end`);
  return callOf('sort_array', rows, ...(order[0]?.direction === 'desc' ? ['false'] : []));
}

const isDefault = (key: SortKey): boolean => key.nulls === (key.direction === 'asc' ? 'last' : 'first');

/** Where both are NULL no comparison holds, and the next key decides. */
function comparison(key: SortKey, index: number): string {
  const [nullFirst, smallFirst] = [key.nulls === 'first', key.direction === 'asc'];
  const [before, after] = [`one.k${index} < two.k${index}`, `one.k${index} > two.k${index}`];
  return [
    `when one.n${index} and not two.n${index} then ${nullFirst ? -1 : 1}`,
    `when two.n${index} and not one.n${index} then ${nullFirst ? 1 : -1}`,
    `when ${before} then ${smallFirst ? -1 : 1}`,
    `when ${after} then ${smallFirst ? 1 : -1}`,
  ].join(' ');
}

function orderable(value: Value): Sql {
  if (value.type.kind === 'scalar' && !['json', 'jsonb', 'interval'].includes(value.type.name))
    return isText(value.type) ? textOf(value) : value.sql;
  throw new Refusal('not-translatable', value.at, `An order by ${formatType(value.type)} cannot be translated.`);
}
