import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { connectionsTarget, onSettingsChange, readSettings, removeConnection, saveConnection } from './config.ts';
import type { Settings } from './config.ts';
import { Connections, type DatabaseSession } from './services/connections.ts';
import { defaultSsl, parseConnectionUrl, secretKey, type ConnectionSettings } from './services/connectionSettings.ts';
import { toDatabaseError, type DatabaseFailure } from './services/databaseFailure.ts';
import { createLog, type Log } from './services/log.ts';
import { createRedactor } from './services/redact.ts';
import { listRuns } from './services/runFiles.ts';
import type { Catalogue, TableName } from './spec/catalogue.ts';
import { overallState, type OverallState } from './views/connectionPort.ts';
import { createLogChannel } from './views/logChannel.ts';
import { registerPromptView } from './views/promptView.ts';
import { registerRunFindings, type FindingPort } from './views/runFindings.ts';
import { registerRunsTree } from './views/runsTree.ts';
import { registerSchemaTree } from './views/schemaTree.ts';
import { editorSecrets, type Secrets } from './views/secrets.ts';
import { registerSpecDiagnostics } from './views/specDiagnostics.ts';
import { registerSpecLanguage } from './views/specLanguage.ts';
import { registerStatusBar } from './views/statusBar.ts';

/** Builds, registers, returns. The driver, the spec reader and everything else that is heavy comes when it is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  const redactor = createRedactor();
  const channel = createLogChannel();
  const log = createLog(channel.sink, redactor);
  const secrets = editorSecrets(context.secrets, redactor.learn);
  const reportError = (error: unknown): void => {
    log.error('Something failed.', error);
  };
  const opener = { secrets, learn: redactor.learn };
  const connections = new Connections({
    open: (settings, watch) => openDatabase(settings, opener, watch),
    log,
    wait: (ms, signal) => delay(ms, undefined, { signal }),
  });

  let settings = readSettings();
  const state = (): OverallState => overallState(connections, settings.problems.length);
  const defaultConnection = (): string | undefined => settings.defaultConnection;
  const openDefault = (): void => {
    const name = defaultConnection();
    if (name !== undefined) connections.ensure(name).catch(reportError);
  };
  /** A spec is open that speaks of this connection: reason enough to open it. What comes of it is told as a change. */
  const catalogueOf = (name = defaultConnection(), tables: readonly TableName[]): Catalogue | undefined => {
    if (name === undefined) return undefined;
    connections.ensure(name).catch(reportError);
    return connections.catalogueFor(name, tables);
  };
  const configure = (): void => {
    settings = readSettings();
    logProblems(settings, log);
    connections.configure(settings.connections, vscode.workspace.isTrusted);
  };

  const schemaView = registerSchemaTree({ connections, state, openDefault });
  const folder = vscode.workspace.workspaceFolders?.[0];
  context.subscriptions.push(
    channel,
    { dispose: () => connections.dispose() },
    connections.onDidChange(() => void vscode.commands.executeCommand('setContext', 'datamorph.state', state())),
    onSettingsChange(configure),
    vscode.workspace.onDidGrantWorkspaceTrust(configure),
    schemaView,
    registerRunsTree({
      store: { list: () => (folder ? listRuns(folder.uri.fsPath) : Promise.resolve({ runs: [], broken: [] })) },
      ...(folder ? { folder } : {}),
      reportError,
    }),
    ...(folder ? [registerFindings(context, folder, reportError)] : []),
    registerPromptView({
      connections,
      state,
      defaultConnection,
      plan: async (request) => (await import('./services/promptPlan.ts')).planPrompt(request),
      memory: context.workspaceState,
      extensionUri: context.extensionUri,
      reportError,
    }),
    registerStatusBar({ connections, defaultConnection }),
    registerSpecLanguage(reportError),
    registerSpecDiagnostics({
      check: async (text) => (await import('./services/specCheck.ts')).checkSpecText(text, catalogueOf),
      onDidChangeCatalogue: (listener) => connections.onDidChange(listener),
      explanations: vscode.Uri.joinPath(context.extensionUri, 'docs', 'problems.md'),
      reportError,
    }),
    registerCommands(
      {
        connections,
        addConnection: () => addConnectionByHand(connections, secrets),
        removeConnection: async (connection) => {
          await removeConnection(connection.name);
          await secrets.delete(secretKey(connection));
        },
        storePassword: (connection, password) => secrets.set(secretKey(connection), password),
        editConnections,
        findTable: async (connection) => {
          await connections.ensure(connection);
          await (
            await import('./views/findTable.ts')
          ).findTable({
            connection,
            search: (text, signal) => connections.search(connection, text, signal),
            show: (table) => schemaView.show(connection, table),
            reportError,
          });
        },
        setUpLocalSpark: async () => {
          const [{ localSparkHere }, { setUpLocalSpark }] = await Promise.all([
            import('./services/localSparkHere.ts'),
            import('./views/localSparkSetup.ts'),
          ]);
          await setUpLocalSpark(localSparkHere(context.asAbsolutePath('dist/python')));
        },
        showLog: () => {
          channel.show();
        },
        extensionId: context.extension.id,
      },
      reportError,
    ),
  );
  configure();
  log.info(`DataMorph ${String((context.extension.packageJSON as { version?: unknown }).version)} is active.`);
}

/** Runs of this workspace, whoever made them: what they found is shown where an engineer works on it. */
function registerFindings(
  context: vscode.ExtensionContext,
  folder: vscode.WorkspaceFolder,
  reportError: (error: unknown) => void,
): vscode.Disposable {
  let opened: Promise<FindingPort> | undefined;
  const store = (): Promise<FindingPort> =>
    (opened ??= import('./services/keptFindings.ts').then(({ FindingStore }) => new FindingStore(folder.uri.fsPath)));
  return registerRunFindings({
    store: {
      ofSpec: async (text) => (await store()).ofSpec(text),
      ofScript: async (text) => (await store()).ofScript(text),
    },
    folder,
    explanations: vscode.Uri.joinPath(context.extensionUri, 'docs', 'validation.md'),
    reportError,
  });
}

async function openDatabase(
  settings: ConnectionSettings,
  { secrets, learn }: { readonly secrets: Secrets; readonly learn: (secret: string) => void },
  watch: { readonly signal: AbortSignal; readonly onLost: (error: Error) => void },
): Promise<DatabaseSession> {
  const password = settings.auth === 'password' ? await secrets.get(secretKey(settings)) : undefined;
  const { openDatabaseSession } = await import('./services/databaseSession.ts');
  return openDatabaseSession({ settings, ...(password === undefined ? {} : { password }), learn, ...watch });
}

async function addConnectionByHand(connections: Connections, secrets: Secrets): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await vscode.commands.executeCommand('workbench.trust.manage');
    return;
  }
  const { addConnection } = await import('./views/addConnection.ts');
  const name = await addConnection({
    parseUrl: parseConnectionUrl,
    defaultSsl,
    takenNames: connections.entries.map(({ settings }) => settings.name),
    test: testConnection,
    save: async (draft, password, target) => {
      // First the secret: the settings' change opens the connection.
      if (password !== undefined) await secrets.set(secretKey(draft), password);
      await saveConnection(draft, target);
    },
  });
  if (name !== undefined) await connections.ensure(name);
}

async function testConnection(
  settings: ConnectionSettings,
  password: string | undefined,
  signal: AbortSignal,
): Promise<DatabaseFailure | undefined> {
  const { openDatabaseSession } = await import('./services/databaseSession.ts');
  try {
    const session = await openDatabaseSession({ settings, ...(password === undefined ? {} : { password }), signal });
    await session.close();
    return undefined;
  } catch (error) {
    return toDatabaseError(error, { ...settings, timeoutMs: 0 }).failure;
  }
}

async function editConnections(): Promise<void> {
  const file = connectionsTarget() === 'workspace' ? 'Workspace' : '';
  await vscode.commands.executeCommand(`workbench.action.open${file}SettingsJson`, {
    revealSetting: { key: 'datamorph.connections', edit: true },
  });
}

function logProblems({ problems }: Settings, log: Log): void {
  for (const { place, message } of problems) log.warn(`${place}: ${message}`);
}
