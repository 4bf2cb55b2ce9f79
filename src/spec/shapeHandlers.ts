import type { Node } from 'jsonc-parser';
import { fixOf, replaceValue } from './edits.ts';
import { spanOf } from './positions.ts';
import type { Fix } from './problem.ts';
import type { Place } from './reading.ts';
import type { ScalarKind, Shape, ShapeKind } from './shape.ts';
import { didYouMean, suggest } from './suggest.ts';
import { synonymOf } from './synonyms.ts';
import { parseTableName } from './tableName.ts';

type Handler<Kind extends ShapeKind> = (node: Node, shape: Extract<Shape, { kind: Kind }>, at: Place) => void;

/** One handler a kind of shape. */
export const shapeHandlers: { readonly [Kind in ShapeKind]: Handler<Kind> } = {
  name: checkName,
  reference: checkName,
  text: (node, shape, at) =>
    void readText(node, shape.empty ? 'a text' : 'a text that is not empty', at, shape.empty ? () => false : isBlank),
  expression: (node, _shape, at) => void readText(node, 'a PostgreSQL expression', at),
  query: (node, _shape, at) => void readText(node, 'a SELECT', at),
  type: (node, _shape, at) => void readText(node, 'a PostgreSQL type', at),
  table(node, _shape, at) {
    const text = readText(node, 'the name of a table', at);
    if (text === undefined || parseTableName(text)) return;
    at.reading.report(
      'table-name',
      spanOf(node),
      `"${shortened(text)}" is not \`table\` or \`schema.table\`; a part with other letters than these needs double quotes.`,
      { title: 'Quote it', edits: [{ ...spanOf(node), text: JSON.stringify(`"${text.replaceAll('"', '""')}"`) }] },
    );
  },
  boolean(node, _shape, at) {
    if (node.type !== 'boolean') wrongType(node, 'true or false', at, booleanFix(node));
  },
  integer(node, { min }, at) {
    if (node.type !== 'number') {
      const digits = node.type === 'string' && /^\d{1,15}$/.test(String(node.value));
      wrongType(node, 'a whole number', at, digits ? replaced(node, String(Number(node.value))) : undefined);
      return;
    }
    const value = node.value as number;
    if (Number.isSafeInteger(value) && value >= min) return;
    const nearest = String(Math.max(min, Number.isFinite(value) && Math.abs(value) < 1e15 ? Math.round(value) : min));
    const words = `A whole number, at least ${min}, is expected here.`;
    at.reading.unsound('out-of-range', spanOf(node), words, replaced(node, nearest));
  },
  version(node, { is }, { reading }) {
    if (node.value === is) return;
    const words = `This DataMorph reads version ${is} of the spec language, not ${shortened(textOf(node, reading.positions.text))}.`;
    reading.unsound('version', spanOf(node), words, replaced(node, String(is)));
  },
  choice(node, { values }, at) {
    const words = Object.keys(values);
    if (node.type !== 'string') {
      wrongType(node, `one of ${listed(words)}`, at, replaced(node, JSON.stringify(words[0])));
      return;
    }
    const word = String(node.value);
    if (Object.hasOwn(values, word)) return;
    reportWord('unknown-value', node, { word, words, at, noun: 'value' });
  },
  scalar(node, { allows }, at) {
    const finite = node.type !== 'number' || Number.isFinite(node.value);
    if (finite && (allows as readonly string[]).includes(node.type)) {
      if (node.type === 'string') checkCharacters(node, at);
      return;
    }
    wrongType(node, `a ${allows.map((kind) => scalarWords[kind]).join(' or ')}`, at, undefined);
  },
  list(node, shape, at) {
    if (node.type !== 'array') {
      const inner = textOf(node, at.reading.positions.text);
      wrongType(node, 'a list', at, node.type === 'null' ? undefined : replaced(node, `[${inner}]`));
      return;
    }
    const children = node.children ?? [];
    children.forEach((child, index) => {
      at.reading.check(child, shape.of, [...at.path, index]);
    });
    if (children.length >= shape.min) return;
    const words = `At least ${shape.min === 1 ? 'one entry is' : `${shape.min} entries are`} needed here.`;
    at.reading.report('empty-list', spanOf(node), words);
  },
  object(node, shape, at) {
    if (node.type === 'object') at.reading.checkFields(node, shape, at.path);
    else wrongType(node, 'an object', at, undefined);
  },
  variants(node, shape, at) {
    if (node.type !== 'object') {
      wrongType(node, `a ${shape.noun}: an object with a "kind"`, at, undefined);
      return;
    }
    checkVariant(node, shape, at);
  },
  either(node, shape, at) {
    if (node.type === 'object') at.reading.checkFields(node, shape.object, at.path);
    else at.reading.check(node, shape.text, at.path);
  },
};

const maxNameBytes = 63;
const scalarWords: Readonly<Record<ScalarKind, string>> = {
  string: 'text',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
};

function checkVariant(node: Node, shape: Extract<Shape, { kind: 'variants' }>, at: Place): void {
  const kind = node.children?.find((property) => property.children?.[0]?.value === 'kind')?.children?.[1];
  const kinds = Object.keys(shape.variants);
  if (!kind) {
    const words = `This ${shape.noun} has no "kind": ${listed(kinds)}.`;
    const fix = misnamedKind(node, kinds);
    at.reading.unsound('missing-property', { offset: node.offset, length: 1 }, words, fix);
    return;
  }
  if (kind.type !== 'string') {
    wrongType(kind, `one of ${listed(kinds)}`, at, undefined);
    return;
  }
  const word = String(kind.value);
  const variant = Object.hasOwn(shape.variants, word) ? shape.variants[word] : undefined;
  if (variant) at.reading.checkFields(node, variant, at.path);
  else reportWord('unknown-kind', kind, { word, words: kinds, at, noun: `kind of ${shape.noun}` });
}

/** A step without `kind` often says it under another name: `"type": "filter"`. */
function misnamedKind(node: Node, kinds: readonly string[]): Fix | undefined {
  const property = node.children?.find((child) => kinds.includes(String(child.children?.[1]?.value)));
  const key = property?.children?.[0];
  if (!key) return undefined;
  return { title: 'Change to "kind"', edits: [{ ...spanOf(key), text: '"kind"' }] };
}

function checkName(node: Node, _shape: Shape, at: Place): void {
  // A blank is a name to PostgreSQL, though not one to be proud of.
  const text = readText(node, 'a name', at, (name) => name === '');
  if (text === undefined) return;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxNameBytes) return;
  const words = `This name is ${bytes} bytes long; PostgreSQL keeps the first ${maxNameBytes} only.`;
  const fix = { title: 'Cut it', edits: [{ ...spanOf(node), text: JSON.stringify(cut(text)) }] };
  at.reading.report('name-too-long', spanOf(node), words, fix);
}

function cut(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const letter of text) {
    bytes += new TextEncoder().encode(letter).length;
    if (bytes > maxNameBytes) break;
    kept += letter;
  }
  return kept;
}

function readText(node: Node, expected: string, at: Place, isEmpty = isBlank): string | undefined {
  if (node.type !== 'string') {
    const scalar = node.type === 'number' || node.type === 'boolean';
    const quoted = JSON.stringify(textOf(node, at.reading.positions.text));
    wrongType(node, expected, at, scalar ? replaced(node, quoted) : undefined);
    return undefined;
  }
  const text = String(node.value);
  if (!checkCharacters(node, at)) return undefined;
  if (!isEmpty(text)) return text;
  at.reading.report('empty-text', spanOf(node), `This is empty: ${expected} is needed here.`);
  return undefined;
}

const isBlank = (text: string): boolean => text.trim() === '';

function checkCharacters(node: Node, { reading, path }: Place): boolean {
  const text = String(node.value);
  const at = text.search(unstorable);
  if (at < 0) return true;
  const words = 'PostgreSQL cannot store this character: NUL, or half of a surrogate pair.';
  const mended = JSON.stringify(text.replace(new RegExp(unstorable, 'gu'), ''));
  reading.report('invalid-character', reading.positions.within(path, at, 1), words, replaced(node, mended));
  return false;
}

const unstorable = /[\u0000\p{Surrogate}]/u;

interface Word {
  readonly word: string;
  readonly words: readonly string[];
  readonly noun: string;
  readonly at: Place;
}

function reportWord(code: 'unknown-kind' | 'unknown-value', node: Node, { word, words, noun, at }: Word): void {
  const suggestion = synonymOf(word, words) ?? suggest(word, words);
  const way = suggestion === undefined ? ` It is one of ${listed(words)}.` : didYouMean(suggestion);
  const fix =
    suggestion === undefined
      ? undefined
      : fixOf(
          `Change to "${suggestion}"`,
          replaceValue(at.reading.positions, pathOf(node, at), JSON.stringify(suggestion)),
        );
  at.reading.unsound(code, spanOf(node), `There is no ${noun} "${shortened(word)}".${way}`, fix?.fix);
}

/** The kind's own node lies one below the place of its object. */
const pathOf = (node: Node, { path, reading }: Place) =>
  reading.positions.node(path)?.offset === node.offset ? path : [...path, 'kind'];

function wrongType(node: Node, expected: string, { reading }: Place, fix: Fix | undefined): void {
  const article = node.type === 'object' || node.type === 'array' ? 'an' : 'a';
  const found = node.type === 'null' ? 'null' : `${article} ${node.type}`;
  reading.unsound('wrong-type', spanOf(node), `Here stands ${found}; ${expected} is expected.`, fix);
}

function booleanFix(node: Node): Fix | undefined {
  const word = String(node.value).toLowerCase();
  return word === 'true' || word === 'false' ? replaced(node, word) : undefined;
}

const replaced = (node: Node, text: string): Fix => ({
  title: `Change to ${shortened(text)}`,
  edits: [{ ...spanOf(node), text }],
});

const textOf = (node: Node, text: string): string => text.slice(node.offset, node.offset + node.length);
const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const listed = (words: readonly string[]): string => words.join(', ');
