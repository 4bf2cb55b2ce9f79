import {
  boolean,
  choice,
  listOf,
  name,
  objectOf,
  optional,
  query,
  reference,
  required,
  scalar,
  table,
  text,
  type,
  type Fields,
  type ObjectShape,
  type Shape,
  type Variant,
} from './shape.ts';
import {
  specVersion,
  type Check,
  type CheckKind,
  type Incremental,
  type Source,
  type Spec,
  type Target,
  type TargetColumn,
  type TargetMode,
} from './spec.ts';
import { stepShapes } from './stepShapes.ts';

type Own<Kind extends CheckKind> = Omit<Extract<Check, { kind: Kind }>, 'kind' | 'name' | 'severity'>;

const checkBase = {
  name: optional(text, 'What the check is called in reports.'),
  severity: optional(
    choice({ error: 'A failure fails the run; the default.', warning: 'A failure is only told.' }),
    'How bad a failure is.',
  ),
};

function check<Kind extends CheckKind>(description: string, fields: Fields<Own<Kind>>): Variant {
  return { kind: 'object', tagged: true, fields: { ...checkBase, ...(fields as Variant['fields']) }, description };
}

const targetColumnName = required(name, 'A column of the target.');
const targetColumnNames = required(listOf(name, 1), 'Columns of the target.');
const bound = scalar('string', 'number');
const count: Shape = { kind: 'integer', min: 0 };

export const checkShapes: Readonly<Record<CheckKind, Variant>> = {
  notNull: check<'notNull'>('The column holds no NULL.', { column: targetColumnName }),
  unique: check<'unique'>('No two rows share these columns.', { columns: targetColumnNames }),
  accepted: check<'accepted'>('The column holds these values only.', {
    column: targetColumnName,
    values: required(listOf(scalar('string', 'number', 'boolean'), 1), 'The accepted values; NULL passes.'),
  }),
  range: check<'range'>('The column lies between two bounds, both included.', {
    column: targetColumnName,
    min: optional(bound, 'The lower bound.'),
    max: optional(bound, 'The upper bound.'),
  }),
  references: check<'references'>('Each row finds its counterpart in another table.', {
    columns: targetColumnNames,
    table: required(table, 'The other table.'),
    tableColumns: required(listOf(name, 1), "The other table's columns, in the same order."),
  }),
  rowCount: check<'rowCount'>('The number of rows lies between two bounds.', {
    min: optional(count, 'The fewest rows.'),
    max: optional(count, 'The most rows.'),
  }),
  sql: check<'sql'>('A SELECT that returns the rows that break the rule.', {
    query: required(query, 'One SELECT; the target is called `target`.'),
  }),
};

const source = objectOf<Source>({
  name: required(name, 'What the steps call this table.'),
  connection: optional(text, "The named connection; the workspace's default where it is left out."),
  table: required(table, '`table` or `schema.table`; a part that needs it is double-quoted, as in SQL.'),
  columns: optional(listOf(name, 1), 'Read these columns only; all where it is left out.'),
  incremental: optional(
    objectOf<Incremental>({
      watermark: required(name, 'The column that grows with every change.'),
      initial: optional(text, 'The mark of the first run; everything is read where it is left out.'),
      lateness: optional(text, 'An interval below the mark that is read again for rows that arrive late.'),
    }),
    'Reads only rows above the mark of the last finished run.',
  ),
  fingerprint: optional(text, 'What the table was like when this was written; the check says when it has changed.'),
});

const targetModes: Readonly<Record<TargetMode, string>> = {
  replace: 'The table holds exactly these rows afterwards.',
  append: 'The rows are added.',
  upsert: 'Rows whose keys exist are updated, the others are added.',
  history: 'Changed rows get a new version with the time from which it is true (slowly changing dimension, type 2).',
};

const target = objectOf<Target>({
  connection: optional(text, "The named connection; the workspace's default where it is left out."),
  table: required(table, '`table` or `schema.table` that is written.'),
  from: required(reference, 'The source or step whose rows are written.'),
  mode: required(choice(targetModes), 'What happens to the rows that the table already holds.'),
  keys: optional(listOf(name, 1), 'What makes a row the same row: needed by `upsert` and `history`.'),
  columns: required(
    listOf(
      objectOf<TargetColumn>({
        name: required(name, "The column's name."),
        type: required(type, 'A PostgreSQL type: `numeric(12,2)`, `text[]`, `timestamp with time zone`.'),
        nullable: optional(boolean, 'Whether the column may hold NULL; true where it is left out.'),
      }),
      1,
    ),
    'The columns of the target, with their PostgreSQL types.',
  ),
  history: optional(
    objectOf<NonNullable<Target['history']>>({
      validFrom: required(name, 'The column that says from when a version is true.'),
      validTo: required(name, 'The column that says until when it was true; NULL for the current one.'),
      current: optional(name, 'A boolean column that marks the current version.'),
    }),
    'For `history`: the columns that say when a version was true.',
  ),
});

export const specShape: ObjectShape = objectOf<Spec>({
  $schema: optional(text, 'The JSON Schema of this document.'),
  version: required({ kind: 'version', is: specVersion }, 'The version of the spec language.'),
  name: required(name, 'What the job is called.'),
  prompt: optional({ kind: 'text', empty: true }, 'The sentence that this spec answers.'),
  assumptions: optional(listOf(text), 'Ambiguous choices that the writer made, shown before anything runs.'),
  sources: required(listOf(source), 'The tables and views that are read.'),
  steps: required(
    listOf({ kind: 'variants', noun: 'step', variants: stepShapes }),
    'What happens to the rows, step by step; each step reads sources or other steps by name.',
  ),
  target: required(target, 'The table that is written.'),
  checks: optional(
    listOf({ kind: 'variants', noun: 'check', variants: checkShapes }),
    'Rules that the written table must keep.',
  ),
});
