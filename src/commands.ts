import * as vscode from 'vscode';
import type { ConnectionSettings } from './services/connectionSettings.ts';
import { draftSpec, formatDraft } from './views/draftSpec.ts';
import { openNewSpec } from './views/newSpec.ts';
import { copyNameOf, type SchemaNode } from './views/schemaNodes.ts';

/** What the commands need of the rest. */
export interface CommandPorts {
  readonly connections: {
    readonly entries: readonly { readonly settings: ConnectionSettings }[];
    refresh(name: string): Promise<void>;
    reconnect(name: string): Promise<void>;
  };
  readonly addConnection: () => Promise<void>;
  readonly removeConnection: (connection: ConnectionSettings) => Promise<void>;
  readonly storePassword: (connection: ConnectionSettings, password: string) => Promise<void>;
  readonly editConnections: () => Promise<void>;
  readonly findTable: (connection: string) => Promise<void>;
  readonly setUpLocalSpark: () => Promise<void>;
  readonly showLog: () => void;
  readonly extensionId: string;
}

/** A tree's node, or a name where one command calls another. */
type Subject = SchemaNode | string | undefined;
type Handler = (subject?: Subject) => Promise<void> | void;

/** Every command of package.json, by its id. */
export const commandHandlers = (ports: CommandPorts): Readonly<Record<string, Handler>> => ({
  'datamorph.addConnection': () => ports.addConnection(),
  'datamorph.editConnections': () => ports.editConnections(),
  'datamorph.removeConnection': (subject) => withConnection(ports, subject, (connection) => remove(ports, connection)),
  'datamorph.enterPassword': (subject) => withConnection(ports, subject, (connection) => password(ports, connection)),
  'datamorph.refreshSchema': (subject) => forEach(ports, subject, (name) => ports.connections.refresh(name)),
  'datamorph.reconnect': (subject) => forEach(ports, subject, (name) => ports.connections.reconnect(name)),
  'datamorph.findTable': (subject) => withConnection(ports, subject, ({ name }) => ports.findTable(name)),
  'datamorph.copyName': (subject) => copyName(subject),
  'datamorph.showLog': () => {
    ports.showLog();
  },
  'datamorph.setUpLocalSpark': () => ports.setUpLocalSpark(),
  'datamorph.newSpec': () => newSpec(),
  'datamorph.openWalkthrough': () => openWalkthrough(ports.extensionId),
});

/** Registers the table; what a handler throws is logged and told, once, here. */
export function registerCommands(ports: CommandPorts, reportError: (error: unknown) => void): vscode.Disposable {
  const entries = Object.entries(commandHandlers(ports));
  return vscode.Disposable.from(
    ...entries.map(([id, handler]) =>
      vscode.commands.registerCommand(id, async (subject?: Subject) => {
        try {
          await handler(subject);
        } catch (error) {
          reportError(error);
          const show = vscode.l10n.t('Show Log');
          const message = vscode.l10n.t('DataMorph: that did not work. The log says why.');
          if ((await vscode.window.showErrorMessage(message, show)) === show) ports.showLog();
        }
      }),
    ),
  );
}

function nameOf(subject: Subject): string | undefined {
  if (typeof subject === 'string') return subject;
  return subject?.kind === 'connection' ? subject.entry.settings.name : undefined;
}

/** The connection that was clicked, the only one, or the one that is picked. */
async function withConnection(
  { connections: { entries } }: CommandPorts,
  subject: Subject,
  work: (connection: ConnectionSettings) => Promise<void>,
): Promise<void> {
  const all = entries.map(({ settings }) => settings);
  const named = all.find(({ name }) => name === nameOf(subject));
  const chosen = named ?? (all.length === 1 ? all[0] : await pick(all));
  if (chosen) await work(chosen);
}

async function pick(all: readonly ConnectionSettings[]): Promise<ConnectionSettings | undefined> {
  const items = all.map((connection) => ({
    label: connection.name,
    description: `${connection.host}:${connection.port}/${connection.database}`,
    connection,
  }));
  const item = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which connection?') });
  return item?.connection;
}

/** The connection that was clicked, or all of them. */
async function forEach(
  { connections: { entries } }: CommandPorts,
  subject: Subject,
  work: (name: string) => Promise<void>,
): Promise<void> {
  const name = nameOf(subject);
  const names = name === undefined ? entries.map(({ settings }) => settings.name) : [name];
  await Promise.all(names.map(work));
}

async function remove(ports: CommandPorts, connection: ConnectionSettings): Promise<void> {
  const confirm = vscode.l10n.t('Remove');
  const message = vscode.l10n.t('Remove the connection "{0}" and its stored password?', connection.name);
  const detail = vscode.l10n.t('The database itself is not touched.');
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, confirm);
  if (answer === confirm) await ports.removeConnection(connection);
}

async function password(ports: CommandPorts, connection: ConnectionSettings): Promise<void> {
  const entered = await vscode.window.showInputBox({
    title: connection.name,
    prompt: vscode.l10n.t('Password of {0} at {1}', connection.user, connection.host),
    password: true,
    ignoreFocusOut: true,
  });
  if (entered === undefined) return;
  await ports.storePassword(connection, entered);
  await ports.connections.reconnect(connection.name);
}

async function copyName(subject: Subject): Promise<void> {
  const name = typeof subject === 'object' ? copyNameOf(subject) : undefined;
  if (name !== undefined) await vscode.env.clipboard.writeText(name);
}

async function newSpec(): Promise<void> {
  const spec = draftSpec({ prompt: '', tables: [] });
  await openNewSpec(spec.name, formatDraft(spec));
}

async function openWalkthrough(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`, false);
}
