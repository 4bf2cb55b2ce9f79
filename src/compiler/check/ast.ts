/** PostgreSQL's parse tree of an expression, as far as the checks look into it. */
import type { SqlParser } from '../expressions/contract.ts';

export interface AstNode {
  /** `ColumnRef`, `FuncCall`, `A_Expr`, …: the grammar's own word. */
  readonly tag: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly parent?: AstNode;
  /** The property of the parent under which it stands. */
  readonly under: string;
}

export interface ExpressionTree {
  readonly root: AstNode;
  /** Every node, parents first. */
  readonly nodes: readonly AstNode[];
  /** Where a node begins in the expression, in UTF-16 units. */
  readonly offsetOf: (node: AstNode) => number | undefined;
}

const prefix = 'select ';

/** The tree of one expression; nothing where it does not parse, which the expression's own compiler says. */
export function expressionTree(text: string, parser: SqlParser): ExpressionTree | undefined {
  const parsed = parser.parse(prefix + text);
  if (!('tree' in parsed)) return undefined;
  const nodes: AstNode[] = [];
  collect(parsed.tree, { under: '', nodes });
  const target = nodes.find(({ tag }) => tag === 'ResTarget');
  const root = target && nodes.find(({ parent, under }) => parent === target && under === 'val');
  if (!root) return undefined;
  const inside = new Set<AstNode>([root]);
  for (const node of nodes) if (node.parent && inside.has(node.parent)) inside.add(node);
  return { root, nodes: nodes.filter((node) => inside.has(node)), offsetOf: (node) => offsetOf(node, text) };
}

/** All nodes of a whole statement, or where and why it does not parse. */
export function statementTree(
  sql: string,
  parser: SqlParser,
): StatementTree | { readonly error: string; readonly position: number } {
  const parsed = parser.parse(sql);
  if (!('tree' in parsed)) return parsed;
  const nodes: AstNode[] = [];
  collect(parsed.tree, { under: '', nodes });
  return { nodes, offsetOf: (node) => utf16Offset(node, { sql, skipped: 0 }) };
}

export interface StatementTree {
  readonly nodes: readonly AstNode[];
  readonly offsetOf: (node: AstNode) => number | undefined;
}

/** The last name of a column reference, and what qualifies it. */
export function columnName(node: AstNode): { readonly qualifier?: string; readonly name: string } | undefined {
  if (node.tag !== 'ColumnRef') return undefined;
  const names = strings(node.fields['fields']);
  const name = names.at(-1);
  const qualifier = names.at(-2);
  return name === undefined ? undefined : { name, ...(qualifier !== undefined && { qualifier }) };
}

/** The name of a function, without its schema. */
export const functionName = (node: AstNode): string | undefined =>
  node.tag === 'FuncCall' ? strings(node.fields['funcname']).at(-1) : undefined;

export const operatorName = (node: AstNode): string | undefined =>
  node.tag === 'A_Expr' ? strings(node.fields['name']).at(-1) : undefined;

/** Nodes directly under a property of a node, in their order. */
export const childrenOf = (tree: ExpressionTree, parent: AstNode, under: string): AstNode[] =>
  tree.nodes.filter((node) => node.parent === parent && node.under === under && node.tag !== 'List');

/** The expression's text from one node to the end of another's first word. */
export function constant(node: AstNode | undefined): string | number | null | undefined {
  if (node?.tag !== 'A_Const') return undefined;
  const { fields } = node;
  if (fields['isnull'] === true) return null;
  const text = inner(fields['sval'], 'sval') ?? inner(fields['fval'], 'fval');
  if (text !== undefined) return text;
  // protobuf leaves a zero out
  return 'ival' in fields ? Number(inner(fields['ival'], 'ival') ?? 0) : undefined;
}

/** The same tree is the same text, wherever it stands. */
export const fingerprint = (node: AstNode): string =>
  JSON.stringify({ [node.tag]: node.fields }, (key, value: unknown) => (key === 'location' ? undefined : value));

function inner(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = new Map<string, unknown>(Object.entries(value)).get(key);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

interface Collecting {
  readonly parent?: AstNode;
  readonly under: string;
  readonly nodes: AstNode[];
}

function collect(value: unknown, { parent, under, nodes }: Collecting): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, { ...(parent && { parent }), under, nodes });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inside] of Object.entries(value as Record<string, unknown>)) {
    if (!/^[A-Z]/.test(key) || typeof inside !== 'object' || inside === null) {
      collect(inside, { ...(parent && { parent }), under: key, nodes });
      continue;
    }
    const node: AstNode = { tag: key, fields: inside as Record<string, unknown>, ...(parent && { parent }), under };
    nodes.push(node);
    for (const [name, child] of Object.entries(inside)) collect(child, { parent: node, under: name, nodes });
  }
}

function strings(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const word =
      typeof entry === 'object' && entry !== null
        ? new Map<string, unknown>(Object.entries(entry)).get('String')
        : undefined;
    return inner(word, 'sval') ?? [];
  });
}

const offsetOf = (node: AstNode, text: string): number | undefined =>
  utf16Offset(node, { sql: text, skipped: prefix.length });

/** The grammar counts bytes of UTF-8 from the statement's start. */
function utf16Offset({ fields }: AstNode, { sql, skipped }: { sql: string; skipped: number }): number | undefined {
  // protobuf leaves a zero out
  const location = fields['location'] ?? 0;
  if (typeof location !== 'number') return undefined;
  const bytes = location - skipped;
  let offset = 0;
  for (let seen = 0; seen < bytes && offset < sql.length;) {
    const letter = sql.codePointAt(offset) ?? 0;
    seen += letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    offset += letter < 0x10000 ? 1 : 2;
  }
  return offset;
}
