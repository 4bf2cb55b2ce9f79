import type { Fix, Problem, Span } from '../../spec/problem.ts';
import type { CodeEntry } from '../../spec/problemCodes.ts';

const error = (meaning: string, mend: string): CodeEntry => ({ severity: 'error', meaning, mend });
const warning = (meaning: string, mend: string): CodeEntry => ({ severity: 'warning', meaning, mend });
const information = (meaning: string, mend: string): CodeEntry => ({ severity: 'information', meaning, mend });

/** Problems of names and types, found against a snapshot of the database. */
export const catalogueCodes = {
  'unknown-table': error('The database has no table or view of this name.', 'Correct the name, or its schema.'),
  'table-changed': warning(
    'Columns, types, nullability or keys of a table have changed since the spec was written.',
    'See whether the steps still say what is meant, then take the new fingerprint.',
  ),
  'unknown-column': error('An input has no column of this name.', 'Correct the name.'),
  'column-collision': error(
    'A step would give two columns the same name.',
    'Rename one of them; for a join, list the `columns` of the result.',
  ),
  'key-types': error(
    'Two key columns cannot be compared, such as a text and a number.',
    'Cast one of them in a `derive` step first.',
  ),
  'no-equality': error(
    'PostgreSQL cannot compare values of a type for equality, such as `json`, so that rows cannot be grouped or told apart by it.',
    'Cast the column to `jsonb` or `text` first, or leave it out.',
  ),
  'column-count': error(
    'The inputs of a set operation have different columns.',
    'Bring them to the same columns with `select`.',
  ),
  'union-types': error(
    'Values that come together in one column have types without a common one.',
    'Cast them to one type first.',
  ),
  'boolean-expected': error('A condition is not true or false.', 'Compare it with something.'),
  'array-expected': error(
    '`explode` needs an array or a JSON array.',
    'Take an array, or split the text with `string_to_array`.',
  ),
  'series-types': error(
    'A series needs numbers, dates or timestamps, and a step that can be added to them.',
    "Write the type out: `date '2026-01-01'`; the step of dates is an interval.",
  ),
  'missing-group-key': error(
    'An aggregate step reads a column that is neither grouped nor inside an aggregate function, so that a group has many values of it.',
    'Add the column to `by`, or put it inside an aggregate such as `max(...)`.',
  ),
  'query-syntax': error('The SQL of a step or a check does not parse.', "Follow PostgreSQL's own words."),
  'query-not-select': error(
    'The SQL of a step or a check is not one SELECT.',
    'Write one SELECT, without a second statement.',
  ),
  'query-input': error(
    'A query reads a table that is not among its inputs, so that only PostgreSQL would find it.',
    'Add a source for the table, and name it in `inputs`.',
  ),
  'described-later': information(
    'The columns of a `sql` step are known only after PostgreSQL has described its query.',
    'Connect to the database, and check again.',
  ),
  'watermark-type': error(
    'A watermark column has no order in which rows arrive.',
    'Take a column of numbers or of times that grows with every change.',
  ),
  'watermark-nullable': warning(
    'Rows whose watermark is NULL are never read by an incremental source.',
    'Take a column that is not null.',
  ),
  'target-is-source': warning(
    'The target is read by the same spec, so that a second run reads what the first one wrote.',
    'Write to another table.',
  ),
  'target-column-missing': error(
    'The target has a column that its rows do not give.',
    'Correct the name, or derive the column.',
  ),
  'target-column-unused': information(
    'The rows have a column that the target leaves out.',
    'Nothing, if that is meant.',
  ),
  'target-type': error(
    "A column's value cannot be stored in the target column's type without a cast.",
    'Cast it in a `derive` step, or declare the other type.',
  ),
  'lossy-type': warning(
    "A column's value may not fit into the target column's type: it is rounded, cut off or refused.",
    'Declare the wider type, or cast where the loss is meant.',
  ),
  'open-digits': warning(
    'A number whose digits differ from row to row, such as an unrounded quotient, goes into a `numeric` without a scale: PostgreSQL keeps all its digits, Spark as many as its type holds.',
    'Declare the digits, such as `numeric(20,6)`, or round the value.',
  ),
  'target-nullable': warning(
    'A column that may be NULL goes into a target column that may not.',
    'Fill it, filter it, or allow NULL.',
  ),
  'target-table-column': error(
    'The existing table has no such column.',
    'Correct the name, or add the column to the table.',
  ),
  'target-table-type': error('The existing table declares the column with another type.', "Take the table's type."),
  'target-table-required': warning(
    'The existing table has a column that may not be NULL, and the spec gives no value for it; it works only if the column has a default.',
    'Add the column to the target.',
  ),
  'target-table-key': warning(
    'No unique key of the existing table stands behind the keys of an upsert or a history.',
    'Add a unique constraint, or take the columns of one as keys.',
  ),
  'target-keys-unproven': information(
    'It is not certain that the rows differ in the keys; two rows with the same keys make an upsert or a history fail.',
    'Add a `dedupe` or `aggregate` step over the keys.',
  ),
  'fan-out': warning(
    'A join repeats rows, and an aggregate afterwards counts their values several times.',
    'Aggregate before the join, or join on a unique key.',
  ),
  'many-to-many': warning(
    'The keys of a join are unique on neither side, so that every match is repeated.',
    'Join on a unique key, or remove repetitions first.',
  ),
  'unordered-limit': warning(
    'The first rows are taken in an order that does not tell all rows apart, so that another run may take others.',
    'Order by a unique key as well.',
  ),
  'unordered-dedupe': warning(
    'The order does not say which of several rows of a key is kept, so that another run may keep another.',
    'Add a unique key to the order.',
  ),
  'nullable-not-in': warning(
    '`not in` over a list that may hold NULL is never true once it holds one.',
    'Use `not exists`, an anti join, or leave NULLs out.',
  ),
  'text-number-comparison': warning(
    "A text is compared with digits in quotes: as texts, '10' comes before '9'.",
    'Cast the column to a number.',
  ),
  'between-timestamps': warning(
    '`between` with a day as its upper bound leaves out that day after midnight.',
    'Write `>= start and < end + 1 day`.',
  ),
  'postgres-error': error("PostgreSQL refuses the step's reference SQL.", "Follow PostgreSQL's own words."),
  'described-differently': warning(
    "PostgreSQL gives a step's column another name or type than DataMorph worked out.",
    'Cast the expression to the type that you mean, and report the difference.',
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type CatalogueCode = keyof typeof catalogueCodes;

export function catalogueProblem(code: CatalogueCode, span: Span, message: string, fix?: Fix): Problem {
  return { code, severity: catalogueCodes[code].severity, message, span, ...(fix && { fix }) };
}
