/** A script as a tree, by the names of its grammar: `CallExpression`, `VariableName`, and signs under their own names. */
export interface PyNode {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly parent?: PyNode;
  readonly children: readonly PyNode[];
}

/** What could not be read is a node of this kind. */
export const errorKind = '⚠';

export interface PythonParser {
  /** Undefined where the text is nested deeper than anybody writes. */
  parse(text: string): PyNode | undefined;
}

export function* nodesOf(node: PyNode): Generator<PyNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

export const childOf = (node: PyNode, kind: string): PyNode | undefined =>
  node.children.find((child) => child.kind === kind);

/** The name of the attribute in `object.name`; undefined for `object[...]` and for anything else. */
export function attributeOf(node: PyNode): { readonly object: PyNode; readonly name: PyNode } | undefined {
  if (node.kind !== 'MemberExpression') return undefined;
  const [object] = node.children;
  const name = childOf(node, 'PropertyName');
  return object && name ? { object, name } : undefined;
}

export interface Argument {
  /** The keyword. */
  readonly name?: string;
  /** `*` or `**` where it stands before the value. */
  readonly star?: string;
  readonly value: PyNode;
}

/** The arguments of a call, in their order. */
export function argumentsOf(call: PyNode): readonly Argument[] {
  const list = childOf(call, 'ArgList');
  const found: Argument[] = [];
  let part: PyNode[] = [];
  for (const child of list?.children ?? []) {
    if ([',', '(', ')'].includes(child.kind)) {
      found.push(...argumentOf(part));
      part = [];
    } else if (child.kind !== 'Comment') part.push(child);
  }
  return found;
}

function argumentOf(part: readonly PyNode[]): readonly Argument[] {
  const [first, second, third, ...more] = part;
  if (!first) return [];
  if (!second) return [{ value: first }];
  if (second.kind === 'AssignOp' && third && more.length === 0) return [{ name: first.text, value: third }];
  // Unpacked values, and generators without brackets: many values, or none.
  return [{ star: first.kind === '**' ? '**' : '*', value: second }];
}

/** What a call calls. */
export const calleeOf = (call: PyNode): PyNode | undefined =>
  call.kind === 'CallExpression' ? call.children[0] : undefined;

/** Whether the node is called where it stands: `node(...)`. */
export const isCalled = (node: PyNode): boolean =>
  node.parent?.kind === 'CallExpression' && node.parent.children[0] === node;
