/** Window functions and the OVER clause. */
import { exactly } from './casts.ts';
import { unifiedDecimal, unify } from './conditional.ts';
import { Refusal } from './refusal.ts';
import { castTo, primary, type Sql } from './sparkSql.ts';
import type { CallSyntax, SortKey, WindowSyntax } from './syntax.ts';
import { float8, formatType, int4, int8, nameOf, type TypeName } from './types.ts';
import { frameOf } from './windowFrames.ts';
import { constantInteger, decimalFor, type CompileValue, type Context, type Value } from './value.ts';

export interface WindowEntry {
  readonly name: string;
  readonly build: (call: WindowCall) => Omit<Value, 'at'>;
  readonly needsOrder: boolean;
  readonly examples: readonly string[];
}

interface WindowCall {
  readonly syntax: CallSyntax;
  readonly args: readonly Value[];
  /** The call with these arguments, over its window. */
  readonly over: (...args: readonly Sql[]) => Sql;
}

const by = 'over (partition by grp order by n, id)';

export const windowEntries: readonly WindowEntry[] = [
  {
    name: 'row_number',
    build: bigint,
    needsOrder: true,
    examples: [`row_number() ${by}`, 'row_number() over (order by s desc, id)'],
  },
  {
    name: 'rank',
    build: bigint,
    needsOrder: true,
    examples: [
      'rank() over (partition by grp order by i)',
      'rank() over (order by f desc)',
      'rank() over (order by s nulls first)',
    ],
  },
  {
    name: 'dense_rank',
    build: bigint,
    needsOrder: true,
    examples: ['dense_rank() over (partition by grp order by i desc)', 'dense_rank() over (order by s)'],
  },
  {
    name: 'percent_rank',
    build: double,
    needsOrder: true,
    examples: ['percent_rank() over (order by i)', 'percent_rank() over (partition by grp order by d)'],
  },
  {
    name: 'cume_dist',
    build: double,
    needsOrder: true,
    examples: ['cume_dist() over (order by i)', 'cume_dist() over (partition by grp order by d)'],
  },
  { name: 'ntile', build: ntile, needsOrder: true, examples: ['ntile(3) over (order by i, id)', `ntile(2) ${by}`] },
  {
    name: 'lag',
    build: neighbour,
    needsOrder: true,
    examples: [`lag(i) ${by}`, `lag(n, 2) ${by}`, `lag(s, 1, 'none') ${by}`, `lag(n, 1, 0) ${by}`],
  },
  {
    name: 'lead',
    build: neighbour,
    needsOrder: true,
    examples: [`lead(i) ${by}`, `lead(d, 2) ${by}`, `lead(k, 1, 0) ${by}`],
  },
  { name: 'first_value', build: edge, needsOrder: true, examples: [`first_value(i) ${by}`, `first_value(s) ${by}`] },
  {
    name: 'last_value',
    build: edge,
    needsOrder: true,
    examples: [
      `last_value(i) ${by}`,
      'last_value(i) over (partition by grp order by n, id rows between unbounded preceding and unbounded following)',
    ],
  },
  { name: 'nth_value', build: edge, needsOrder: true, examples: [`nth_value(i, 2) ${by}`] },
];

/** Frames and NULL order, shown by aggregates over windows. */
export const frameExamples: readonly string[] = [
  'sum(n) over ()',
  'sum(i) over (partition by grp)',
  'sum(n) over (partition by grp order by i)',
  'sum(n) over (order by i desc)',
  'sum(n) over (order by d nulls first, id)',
  'count(*) over (partition by grp order by s)',
  'count(i) over (partition by b)',
  'max(n) over (partition by grp order by id rows between 1 preceding and 1 following)',
  'min(i) over (order by id rows between 2 preceding and current row)',
  'sum(i) over (order by id rows between current row and unbounded following)',
  'sum(i) over (order by id rows between 3 preceding and 1 preceding)',
  'avg(n) over (partition by grp order by id)',
  'avg(i) over (partition by grp)',
  'round(avg(n) over (partition by grp), 2)',
  'sum(n) filter (where b) over (partition by grp)',
  'count(*) filter (where i > 0) over (partition by grp order by id)',
  'bool_or(b) over (partition by grp order by id)',
  'n - lag(n, 1, 0) over (partition by grp order by id)',
  'n / sum(n) over (partition by grp)',
  'sum(k) over (order by id)',
  'stddev(n) over (partition by grp order by id)',
  'var_pop(i2) over (order by id rows between 3 preceding and current row)',
  'stddev_pop(h) over (partition by grp)',
  'variance(small) filter (where b) over (order by id)',
  'bit_or(small) over (partition by grp order by id)',
  'count(*) over (order by i range between 10 preceding and 5 following)',
  'count(*) over (order by i desc range between 100 preceding and current row)',
  'sum(n) over (partition by grp order by i2 nulls first range between 1 following and unbounded following)',
  'count(*) over (order by k range between 1 preceding and 9223372036854 following)',
  'count(*) over (order by n range between 2.5 preceding and 1.25 following)',
  'count(*) over (order by m desc range between 0.000001 preceding and 1 following)',
  'count(*) over (order by f range between 1 preceding and 0.1 following)',
  'count(*) over (order by h desc nulls last range between 2 preceding and 2.5 following)',
  "count(*) over (order by d range between '1 month' preceding and current row)",
  "count(*) over (order by d desc range between interval '400 days' preceding and '10 days' following)",
  "sum(i2) over (partition by grp order by ts range between '400 days 03:00' preceding and '12:00' following)",
  "max(n) over (order by tz nulls first range between '1 day' preceding and '1 day 00:00:00.5' following)",
];

const byName = new Map(windowEntries.map((entry) => [entry.name, entry]));

export function compileWindowFunction(syntax: CallSyntax, context: Context, compile: CompileValue): Value | undefined {
  const entry = byName.get(syntax.name);
  if (!entry) return undefined;
  const { name, at, over } = syntax;
  if (!over) throw new Refusal('window-not-allowed', at, `${name} needs over (...).`);
  if (context.use !== 'window' || context.insideAggregate || context.insideWindow) {
    throw new Refusal(
      'window-not-allowed',
      at,
      `${name} can stand in a window step only, and not inside another window function.`,
    );
  }
  if (syntax.filter || syntax.distinct || syntax.order.length > 0) {
    throw new Refusal('no-such-signature', at, `${name} takes neither DISTINCT nor FILTER nor an order of its own.`);
  }
  if (entry.needsOrder && over.order.length === 0) {
    throw new Refusal('needs-order', at, `${name} depends on the order of the rows: write over (... order by ...).`);
  }
  context.hasWindow = true;
  context.insideWindow = true;
  const args = syntax.args.map((argument) => compile(argument, context));
  context.insideWindow = false;
  const clause = windowClause(over, context, compile);
  // These look at the whole partition, whatever the frame says; Spark wants none.
  const written = framed.has(name) ? clause : clause.replace(/ (rows|range) between .*$/, '');
  return {
    ...entry.build({
      syntax,
      args,
      over: (...given) => primary(`${name}(${given.map((sql) => sql.text).join(', ')}) over (${written})`),
    }),
    at,
  };
}

const framed: ReadonlySet<string> = new Set(['first_value', 'last_value', 'nth_value']);

/** What stands between the parentheses of OVER. */
export function windowClause(window: WindowSyntax, context: Context, compile: CompileValue): string {
  if (window.excludes)
    throw new Refusal(
      'not-translatable',
      window.at,
      'EXCLUDE cannot be translated: take what is left out off the result.',
    );
  if (context.insideWindow)
    throw new Refusal('window-not-allowed', window.at, 'Windows cannot be nested: use two steps.');
  context.insideWindow = true;
  const partition = window.partition.map((part) => orderable(compile(part, context)).sql.text);
  const keys = window.order.map(({ value }) => orderable(compile(value, context)));
  const frame = frameOf(window, keys, context, compile);
  context.insideWindow = false;
  const order = window.order.flatMap((key, index) => {
    const value = keys[index];
    return value ? [sortKey(key, frame.key ? { ...value, sql: frame.key } : value)] : [];
  });
  return [
    partition.length > 0 ? `partition by ${partition.join(', ')}` : '',
    order.length > 0 ? `order by ${order.join(', ')}` : '',
    frame.text,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** NULLs are put where PostgreSQL puts them; Spark's own default is the other way round. */
function sortKey(key: SortKey, value: Value): string {
  const direction = key.direction === 'desc' ? ' desc' : '';
  const sparkDefault = key.direction === 'desc' ? 'last' : 'first';
  return `${value.sql.text}${direction}${value.nullable && key.nulls !== sparkDefault ? ` nulls ${key.nulls}` : ''}`;
}

const unordered: ReadonlySet<TypeName> = new Set(['json', 'jsonb', 'interval', 'time', 'timetz', 'bpchar']);

function orderable(value: Value): Value {
  if (value.literal) throw new Refusal('not-translatable', value.at, 'A constant orders nothing: name a column.');
  const name = nameOf(value.type);
  if (name !== undefined && !unordered.has(name)) return value;
  throw new Refusal(
    'not-translatable',
    value.at,
    `An order by ${formatType(value.type)} cannot be translated: ${name === 'interval' ? 'take extract(epoch from ...) of it' : 'cast it to text'}.`,
  );
}

/** PostgreSQL counts in bigint, Spark in int. */
function bigint({ over }: WindowCall): Omit<Value, 'at'> {
  const whole = over();
  return { type: int8, nullable: false, sql: castTo(whole, 'bigint'), whole };
}

function double({ over }: WindowCall): Omit<Value, 'at'> {
  return { type: float8, nullable: false, sql: over() };
}

function ntile({ args: [buckets], syntax, over }: WindowCall): Omit<Value, 'at'> {
  const count = buckets && constantInteger(buckets);
  if (count === undefined || count < 1)
    throw new Refusal('needs-constant', buckets?.at ?? syntax.at, 'ntile needs a number of buckets, written out.');
  return { type: int4, nullable: false, sql: over(primary(String(count))) };
}

function neighbour({ args, syntax, over }: WindowCall): Omit<Value, 'at'> {
  const [value, offset, otherwise] = args;
  const distance = offset ? constantInteger(offset) : 1;
  if (!value || distance === undefined)
    throw new Refusal('needs-constant', offset?.at ?? syntax.at, 'How many rows away has to be written out.');
  const { values, type } = unify(otherwise ? [value, otherwise] : [value], syntax.name, syntax.at);
  const [first, second] = values;
  if (!first) throw new Refusal('no-such-signature', syntax.at, `${syntax.name} needs a value.`);
  const rest = second
    ? [primary(String(distance)), exactly(second, type).sql]
    : distance === 1
      ? []
      : [primary(String(distance))];
  const nullable = value.nullable || otherwise?.nullable !== false;
  return { type, nullable, sql: over(first.sql, ...rest), ...unifiedDecimal(values, type) };
}

function edge({ args: [value, position], syntax, over }: WindowCall): Omit<Value, 'at'> {
  if (!value) throw new Refusal('no-such-signature', syntax.at, `${syntax.name} needs a value.`);
  const count = position && constantInteger(position);
  if (syntax.name === 'nth_value' && (count === undefined || count < 1)) {
    throw new Refusal('needs-constant', position?.at ?? syntax.at, 'nth_value needs a position, written out.');
  }
  const decimal = nameOf(value.type) === 'numeric' ? { decimal: decimalFor(value) } : {};
  const args = count === undefined ? [value.sql] : [value.sql, primary(String(count))];
  return { type: value.type, nullable: true, sql: over(...args), ...decimal };
}
