import type { Fix, Problem, Span } from './problem.ts';

/** What a code means and how it is mended: the text of docs/problems.md. */
export interface CodeEntry {
  readonly severity: Problem['severity'];
  readonly meaning: string;
  readonly mend: string;
}

const error = (meaning: string, mend: string): CodeEntry => ({ severity: 'error', meaning, mend });
const warning = (meaning: string, mend: string): CodeEntry => ({ severity: 'warning', meaning, mend });

/** Problems of a document's shape: they need no database. */
export const shapeCodes = {
  syntax: error('The document is not JSON.', 'Mend the brace, comma or quote that the problem points at.'),
  'too-deep': error('The document is nested deeper than any spec.', 'Take the superfluous brackets out.'),
  'duplicate-key': error(
    'An object says the same property twice; readers of JSON disagree about which one counts.',
    'Keep one.',
  ),
  version: error(
    'The document is written in a version of the spec language that this DataMorph does not read.',
    'Write `"version": 1`, or update DataMorph.',
  ),
  'unknown-property': error('A property has no meaning where it stands.', 'Correct its name, or take it out.'),
  'missing-property': error('A property that is needed is not there.', 'Add it.'),
  'wrong-type': error(
    'A value is of another JSON type than the property takes.',
    'Write a value of the type that the problem names.',
  ),
  'unknown-kind': error(
    'There is no such kind of step or check.',
    'Take one of the kinds that the problem or the completion offers.',
  ),
  'unknown-value': error('A property takes one of a few words, and this is none of them.', 'Take one of the words.'),
  'empty-text': error('A name, an expression or a query is empty.', 'Write it.'),
  'empty-list': error('A list needs more entries than it has.', 'Add the missing entries.'),
  'out-of-range': error(
    'A number is smaller than the property allows, or not a whole one.',
    'Write a whole number in the range.',
  ),
  'name-too-long': error("A name is longer than PostgreSQL's 63 bytes; PostgreSQL would cut it off.", 'Shorten it.'),
  'invalid-character': error(
    'A text holds a character that PostgreSQL cannot store: NUL or half a surrogate pair.',
    'Take the character out.',
  ),
  'table-name': error(
    'A text is not the name of a table.',
    'Write `table` or `schema.table`, with double quotes round a part that needs them.',
  ),
  'unknown-type': error(
    'PostgreSQL has no type of this name.',
    'Write the type as PostgreSQL does, such as `text`, `bigint` or `numeric(12,2)`.',
  ),
  'duplicate-name': error(
    'Two sources or steps have the same name, so that a reference could mean either.',
    'Rename one.',
  ),
  'duplicate-column': error('A list names the same column twice.', 'Rename one, or take it out.'),
  'unknown-reference': error(
    'A step or the target reads a source or step that does not exist.',
    'Correct the name, or add the step.',
  ),
  cycle: error(
    'Steps read each other in a circle, so that none of them can come first.',
    'Let one of them read an earlier step.',
  ),
  'later-reference': warning(
    'A step reads a step that stands below it. It works, but it does not read from top to bottom.',
    'Move the step.',
  ),
  'unused-step': warning('Nothing reads the rows of a step.', 'Read it, or take it out.'),
  'unused-source': warning('Nothing reads a source.', 'Read it, or take it out.'),
  'property-not-used': warning(
    'A property has no effect beside the others.',
    'Take it out, or add what it belongs to.',
  ),
  'join-condition': error(
    'A join has no condition: it would bring every row together with every row.',
    'Add `on` or `where`, or say `"how": "cross"`.',
  ),
  'cross-join-condition': error(
    'A cross join takes every pair of rows, so it has no condition.',
    'Say `"how": "inner"`, or take the condition out.',
  ),
  'same-qualifier': error(
    'Both sides of a join have the same name, so that a qualified column could mean either.',
    'Name them apart with `leftAs` and `rightAs`.',
  ),
  'missing-order': error('A value is carried from row to row, but the rows have no order.', 'Add `orderBy`.'),
  'missing-keys': error('`upsert` and `history` need to know what makes a row the same row.', 'Add `keys`.'),
  'missing-history': error('`history` needs the columns that say when a version was true.', 'Add `history`.'),
  'unknown-target-column': error(
    'A key or a check names a column that the target does not have.',
    'Correct the name, or add the column.',
  ),
  'missing-bounds': error('A check has neither `min` nor `max`, so that it could not fail.', 'Add a bound.'),
  'empty-range': error('The lower bound lies above the upper one.', 'Swap or correct the bounds.'),
  'length-mismatch': error('Two lists that belong together are not of the same length.', 'Make them the same length.'),
  'python-function': error(
    'The code of a `python` step holds no function.',
    'Write one function, `def name(input):`, that returns a data frame.',
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type ShapeCode = keyof typeof shapeCodes;

/** A problem of the document's shape; its severity is the code's own. */
export function problemAt(code: ShapeCode, span: Span, message: string, fix?: Fix): Problem {
  return { code, severity: shapeCodes[code].severity, message, span, ...(fix && { fix }) };
}
