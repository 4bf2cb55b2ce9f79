import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Problem } from './problem.ts';
import { problemAt } from './problemCodes.ts';

export interface JsonDocument {
  readonly root?: Node;
  readonly problems: readonly Problem[];
}

/** The syntax tree of a document; comments and trailing commas are taken as they are. */
export function parseDocument(text: string): JsonDocument {
  // A byte order mark is no token: a blank of the same length keeps all positions.
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tooDeep = firstTooDeep(source);
  if (tooDeep !== undefined) {
    const span = { offset: tooDeep, length: 1 };
    return { problems: [problemAt('too-deep', span, `The document is nested deeper than ${maxDepth} levels.`)] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  if (root) clamp(root, text.length);
  if (!root && errors.length === 0) return { problems: [emptyDocument(text)] };
  return { ...(root && { root }), problems: errors.map((error) => syntaxProblem(error, text)) };
}

/** In a truncated document the parser's last nodes claim more, or less, than there is. */
function clamp(node: Node, end: number): void {
  Object.assign(node, { length: Math.max(0, Math.min(node.length, end - node.offset)) });
  for (const child of node.children ?? []) clamp(child, end);
}

/** Deeper than any spec, and far from the depth at which a recursive reader ends. */
const maxDepth = 100;

function firstTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > maxDepth) return scanner.getTokenOffset();
  }
  return undefined;
}

const emptyDocument = (text: string): Problem =>
  problemAt(
    'syntax',
    { offset: 0, length: Math.min(1, text.length) },
    'The document is empty: a spec is a JSON object.',
    {
      title: 'Start a spec',
      edits: [{ offset: text.length, length: 0, text: emptySpec }],
    },
  );

const emptySpec = `{
  "version": 1,
  "name": "job",
  "sources": [{ "name": "source", "table": "source" }],
  "steps": [],
  "target": { "table": "target", "from": "source", "mode": "replace", "columns": [{ "name": "id", "type": "integer" }] }
}
`;

function syntaxProblem(error: ParseError, text: string): Problem {
  const { words, insert } = syntaxWords[printParseErrorCode(error.error)] ?? { words: 'This is no JSON.' };
  const offset = Math.min(error.offset, Math.max(0, text.length - 1));
  const span = { offset, length: Math.min(Math.max(1, error.length), text.length - offset) };
  const fix =
    insert === undefined
      ? undefined
      : { title: `Insert ${insert}`, edits: [{ offset: error.offset, length: 0, text: insert }] };
  return problemAt('syntax', span, words, fix);
}

interface SyntaxWords {
  readonly words: string;
  readonly insert?: string;
}

const syntaxWords: Readonly<Record<string, SyntaxWords>> = {
  InvalidSymbol: { words: 'This is no JSON: a text needs double quotes.' },
  InvalidNumberFormat: { words: 'This is no JSON number.' },
  PropertyNameExpected: { words: 'A property name in double quotes is expected here.' },
  ValueExpected: { words: 'A value is expected here.' },
  ColonExpected: { words: 'A colon is expected here.', insert: ':' },
  CommaExpected: { words: 'A comma is expected here.', insert: ',' },
  CloseBraceExpected: { words: 'A closing brace is missing.', insert: '}' },
  CloseBracketExpected: { words: 'A closing bracket is missing.', insert: ']' },
  EndOfFileExpected: { words: 'The document has ended before this.' },
  InvalidCommentToken: { words: 'This comment is not well formed.' },
  UnexpectedEndOfComment: { words: 'This comment is not closed.' },
  UnexpectedEndOfString: { words: 'This text is not closed by a double quote.' },
  UnexpectedEndOfNumber: { words: 'This number ends too early.' },
  InvalidUnicode: { words: 'A `\\u` escape needs four hexadecimal digits.' },
  InvalidEscapeCharacter: {
    words: 'This is no escape that JSON knows; a backslash itself is written twice.',
  },
  InvalidCharacter: {
    words: 'A line break or control character inside a text is written as an escape, such as \\n.',
  },
};
