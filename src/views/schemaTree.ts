import * as vscode from 'vscode';
import type { ConnectionsPort, OverallState } from './connectionPort.ts';
import { childrenOf, lookOf, type NodeLook, type SchemaNode } from './schemaNodes.ts';

export interface SchemaTreeOptions {
  readonly connections: ConnectionsPort;
  readonly state: () => OverallState;
  /** Somebody looks: now is the time to connect. */
  readonly openDefault: () => void;
}

/** Connections, schemas, tables, columns. Empty unless there is something to show: then a welcome stands in its place. */
export function registerSchemaTree(options: SchemaTreeOptions): vscode.Disposable {
  const provider = new SchemaTree(options);
  const view = vscode.window.createTreeView('datamorph.schema', { treeDataProvider: provider, showCollapseAll: true });
  return vscode.Disposable.from(view, provider);
}

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
      return state() === 'ready' ? connections.entries.map((entry) => ({ kind: 'connection', entry })) : [];
    }
    // Looking into a connection is what opens it; the change that follows draws the tree again.
    if (node.kind === 'connection' && node.entry.state.kind === 'idle')
      void connections.ensure(node.entry.settings.name);
    return [...childrenOf(node)];
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
