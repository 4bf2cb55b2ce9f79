import * as vscode from 'vscode';
import type { OverallState, SchemasPort } from './connectionPort.ts';
import { childrenOf, lookOf, parentOf, relationNode, type NodeLook, type SchemaNode } from './schemaNodes.ts';

export interface SchemaTreeOptions {
  readonly connections: SchemasPort;
  readonly state: () => OverallState;
  /** Somebody looks: now is the time to connect. */
  readonly openDefault: () => void;
}

export interface SchemaView {
  dispose(): void;
  /** Selects a table, reading its schema first where that was left for later. */
  show(connection: string, table: { readonly schema: string; readonly name: string }): Promise<void>;
}

/** Connections, schemas, tables, columns. Empty unless there is something to show: then a welcome stands in its place. */
export function registerSchemaTree(options: SchemaTreeOptions): SchemaView {
  const provider = new SchemaTree(options);
  const view = vscode.window.createTreeView('datamorph.schema', { treeDataProvider: provider, showCollapseAll: true });
  const tell = (): void => {
    view.message = whyNothing(options) ?? '';
  };
  tell();
  const parts = vscode.Disposable.from(view, provider, options.connections.onDidChange(tell));
  return {
    dispose: () => void parts.dispose(),
    async show(connection, { schema, name }) {
      await options.connections.loadSchema(connection, schema);
      const node = relationNode(options.connections.entries, { connection, schema, name });
      if (node) await view.reveal(node, { select: true, focus: true, expand: true });
    },
  };
}

/** A row is too short for a reason: that of the only connection stands above its row, over as many lines as it needs. */
export function whyNothing({
  connections,
  state,
}: Pick<SchemaTreeOptions, 'connections' | 'state'>): string | undefined {
  const [entry, ...others] = connections.entries;
  if (state() !== 'error' || others.length > 0 || entry?.state.kind !== 'failed') return undefined;
  return vscode.l10n.t(entry.state.failure.template, entry.state.failure.values);
}

/** In these there are rows; in the others a welcome stands in their place. */
const withRows: ReadonlySet<OverallState> = new Set(['ready', 'error']);

export class SchemaTree implements vscode.TreeDataProvider<SchemaNode> {
  readonly #options: SchemaTreeOptions;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #watching: { dispose(): void };
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: SchemaTreeOptions) {
    this.#options = options;
    this.#watching = options.connections.onDidChange(() => {
      this.#changed.fire(undefined);
    });
  }

  getChildren(node?: SchemaNode): SchemaNode[] {
    const { connections, state, openDefault } = this.#options;
    if (!node) {
      openDefault();
      return withRows.has(state()) ? connections.entries.map((entry) => ({ kind: 'connection', entry })) : [];
    }
    // Looking into a connection is what opens it; the change that follows draws the tree again.
    if (node.kind === 'connection' && node.entry.state.kind === 'idle')
      void connections.ensure(node.entry.settings.name);
    if (node.kind === 'schema' && node.unread) void connections.loadSchema(node.connection, node.schema);
    return [...childrenOf(node)];
  }

  getParent(node: SchemaNode): SchemaNode | undefined {
    return parentOf(node, this.#options.connections.entries);
  }

  getTreeItem(node: SchemaNode): vscode.TreeItem {
    return toItem(lookOf(node, node.kind === 'connection' && this.#options.connections.entries.length === 1));
  }

  dispose(): void {
    this.#watching.dispose();
    this.#changed.dispose();
  }
}

const expansions = {
  no: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const satisfies Record<NodeLook['expands'], vscode.TreeItemCollapsibleState>;

function toItem(look: NodeLook): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, expansions[look.expands]);
  item.id = look.id;
  item.iconPath = new vscode.ThemeIcon(
    look.icon,
    look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
  );
  item.contextValue = look.context;
  item.accessibilityInformation = { label: look.spoken };
  if (look.description !== undefined) item.description = look.description;
  if (look.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(look.tooltip);
  if (look.command) {
    item.command = { ...look.command, arguments: [...(look.command.arguments ?? [])] };
  }
  return item;
}
