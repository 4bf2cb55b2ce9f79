/** Looking into PostgreSQL's parse tree, whose shape nothing promises. */
export type Node = Readonly<Record<string, unknown>>;

export function lastName(fields: Node, name: string): string {
  return String(child(record(list(fields, name).at(-1)), 'String')['sval']);
}

export function record(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

export function child(node: Node, name: string): Node {
  return record(node[name]);
}

export function list(node: Node, name: string): readonly unknown[] {
  const value = node[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
}
