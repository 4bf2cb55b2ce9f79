import type { Bindings } from './bindings.ts';
import { argumentsOf, attributeOf, calleeOf, type PyNode } from './pythonTree.ts';

/** A value that can be read from the script without running it. */
export type Static = string | number | boolean | null | readonly Static[] | { readonly [key: string]: Static };

/** All the texts that an expression can be; undefined where that depends on the run. */
export function staticTexts(node: PyNode, bindings: Bindings): readonly string[] | undefined {
  switch (node.kind) {
    case 'String': {
      const text = decoded(node.text);
      return text === undefined ? undefined : [text];
    }
    case 'ContinuedString':
      return product(node.children.filter(isPart).map((part) => staticTexts(part, bindings)));
    case 'FormatString':
      return formatted(node, bindings);
    case 'ParenthesizedExpression':
      return only(node, (inner) => staticTexts(inner, bindings));
    case 'BinaryExpression': {
      const [left, sign, right] = node.children;
      if (!left || !right || sign?.text !== '+') return undefined;
      return product([staticTexts(left, bindings), staticTexts(right, bindings)]);
    }
    case 'ConditionalExpression': {
      const [yes, , , , no] = node.children;
      return together([yes, no].map((each) => each && staticTexts(each, bindings)));
    }
    case 'VariableName':
      return ofName(node.text, bindings);
    case 'CallExpression': {
      const callee = calleeOf(node);
      // The clock's own words come from the runtime.
      const isClock = callee && attributeOf(callee)?.name.text === 'at_instant';
      const [argument, ...others] = isClock ? argumentsOf(node) : [];
      return argument && !argument.star && others.length === 0 ? staticTexts(argument.value, bindings) : undefined;
    }
    default:
      return undefined;
  }
}

const isPart = ({ kind }: PyNode): boolean => kind !== 'Comment';
const mostTexts = 2000;
/** Of all of them together; texts that grow out of each other grow fast. */
const longestTexts = 200_000;

function only<T>(node: PyNode, read: (inner: PyNode) => T | undefined): T | undefined {
  const inner = node.children.filter(({ kind }) => !['(', ')', 'Comment'].includes(kind));
  return inner.length === 1 && inner[0] ? read(inner[0]) : undefined;
}

/** By script and name; a name that is being worked out counts as unknown, so that no circle is walked, and no value twice. */
const known = new WeakMap<Bindings, Map<string, readonly string[] | undefined>>();

function ofName(name: string, bindings: Bindings): readonly string[] | undefined {
  const texts = known.get(bindings) ?? new Map<string, readonly string[] | undefined>();
  known.set(bindings, texts);
  if (texts.has(name)) return texts.get(name);
  texts.set(name, undefined);
  const values = bindings.values.get(name) ?? [];
  const found = together(
    values.map((bound) => {
      if (!bound) return undefined;
      if (!bound.each) return staticTexts(bound.node, bindings);
      const elements = elementsOf(bound.node, bindings);
      return elements && together(elements.map((element) => staticTexts(element, bindings)));
    }),
  );
  texts.set(name, found);
  return found;
}

/** What stands in a list that is written out, or in a name for a tuple, which nothing can change. */
function elementsOf(node: PyNode, bindings: Bindings): readonly PyNode[] | undefined {
  if (node.kind === 'ArrayExpression' || node.kind === 'TupleExpression') {
    const parts = node.children.filter(({ kind }) => !['[', ']', '(', ')', ',', 'Comment'].includes(kind));
    return parts.some(({ kind }) => kind === '*') ? undefined : parts;
  }
  const [bound, ...others] = node.kind === 'VariableName' ? (bindings.values.get(node.text) ?? []) : [];
  const isTuple = bound?.node.kind === 'TupleExpression' && !bound.each && others.length === 0;
  return isTuple ? elementsOf(bound.node, bindings) : undefined;
}

function formatted(node: PyNode, bindings: Bindings): readonly string[] | undefined {
  const start = node.from + (/^[A-Za-z]*(?:"""|'''|"|')/.exec(node.text)?.[0].length ?? 0);
  const quote = /(?:"""|'''|"|')$/.exec(node.text)?.[0].length ?? 1;
  const isRaw = /^[A-Za-z]*r/i.test(node.text);
  const parts: (readonly string[] | undefined)[] = [];
  let at = start;
  const plain = (end: number): void => {
    const piece = node.text
      .slice(at - node.from, end - node.from)
      .replaceAll('{{', '{')
      .replaceAll('}}', '}');
    const text = isRaw ? piece : unescaped(piece);
    parts.push(text === undefined ? undefined : [text]);
  };
  for (const inside of node.children.filter(({ kind }) => kind === 'FormatReplacement')) {
    plain(inside.from);
    const [, value, end] = inside.children;
    parts.push(value && end?.kind === '}' ? staticTexts(value, bindings) : undefined);
    at = inside.to;
  }
  plain(node.to - quote);
  return product(parts);
}

function product(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  let all: readonly string[] = [''];
  for (const part of parts) {
    if (!part || all.length * part.length > mostTexts) return undefined;
    const length = part.length * lengthOf(all) + all.length * lengthOf(part);
    if (length > longestTexts) return undefined;
    all = all.flatMap((before) => part.map((text) => before + text));
  }
  return all;
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

function together(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const known = lists.filter((list) => list !== undefined);
  return known.length === lists.length && lists.length > 0 ? [...new Set(known.flat())] : undefined;
}

/** The value of a literal; undefined for bytes, and for what a parser of Python alone can tell. */
function decoded(literal: string): string | undefined {
  const match = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)\2$/.exec(literal);
  if (!match) return undefined;
  const [, prefix = '', , body = ''] = match;
  if (/[bf]/i.test(prefix)) return undefined;
  return /r/i.test(prefix) ? body : unescaped(body);
}

function unescaped(body: string): string | undefined {
  // Python alone knows the names of characters.
  if (/(?:^|[^\\])(?:\\\\)*\\N/.test(body)) return undefined;
  return body.replace(escapes, (whole: string, code: string) => {
    const digits = /^[xuU]([0-9a-fA-F]+)$/.exec(code)?.[1];
    if (digits !== undefined) {
      const point = parseInt(digits, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    }
    if (/^[0-7]+$/.test(code)) return String.fromCodePoint(parseInt(code, 8));
    return single[code] ?? whole;
  });
}

const escapes = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g;
const single: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
};

/** A constant of any kind: what the calls of the runtime are given. */
export function staticValue(node: PyNode, bindings: Bindings): Static | undefined {
  switch (node.kind) {
    case 'Number':
      return Number(node.text.replaceAll('_', ''));
    case 'Boolean':
      return node.text === 'True';
    case 'None':
      return null;
    case 'ParenthesizedExpression':
      return only(node, (inner) => staticValue(inner, bindings));
    case 'ArrayExpression':
    case 'TupleExpression': {
      const values = (elementsOf(node, bindings) ?? []).map((element) => staticValue(element, bindings));
      return values.every((value) => value !== undefined) ? values : undefined;
    }
    case 'DictionaryExpression':
      return dictionary(node, bindings);
    case 'VariableName': {
      const [bound, ...others] = bindings.values.get(node.text) ?? [];
      // A list or a dictionary under a name may have been changed since, and a tuple may hold one.
      const isFixed = bound && ['String', 'ContinuedString', 'Number', 'Boolean'].includes(bound.node.kind);
      return isFixed && !bound.each && others.length === 0 ? staticValue(bound.node, bindings) : undefined;
    }
    default: {
      const texts = staticTexts(node, bindings);
      return texts?.length === 1 ? texts[0] : undefined;
    }
  }
}

function dictionary({ children }: PyNode, bindings: Bindings): Static | undefined {
  const parts = children.filter(({ kind }) => !['{', '}', ',', ':', 'Comment'].includes(kind));
  if (parts.some(({ kind }) => kind === '**') || parts.length % 2 > 0) return undefined;
  const entries: [string, Static][] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [key, value] = [parts[at], parts[at + 1]].map((part) => part && staticValue(part, bindings));
    if (typeof key !== 'string' || value === undefined) return undefined;
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
