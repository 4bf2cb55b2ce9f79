/** Edits of a document's text that leave the rest of it as its writer laid it out. */
import type { Node } from 'jsonc-parser';
import { spanOf, type JsonPath, type Positions } from './positions.ts';
import type { Fix, Span, TextEdit } from './problem.ts';

/** A new property, after the object's last one. */
export function insertProperty(
  positions: Positions,
  path: JsonPath,
  property: { key: string; json: string },
): TextEdit[] {
  const text = `${JSON.stringify(property.key)}: ${property.json}`;
  return insertChild(positions, positions.node(path), text);
}

/** A new element at the end of a list. */
export function appendElement(positions: Positions, path: JsonPath, json: string): TextEdit[] {
  return insertChild(positions, positions.node(path), json);
}

/** A new element before the one at the path. */
export function insertElement(positions: Positions, path: JsonPath, json: string): TextEdit[] {
  const next = positions.node(path);
  const parent = next?.parent;
  if (!next || !parent) return [];
  return [{ offset: next.offset, length: 0, text: `${json},${lineBreak(positions.text, parent)}` }];
}

/** Another JSON value in place of the one at the path. */
export function replaceValue(positions: Positions, path: JsonPath, json: string): TextEdit[] {
  return [{ ...positions.span(path), text: json }];
}

/** Another name for the property at the path. */
export function renameKey(positions: Positions, path: JsonPath, name: string): TextEdit[] {
  return [{ ...positions.key(path), text: escaped(name) }];
}

/** Other words for a part of a string value; offsets count in the decoded string. */
export function replaceWithin(positions: Positions, path: JsonPath, part: Span & { text: string }): TextEdit[] {
  const node = positions.node(path);
  if (node?.type !== 'string') return [];
  return [{ ...positions.within(path, part.offset, part.length), text: escaped(part.text) }];
}

/** Takes a property or a list element out, together with the comma that it leaves behind. */
export function removeValue(positions: Positions, path: JsonPath): TextEdit[] {
  const value = positions.node(path);
  return value ? removeNode(positions.text, value.parent?.type === 'property' ? value.parent : value) : [];
}

export function removeNode(text: string, child: Node): TextEdit[] {
  const siblings = child.parent?.children ?? [];
  const index = siblings.indexOf(child);
  const next = siblings[index + 1];
  const previous = siblings[index - 1];
  const end = child.offset + child.length;
  if (next) return [{ offset: child.offset, length: next.offset - child.offset, text: '' }];
  if (!previous) return [{ ...spanOf(child), text: '' }];
  const start = previous.offset + previous.length;
  return text.slice(start, child.offset).includes('//')
    ? [{ ...spanOf(child), text: '' }]
    : [{ offset: start, length: end - start, text: '' }];
}

/** The words between the quotes of a JSON string. */
export const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A fix, or nothing where its edits could not be made. */
export function fixOf(title: string, edits: readonly TextEdit[]): { fix?: Fix } {
  return edits.length > 0 ? { fix: { title, edits } } : {};
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.offset - a.offset)
    .reduce((done, edit) => done.slice(0, edit.offset) + edit.text + done.slice(edit.offset + edit.length), text);
}

function insertChild({ text }: Positions, parent: Node | undefined, json: string): TextEdit[] {
  if (parent?.type !== 'object' && parent?.type !== 'array') return [];
  const children = parent.children ?? [];
  const last = children.at(-1);
  if (!last) return [{ offset: parent.offset + 1, length: 0, text: json }];
  return [{ offset: last.offset + last.length, length: 0, text: `,${lineBreak(text, parent)}${json}` }];
}

/** What stands between two children: a new line with their indent, or a blank. */
function lineBreak(text: string, { offset, children }: Node): string {
  const between = text.slice(offset + 1, children?.[0]?.offset);
  const match = /\r?\n(?:[ \t]*\r?\n)*[ \t]*$/.exec(between);
  return match ? match[0].replace(/^(?:\r?\n[ \t]*)*(?=\r?\n)/, '') : between.includes('\n') ? '\n' : ' ';
}
