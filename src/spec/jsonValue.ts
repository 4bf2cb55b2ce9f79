import { getNodeValue, type Node } from 'jsonc-parser';

/** The value of a syntax tree, in ordinary objects: the parser's own have no prototype, and compare unequal to literals. */
export const plainValue = (node: Node): unknown => plain(getNodeValue(node));

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
