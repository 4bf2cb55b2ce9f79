/** Every code that a problem inside an expression may have: what docs/problems.md is written from. */
export interface ProblemCode {
  readonly meaning: string;
  /** An expression that has the problem, and one that does not. */
  readonly example: string;
  readonly instead: string;
}

export const problemCodes = {
  'expression-syntax': {
    meaning: 'The text is not one PostgreSQL expression.',
    example: 'amount >',
    instead: 'amount > 0',
  },
  'expression-too-deep': {
    meaning: 'The expression is nested more deeply than a reader or the compiler can follow.',
    example: '((((… 300 levels …))))',
    instead: 'two steps, each with a part of the expression',
  },
  'unknown-column': {
    meaning: 'No input of the step has a column of this name.',
    example: 'amuont > 0',
    instead: 'amount > 0',
  },
  'ambiguous-column': {
    meaning: 'More than one input has a column of this name.',
    example: 'id = 1',
    instead: 'orders.id = 1',
  },
  'unknown-function': {
    meaning: 'The function is not in the table of functions that give the same answer in PostgreSQL and in Spark.',
    example: 'soundex(name)',
    instead: 'a `sql` or `python` step',
  },
  'no-such-signature': {
    meaning: 'PostgreSQL has no function or operator of this name for arguments of these types.',
    example: 'length(42)',
    instead: 'length(42::text)',
  },
  'type-mismatch': {
    meaning: 'The types of the two sides, or of the branches, do not go together.',
    example: "order_id = 'x' || 1 = name",
    instead: 'order_id::text = name',
  },
  'unknown-type': {
    meaning: 'A cast names a type that expressions do not know.',
    example: "'(1,2)'::point",
    instead: 'a `sql` step',
  },
  'bad-literal': {
    meaning: 'The text of a literal is not a value of the type that it has to have.',
    example: "ordered_on > '2026-02-30'",
    instead: "ordered_on > '2026-02-28'",
  },
  'aggregate-not-allowed': {
    meaning: 'An aggregate stands where there is only one row, or inside another aggregate.',
    example: 'amount > avg(amount)',
    instead: 'an `aggregate` step, or avg(amount) over () in a `window` step',
  },
  'window-not-allowed': {
    meaning: 'A window function stands outside a `window` step.',
    example: 'row_number() over (order by id) = 1',
    instead: 'a `window` step, then a `filter` step',
  },
  'rows-not-allowed': {
    meaning: 'A function that makes rows stands where there is one value a row.',
    example: 'jsonb_array_elements(items), in a `derive` step',
    instead: 'an `explode` step whose `expr` is jsonb_array_elements(items)',
  },
  'not-translatable': {
    meaning: 'Spark has no expression that gives the same answer as PostgreSQL in every case.',
    example: 'score::text, where score is double precision',
    instead: 'score::numeric(12,4)::text',
  },
  'needs-constant': {
    meaning: 'The argument has to be written out, not computed, for both sides to agree.',
    example: 'date_trunc(unit, ordered_at)',
    instead: "date_trunc('month', ordered_at)",
  },
  'needs-order': {
    meaning: 'The result depends on an order that the expression does not state.',
    example: "string_agg(name, ', ')",
    instead: "string_agg(name, ', ' order by name)",
  },
  'numeric-too-wide': {
    meaning: 'The exact result does not fit the 38 digits of a Spark decimal.',
    example: 'a * b, where both are numeric(38,20)',
    instead: 'a::numeric(18,8) * b::numeric(18,8)',
  },
  'numeric-open-scale': {
    meaning: 'The number of digits after the point differs from row to row, and here they matter.',
    example: '(a / b)::text',
    instead: '(a / b)::numeric(20,6)::text',
  },
  'text-order': {
    meaning: 'A text decides an order that PostgreSQL takes from a collation and Spark from the bytes.',
    example: "name < 'm', where the database was made with the collation en_US.UTF-8",
    instead: 'name collate "C" < \'m\'',
  },
  'integer-division': {
    meaning: 'Both sides are integers, so PostgreSQL cuts the fraction off.',
    example: 'paid / total',
    instead: 'paid::numeric / total',
  },
} as const satisfies Record<string, ProblemCode>;

export type ExpressionProblemCode = keyof typeof problemCodes;
