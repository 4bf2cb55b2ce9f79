import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Span } from './problem.ts';

/** From the document to a value: property names and list indices. */
export type JsonPath = readonly (string | number)[];

/** Where everything in a document stands. */
export interface Positions {
  readonly text: string;
  /** The value at the path; what stands nearest above it where the path leads nowhere. */
  span(path: JsonPath): Span;
  /** The name of the property at the path, without its quotes; the value where it has none. */
  key(path: JsonPath): Span;
  /** A part of the decoded string at the path, in UTF-16 units of the decoded string. */
  within(path: JsonPath, offset: number, length: number): Span;
  /** The syntax node at the path, for edits. */
  node(path: JsonPath): Node | undefined;
}

export function positionsOf(text: string, root: Node | undefined): Positions {
  const node = (path: JsonPath): Node | undefined => root && findNodeAtLocation(root, [...path]);
  const nearest = (path: JsonPath): Span => {
    for (let length = path.length; length >= 0; length--) {
      const found = node(path.slice(0, length));
      if (found) return spanOf(found);
    }
    return { offset: 0, length: Math.min(1, text.length) };
  };
  return {
    text,
    node,
    span: nearest,
    key(path) {
      const property = node(path)?.parent;
      const name = property?.type === 'property' ? property.children?.[0] : undefined;
      return name ? insideQuotes(name) : nearest(path);
    },
    within(path, offset, length) {
      const found = node(path);
      if (found?.type !== 'string') return nearest(path);
      const offsets = decodedOffsets(text, found);
      const last = offsets.length - 1;
      const start = offsets[Math.min(offset, last)] ?? found.offset;
      const end = offsets[Math.min(offset + length, last)] ?? start;
      return { offset: start, length: end - start };
    },
  };
}

export const spanOf = ({ offset, length }: Node): Span => ({ offset, length });

/** A string token without its quotes, so that an edit replaces the words only. */
export const insideQuotes = ({ offset, length }: Node): Span => ({
  offset: offset + 1,
  length: Math.max(0, length - 2),
});

/** For each unit of the decoded string, and for its end, the offset in the document. */
function decodedOffsets(text: string, token: Node): number[] {
  const offsets: number[] = [];
  const end = token.offset + token.length - 1;
  for (let at = token.offset + 1; at < end;) {
    offsets.push(at);
    if (text[at] !== '\\') at += 1;
    else at += text[at + 1] === 'u' ? 6 : 2;
  }
  offsets.push(end);
  return offsets;
}
