import type { Node } from 'jsonc-parser';
import { fixOf, insertProperty, removeNode } from './edits.ts';
import { insideQuotes, spanOf, type JsonPath, type Positions } from './positions.ts';
import type { Fix, Problem, Span } from './problem.ts';
import { problemAt } from './problemCodes.ts';
import type { Place, Reading } from './reading.ts';
import { shapeHandlers } from './shapeHandlers.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { placeholder } from './placeholder.ts';
import { synonymOf } from './synonyms.ts';
import { didYouMean, suggest } from './suggest.ts';

export interface ShapeResult {
  readonly problems: readonly Problem[];
  /** Whether the value may be taken for what its type says, whatever else is wrong with it. */
  readonly sound: boolean;
}

/** Compares a syntax tree with a shape. */
export function readShape(root: Node, shape: Shape, positions: Positions): ShapeResult {
  const problems: Problem[] = [];
  let sound = true;
  const reading: Reading = {
    positions,
    check: (node, expected, path) => {
      (shapeHandlers[expected.kind] as Handle)(node, expected, { reading, path });
    },
    checkFields: (node, expected, path) => {
      checkFields(node, expected, { reading, path });
    },
    report: (code, span, message, fix) => {
      problems.push(problemAt(code, span, message, fix));
    },
    unsound(code, span, message, fix) {
      sound = false;
      reading.report(code, span, message, fix);
    },
  };
  reading.check(root, shape, []);
  return { problems, sound };
}

type Handle = (node: Node, shape: Shape, at: Place) => void;

/** Each property once, each known, none missing. */
function checkFields(node: Node, shape: ObjectShape, { reading, path }: Place): void {
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key) continue;
    const word = String(key.value);
    const field = Object.hasOwn(shape.fields, word) ? shape.fields[word] : undefined;
    if (seen.has(word)) reportDuplicate(property, key, reading);
    else if (!field && !(shape.tagged && word === 'kind')) reportUnknown(property, shape, { reading, path });
    else if (field && value) reading.check(value, field.shape, [...path, word]);
    else if (!value) reading.unsound('missing-property', spanOf(key), `"${word}" has no value.`);
    seen.add(word);
  }
  for (const [word, field] of Object.entries(shape.fields)) {
    if (field.required && !seen.has(word)) reportMissing(word, field.shape, { reading, path });
  }
}

function reportDuplicate(property: Node, key: Node, reading: Reading): void {
  const fix: Fix = { title: 'Take the second one out', edits: removeNode(reading.positions.text, property) };
  // The last one counts for other readers of JSON, and it has not been looked at.
  reading.unsound('duplicate-key', spanOf(key), `"${String(key.value)}" is said twice in the same object.`, fix);
}

function reportUnknown(property: Node, shape: ObjectShape, { reading }: Place): void {
  const [key] = property.children ?? [];
  if (!key) return;
  const word = String(key.value);
  const taken = new Set((property.parent?.children ?? []).map((sibling) => String(sibling.children?.[0]?.value)));
  const free = Object.keys(shape.fields).filter((name) => !taken.has(name));
  const suggestion = synonymOf(word, free) ?? suggest(word, free);
  const fix: Fix =
    suggestion === undefined
      ? { title: `Take "${word}" out`, edits: removeNode(reading.positions.text, property) }
      : { title: `Change to "${suggestion}"`, edits: [{ ...insideQuotes(key), text: suggestion }] };
  reading.report('unknown-property', spanOf(key), `There is no property "${word}" here.${didYouMean(suggestion)}`, fix);
}

function reportMissing(word: string, shape: Shape, { reading, path }: Place): void {
  const { positions } = reading;
  const json = JSON.stringify(placeholder(shape, word, { positions, path }));
  const { fix } = fixOf(`Add "${word}"`, insertProperty(positions, path, { key: word, json }));
  reading.unsound('missing-property', openingOf(positions, path), `The property "${word}" is missing.`, fix);
}

/** An object's name, where it has one, says more than its whole body underlined. */
function openingOf(positions: Positions, path: JsonPath): Span {
  const named = positions.node([...path, 'name']) ?? positions.node([...path, 'kind']);
  return named ? spanOf(named) : { offset: positions.span(path).offset, length: 1 };
}
