import * as vscode from 'vscode';
import { fileNodes, runItem, runNodes, type RunNode, type RunStore } from './runNodes.ts';

export interface RunsTreeOptions {
  readonly store: RunStore;
  /** Where the runs are kept; left out where no folder is open. */
  readonly folder?: vscode.WorkspaceFolder;
  readonly reportError: (error: unknown) => void;
}

/** The runs of the workspace, newest first; a run opens into the files that it left behind. */
export function registerRunsTree(options: RunsTreeOptions): vscode.Disposable {
  const provider = new RunsTree(options);
  const view = vscode.window.createTreeView('datamorph.runs', { treeDataProvider: provider });
  const parts: { dispose(): unknown }[] = [view, provider];
  if (options.folder) {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(options.folder, '.datamorph/runs/**'),
    );
    const refresh = (): void => {
      provider.refresh();
    };
    parts.push(watcher, watcher.onDidCreate(refresh), watcher.onDidChange(refresh), watcher.onDidDelete(refresh));
  }
  return vscode.Disposable.from(...parts);
}

export class RunsTree implements vscode.TreeDataProvider<RunNode> {
  readonly #options: RunsTreeOptions;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: RunsTreeOptions) {
    this.#options = options;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node) return node.kind === 'run' ? fileNodes(node.run) : [];
    try {
      return runNodes(await this.#options.store.list());
    } catch (error) {
      this.#options.reportError(error);
      const reason = error instanceof Error ? error.message : String(error);
      return [{ kind: 'broken', id: '.datamorph/runs', reason }];
    }
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return runItem(node);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
