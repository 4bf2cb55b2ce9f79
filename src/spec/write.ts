/** Writing specs: anew in the canonical layout, or into a person's document with as few edits as it takes. */
import { appendElement, applyEdits, insertElement, insertProperty, removeValue, replaceValue } from './edits.ts';
import { parseDocument } from './json.ts';
import { plainValue } from './jsonValue.ts';
import { positionsOf, type JsonPath, type Positions } from './positions.ts';
import type { TextEdit } from './problem.ts';
import type { ObjectShape, Shape } from './shape.ts';
import type { Spec } from './spec.ts';
import { specShape } from './specShape.ts';
import { isObject } from './isObject.ts';

/** The canonical layout: properties in the order of the language, small objects on one line. */
export const formatSpec = (spec: Spec): string =>
  `${print(inOrder(spec, specShape), { indent: '', used: 0, open: true })}\n`;

/** A value put in the place of another; `undefined` takes it out. */
export interface Change {
  readonly path: JsonPath;
  readonly value: unknown;
}

/** Changes single values of a document and leaves all else, comments included, as it stands. */
export function editSpec(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, change) => apply(before, { ...change, insert: false }), text);
}

/** Writes a spec into a document: what says the same keeps its layout; a document that is no JSON is written anew. */
export function writeSpec(text: string, spec: Spec): string {
  const { root, problems } = parseDocument(text);
  if (!root || problems.length > 0 || root.type !== 'object') return formatSpec(spec);
  const operations = differences(plainValue(root), inOrder(spec, specShape), []);
  return operations.reduce(apply, text);
}

/** The edits that put a new element before the one at the path, in the document's layout. */
export const insertionOf = (positions: Positions, path: JsonPath, value: unknown): TextEdit[] =>
  editsFor({ path, value, insert: true }, positions);

interface Operation extends Change {
  /** A new element that moves the others on. */
  readonly insert: boolean;
}

function apply(text: string, operation: Operation): string {
  const positions = positionsOf(text, parseDocument(text).root);
  return applyEdits(text, editsFor(operation, positions));
}

function editsFor({ path, value, insert }: Operation, positions: Positions): TextEdit[] {
  const parent = path.slice(0, -1);
  const last = path.at(-1);
  const existing = positions.node(path);
  if (value === undefined) return existing ? removeValue(positions, path) : [];
  const json = print(
    value,
    placeOf(existing?.offset ?? positions.span(parent).offset, positions.text, existing ? 0 : 2),
  );
  if (last === undefined || (existing && !insert)) return replaceValue(positions, path, json);
  if (typeof last === 'number') {
    return existing ? insertElement(positions, path, json) : appendElement(positions, parent, json);
  }
  if (positions.node(parent)) return insertProperty(positions, parent, { key: last, json });
  return editsFor({ path: parent, value: { [last]: value }, insert: false }, positions);
}

/** Where a value will stand: its line's indent, and how much of the line is used. */
function placeOf(offset: number, text: string, deeper: number): Layout {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const own = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const indent = own + ' '.repeat(deeper);
  return { indent, used: deeper > 0 ? indent.length + 20 : offset - start, open: false };
}

function differences(before: unknown, after: unknown, path: JsonPath): Operation[] {
  if (same(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  if (isObject(before) && isObject(after)) {
    const gone = Object.keys(before).filter((key) => after[key] === undefined);
    const kept = Object.entries(after).filter(([, value]) => value !== undefined);
    return [
      ...gone.map((key) => ({ path: [...path, key], value: undefined, insert: false })),
      ...kept.flatMap(([key, value]) => differences(before[key], value, [...path, key])),
    ];
  }
  return [{ path, value: after, insert: false }];
}

/** Elements are the same by their names, where they have names; otherwise by their places. */
function listDifferences(before: readonly unknown[], after: readonly unknown[], path: JsonPath): Operation[] {
  const [old, wanted] = [before.map(nameOf), after.map(nameOf)];
  const named = [old, wanted].every(
    (names) => names.every((name) => name !== undefined) && new Set(names).size === names.length,
  );
  if (!named) {
    if (before.length !== after.length) return [{ path, value: after, insert: false }];
    return after.flatMap((element, index) => differences(before[index], element, [...path, index]));
  }
  const stay = old.filter((name) => wanted.includes(name));
  const moved = wanted.filter((name) => old.includes(name)).some((name, index) => name !== stay[index]);
  if (moved || stay.length === 0) return [{ path, value: after, insert: false }];
  const removed = old.flatMap((name, index) => (wanted.includes(name) ? [] : [index])).reverse();
  return [
    ...removed.map((index) => ({ path: [...path, index], value: undefined, insert: false })),
    ...after.flatMap((element, index) => {
      const at = old.indexOf(wanted[index]);
      const place = [...path, index];
      return at < 0 ? [{ path: place, value: element, insert: true }] : differences(before[at], element, place);
    }),
  ];
}

const nameOf = (value: unknown): string | undefined => {
  const name = isObject(value) ? value['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
};

/** The same value, whatever the order of its properties. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, index) => same(value, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key], b[key]));
}

interface Layout {
  readonly indent: string;
  /** Columns that the line has already. */
  readonly used: number;
  /** Always over several lines: the document itself, and its lists of sources, steps and checks. */
  readonly open: boolean;
}

const width = 120;

function print(value: unknown, { indent, used, open }: Layout): string {
  const line = oneLine(value);
  // One column is left for the comma.
  if (!Array.isArray(value) && !isObject(value)) return line;
  if (!open && used + line.length < width) return line;
  const inner = `${indent}  `;
  const within = (prefix: string, inside: unknown, stays: boolean): string =>
    `${inner}${prefix}${print(inside, { indent: inner, used: inner.length + prefix.length, open: stays })}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((element) => within('', element, false)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, inside]) => inside !== undefined);
  const isDocument = open && indent === '';
  const lines = entries.map(([key, inside]) =>
    within(`${JSON.stringify(key)}: `, inside, isDocument && openLists.has(key)),
  );
  return entries.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

const openLists = new Set(['sources', 'steps', 'checks', 'target']);

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inside]) => inside !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([key, inside]) => `${JSON.stringify(key)}: ${oneLine(inside)}`).join(', ')} }`;
}

/** Properties in the order in which the language lists them; a step's kind follows its name, its note comes last. */
function inOrder(value: unknown, shape: Shape): unknown {
  if (Array.isArray(value)) return shape.kind === 'list' ? value.map((element) => inOrder(element, shape.of)) : value;
  if (!isObject(value)) return value;
  const object = objectShape(value, shape);
  if (!object) return value;
  const { name, note, ...others } = object.fields;
  const keys = [name && 'name', object.tagged && 'kind', ...Object.keys(others), note && 'note'];
  const known = keys.filter((key): key is string => typeof key === 'string');
  const rest = Object.keys(value).filter((key) => !known.includes(key));
  // The document itself begins with its version.
  const ordered = 'version' in others ? ['$schema', 'version', 'name', ...known.slice(1)] : known;
  return Object.fromEntries(
    [...new Set([...ordered, ...rest])].flatMap((key) => {
      const inside = value[key];
      const field = Object.hasOwn(object.fields, key) ? object.fields[key] : undefined;
      return inside === undefined ? [] : [[key, field ? inOrder(inside, field.shape) : inside] as const];
    }),
  );
}

function objectShape(value: Readonly<Record<string, unknown>>, shape: Shape): ObjectShape | undefined {
  switch (shape.kind) {
    case 'object':
      return shape;
    case 'either':
      return shape.object;
    case 'variants':
      return typeof value['kind'] === 'string' ? shape.variants[value['kind']] : undefined;
    default:
      return undefined;
  }
}
