import {
  boolean,
  choice,
  expression,
  integer,
  listOf,
  name,
  objectOf,
  optional,
  query,
  reference,
  required,
  scalar,
  text,
  type,
  type Fields,
  type Shape,
  type Variant,
} from './shape.ts';
import type {
  ColumnType,
  FillStep,
  JoinHow,
  JoinStep,
  NamedExpression,
  OrderItem,
  OutputColumn,
  PivotStep,
  RenameStep,
  Step,
  StepKind,
} from './spec.ts';

type Own<Kind extends StepKind> = Omit<Extract<Step, { kind: Kind }>, 'kind' | 'name' | 'note'>;

/** `kind` is told by the table's key, so that it cannot be said twice. */
const base = {
  name: required(name, 'What later steps and the target call these rows.'),
  note: optional(text, 'A sentence for the reader; it becomes the comment above the step in the PySpark.'),
};

function step<Kind extends StepKind>(description: string, fields: Fields<Own<Kind>>): Variant {
  return { kind: 'object', tagged: true, fields: { ...base, ...(fields as Variant['fields']) }, description };
}

const from = required(reference, 'The source or step that is read.');
const left = required(reference, 'The left source or step.');
const right = required(reference, 'The right source or step.');

const namedExpression = objectOf<NamedExpression>({
  name: required(name, "The column's name."),
  expr: required(expression, 'Its value, as a PostgreSQL expression.'),
});

const outputColumn = objectOf<OutputColumn>({
  name: required(name, "The column's name."),
  expr: optional(
    expression,
    "Its value, as a PostgreSQL expression; the input's column of this name where it is left out.",
  ),
});

const orderItem = objectOf<OrderItem>({
  expr: required(expression, 'What the rows are ordered by.'),
  direction: optional(
    choice({ asc: 'Smallest first; the default.', desc: 'Largest first.' }),
    'The direction of the order.',
  ),
  nulls: optional(
    choice({ first: 'NULLs stand before all values.', last: 'NULLs stand after all values.' }),
    'Where NULLs stand: last when ascending and first when descending where it is left out.',
  ),
});

export const columnType = objectOf<ColumnType>({
  name: required(name, "The column's name."),
  type: required(type, 'A PostgreSQL type: `numeric(12,2)`, `text[]`, `timestamp with time zone`.'),
});

const joinHow: Readonly<Record<JoinHow, string>> = {
  inner: 'Rows that match on both sides.',
  left: 'All rows of the left; NULLs where the right has no match.',
  right: 'All rows of the right; NULLs where the left has no match.',
  full: 'All rows of both sides; NULLs where the other has no match.',
  semi: 'Rows of the left that have a match, once each; no columns of the right.',
  anti: 'Rows of the left that have no match; no columns of the right.',
  cross: 'Every row of the left with every row of the right.',
  asof: 'Each row of the left with the nearest row of the right in an order, such as the rate that held at that time.',
};

const keys = listOf(name, 1);
const bothAll = 'Keeps duplicates as often as SQL does; false where it is left out.';

/** One entry a kind: its properties, which of them are required, and the words that the editor shows. */
export const stepShapes: Readonly<Record<StepKind, Variant>> = {
  filter: step<'filter'>('Keeps the rows for which a condition is true.', {
    from,
    where: required(expression, 'The condition; rows for which it is false or NULL are left out.'),
  }),
  derive: step<'derive'>('Adds columns, or replaces those of the same name; the others pass through.', {
    from,
    columns: required(listOf(namedExpression, 1), "The new columns; expressions see the input's columns only."),
  }),
  select: step<'select'>('Exactly these columns, in this order.', {
    from,
    columns: required(listOf(outputColumn, 1), 'The columns of the result.'),
  }),
  rename: step<'rename'>('Gives columns other names; the others pass through.', {
    from,
    columns: required(
      listOf(
        objectOf<RenameStep['columns'][number]>({
          from: required(name, "The input's column."),
          to: required(name, 'Its new name.'),
        }),
        1,
      ),
      'Old and new names.',
    ),
  }),
  join: step<'join'>('Brings the rows of two inputs together.', {
    left,
    right,
    how: required(choice(joinHow), 'Which rows are kept.'),
    leftAs: optional(
      name,
      "What qualifies the left's columns in `where` and `columns`; its own name where it is left out.",
    ),
    rightAs: optional(
      name,
      "What qualifies the right's columns in `where` and `columns`; its own name where it is left out.",
    ),
    on: optional(
      listOf(
        objectOf<NonNullable<JoinStep['on']>[number]>({
          left: required(name, 'A column of the left.'),
          right: required(name, 'The column of the right that equals it.'),
        }),
        1,
      ),
      'The keys: pairs of columns that must be equal. A key of the same name on both sides stands once in the result.',
    ),
    nullSafe: optional(boolean, 'Lets NULL match NULL in the keys (`is not distinct from`).'),
    where: optional(expression, 'A further condition of the join, over both sides.'),
    asof: optional(
      objectOf<NonNullable<JoinStep['asof']>>({
        left: required(name, 'The column of the left, usually a time.'),
        right: required(name, 'The column of the right that is compared with it.'),
        direction: optional(
          choice({
            backward: 'The last right row at or before the left one; the default.',
            forward: 'The first right row at or after the left one.',
          }),
          'On which side the nearest right row is looked for.',
        ),
      }),
      'For `asof`: the columns whose nearest values are matched.',
    ),
    columns: optional(
      listOf(outputColumn, 1),
      'The columns of the result; all of the left and of the right where it is left out.',
    ),
  }),
  aggregate: step<'aggregate'>('One row a group; one row in all where `by` is empty.', {
    from,
    by: required(listOf(outputColumn), 'The columns that make a group.'),
    columns: required(listOf(namedExpression), 'Aggregates, such as `sum(amount)` or `count(*) filter (where paid)`.'),
  }),
  window: step<'window'>('Adds columns that look at neighbouring rows.', {
    from,
    columns: required(listOf(namedExpression, 1), 'Expressions with `... over (partition by ... order by ...)`.'),
  }),
  sort: step<'sort'>('Puts the rows in an order; it matters where the rows are written out or limited.', {
    from,
    by: required(listOf(orderItem, 1), 'What the rows are ordered by, most important first.'),
  }),
  limit: step<'limit'>('The first rows of an order.', {
    from,
    count: required(integer(0), 'How many rows are kept.'),
    offset: optional(integer(0), 'How many rows are passed over first.'),
    by: optional(listOf(orderItem, 1), 'The order; without a total order other rows may come back every time.'),
  }),
  distinct: step<'distinct'>('Leaves out repeated rows.', { from }),
  dedupe: step<'dedupe'>('One row a key: the first or the last in an order.', {
    from,
    keys: required(keys, 'What makes rows repetitions of each other.'),
    order: required(listOf(orderItem, 1), 'The order that says which row of a key is kept.'),
    keep: optional(
      choice({ first: 'The first in the order; the default.', last: 'The last in the order.' }),
      'Which row is kept.',
    ),
  }),
  union: step<'union'>('The rows of all inputs.', {
    inputs: required(listOf(reference, 2), 'The sources or steps, in this order.'),
    all: optional(boolean, 'Keeps repeated rows; true where it is left out.'),
    byName: optional(boolean, 'Matches columns by name instead of by position.'),
  }),
  intersect: step<'intersect'>('Rows that stand in both inputs.', { left, right, all: optional(boolean, bothAll) }),
  except: step<'except'>('Rows of the left that do not stand in the right.', {
    left,
    right,
    all: optional(boolean, bothAll),
  }),
  pivot: step<'pivot'>('Turns rows into columns: one column for each listed value.', {
    from,
    by: required(listOf(name), 'The columns that make a row of the result.'),
    column: required(expression, 'Whose values become columns.'),
    values: required(
      listOf(
        objectOf<PivotStep['values'][number]>({
          value: required(scalar('string', 'number', 'boolean', 'null'), 'A value of `column`.'),
          name: required(name, 'The name of its column.'),
        }),
        1,
      ),
      'The values that become columns; others are left out.',
    ),
    aggregate: required(expression, 'What stands in those columns, such as `sum(amount)`.'),
  }),
  unpivot: step<'unpivot'>('Turns columns into rows: one row for each listed column.', {
    from,
    columns: required(keys, 'The columns that become rows.'),
    nameColumn: required(name, "The column that holds the old column's name."),
    valueColumn: required(name, "The column that holds the old column's value."),
    keepNulls: optional(boolean, 'Keeps rows whose value is NULL; false where it is left out.'),
  }),
  explode: step<'explode'>('One row for each element of an array or of a JSON array.', {
    from,
    expr: required(expression, 'The array.'),
    as: required(name, 'The column that holds the element.'),
    position: optional(name, "A column for the element's position, from 1."),
    keepEmpty: optional(boolean, 'Keeps rows whose array is NULL or empty, with NULL as the element.'),
  }),
  fill: step<'fill'>('Puts a value where a column is NULL.', {
    from,
    columns: required(
      listOf(
        objectOf<FillStep['columns'][number]>({
          name: required(name, 'The column that is filled.'),
          with: required(fillWith(), 'An expression, or `{"carry": "forward"}` for the last known value.'),
        }),
        1,
      ),
      'The columns and what fills them.',
    ),
    partitionBy: optional(keys, 'A value is carried within rows that share these columns only.'),
    orderBy: optional(listOf(orderItem, 1), 'The order in which a value is carried.'),
  }),
  series: step<'series'>('Numbers or dates from a start to a stop, both included.', {
    start: required(expression, 'The first value.'),
    stop: required(expression, 'The last value.'),
    step: optional(
      expression,
      "The distance: a number, or an interval such as `interval '1 day'`; 1 or one day where it is left out.",
    ),
    as: required(name, "The column's name."),
  }),
  hierarchy: step<'hierarchy'>('Walks from parents to children, starting at the roots.', {
    from,
    key: required(name, 'The column that names a row.'),
    parent: required(name, 'The column that names its parent.'),
    startWith: optional(expression, 'Which rows are roots; those whose parent is NULL where it is left out.'),
    level: optional(name, 'A column for the depth: 1 at the root.'),
    path: optional(name, 'A column for the keys from the root down, as text.'),
    root: optional(name, "A column for the root's key."),
    separator: optional(text, 'What stands between the keys of `path`; `/` where it is left out.'),
    maxDepth: optional(integer(1), 'The depth at which a cycle is taken for granted; 100 where it is left out.'),
  }),
  sql: step<'sql'>('One SELECT over earlier steps and sources, for what the other steps cannot say.', {
    inputs: required(listOf(reference), 'The sources and steps that the query names as tables.'),
    query: required(query, 'One SELECT.'),
  }),
  python: step<'python'>('A PySpark function from data frames to a data frame, for what the other steps cannot say.', {
    inputs: required(listOf(reference), "The sources and steps, in the order of the function's parameters."),
    code: required(text, 'The source of one function, `def name(input, ...):`.'),
    columns: required(listOf(columnType, 1), 'The columns that it returns.'),
    sql: optional(query, 'The same as a SELECT, written separately, so that the result can be compared.'),
  }),
};

function fillWith(): Shape {
  const carry = choice({
    forward: 'The last known value before the row.',
    backward: 'The next known value after the row.',
  });
  return {
    kind: 'either',
    text: expression,
    object: objectOf<{ carry: string }>({ carry: required(carry, 'Which known value is taken.') }),
  };
}
