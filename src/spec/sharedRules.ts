/** Checks that hold for tables of many specs, in a file of the workspace; docs/validation.md tells of it. */
import type { Node } from 'jsonc-parser';
import { parseDocument } from './json.ts';
import { plainValue } from './jsonValue.ts';
import { positionsOf } from './positions.ts';
import type { Problem } from './problem.ts';
import { problemAt } from './problemCodes.ts';
import { readShape } from './readShape.ts';
import { listOf, objectOf, optional, required, text, type ObjectShape } from './shape.ts';
import type { Check } from './spec.ts';
import { checkShapes } from './specShape.ts';

export const sharedRulesVersion = 1;

export interface SharedRules {
  /** Where the editor finds the JSON Schema of the document; no meaning of its own. */
  readonly $schema?: string;
  readonly version: typeof sharedRulesVersion;
  readonly tables: readonly TableRules[];
}

export interface TableRules {
  /** `table` or `schema.table`, as stored; `*` stands for any letters. */
  readonly table: string;
  readonly checks: readonly Check[];
}

export const sharedRulesShape: ObjectShape = objectOf<SharedRules>({
  $schema: optional(text, 'The JSON Schema of this document.'),
  version: required({ kind: 'version', is: sharedRulesVersion }, 'The version of this document.'),
  tables: required(
    listOf(
      objectOf<TableRules>({
        table: required(text, 'The targets that this is about: `table` or `schema.table`; `*` stands for any letters.'),
        checks: required(
          listOf({ kind: 'variants', noun: 'check', variants: checkShapes }),
          'Rules that such a table must keep, written as the `checks` of a spec.',
        ),
      }),
    ),
    'Rules by table.',
  ),
});

export interface SharedRulesDocument {
  /** Left out where the text is not of this type: then none of it is used. */
  readonly rules?: SharedRules;
  readonly problems: readonly Problem[];
}

/** Reads a document. Whatever the text is, the answer is problems, never an exception. */
export function readSharedRules(source: string): SharedRulesDocument {
  const { root, problems } = parseDocument(source);
  if (!root) return { problems: source.trim() === '' ? [emptyFile(source)] : problems };
  return problems.length > 0 ? { problems } : shaped(source, root);
}

function shaped(source: string, root: Node): SharedRulesDocument {
  const { problems, sound } = readShape(root, sharedRulesShape, positionsOf(source, root));
  return { problems, ...(sound && { rules: plainValue(root) as SharedRules }) };
}

const emptyFile = (source: string): Problem =>
  problemAt('syntax', { offset: 0, length: Math.min(1, source.length) }, 'The file is empty: it is a JSON object.');

/** Whether the pattern is about the table; without a schema it is about that name in any of them. */
export function isAbout(pattern: string, table: { readonly schema: string; readonly name: string }): boolean {
  const dot = pattern.indexOf('.');
  const [schema, name] = dot < 0 ? ['*', pattern] : [pattern.slice(0, dot), pattern.slice(dot + 1)];
  return matches(schema, table.schema) && matches(name, table.name);
}

/** Piece by piece: a pattern with many stars costs no more than its length times that of the name. */
function matches(pattern: string, word: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === word;
  if (!word.startsWith(first) || word.length < first.length + last.length || !word.endsWith(last)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = word.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= word.length - last.length;
}
