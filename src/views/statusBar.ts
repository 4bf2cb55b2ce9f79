import * as vscode from 'vscode';
import type { ConnectionsPort, ShownConnection } from './connectionPort.ts';

export interface StatusBarOptions {
  readonly connections: ConnectionsPort;
  readonly defaultConnection: () => string | undefined;
}

/** The default connection and its state; a click leads to the Schema view. Hidden where there is none. */
export function registerStatusBar({ connections, defaultConnection }: StatusBarOptions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('datamorph.connection', vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t('DataMorph connection');
  item.command = 'datamorph.schema.focus';
  const update = (): void => {
    const named = connections.entries.find(({ settings }) => settings.name === defaultConnection());
    const entry = named ?? connections.entries[0];
    if (!entry || !connections.allowed) {
      item.hide();
      return;
    }
    show(item, entry);
    item.show();
  };
  update();
  return vscode.Disposable.from(item, connections.onDidChange(update));
}

function show(item: vscode.StatusBarItem, { settings, state }: ShownConnection): void {
  const { name, user, host, port, database } = settings;
  const where = `${user}@${host}:${port}/${database}`;
  const { icon, words } = lookOf(state);
  item.text = `$(${icon}) ${name}`;
  item.tooltip = [where, words].join('\n');
  item.accessibilityInformation = { label: vscode.l10n.t('DataMorph connection {0}, {1}', name, words) };
  item.backgroundColor = state.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
}

function lookOf(state: ShownConnection['state']): { readonly icon: string; readonly words: string } {
  switch (state.kind) {
    case 'idle':
      return { icon: 'database', words: vscode.l10n.t('not connected') };
    case 'connecting':
      return { icon: 'loading~spin', words: vscode.l10n.t('connecting…') };
    case 'ready':
      return { icon: 'database', words: `PostgreSQL ${state.serverVersion}` };
    case 'failed':
      return { icon: 'warning', words: vscode.l10n.t(state.failure.template, state.failure.values) };
  }
}
