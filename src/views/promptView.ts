import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PromptAction, ToHost, ToView } from '../protocol.ts';
import type { ConnectionsPort, OverallState } from './connectionPort.ts';
import { formatSpec } from '../spec/write.ts';
import { draftSpec } from './draftSpec.ts';
import { openNewSpec } from './newSpec.ts';
import { specFromPrompt, type PlanPrompt } from './planPrompt.ts';
import { chosenConnection, promptState, type PromptMemory } from './promptState.ts';

export interface PromptViewOptions {
  readonly connections: ConnectionsPort;
  readonly state: () => OverallState;
  readonly defaultConnection: () => string | undefined;
  readonly plan: PlanPrompt;
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  readonly reportError: (error: unknown) => void;
}

/** The Prompt view. Its state lives here: hiding or reloading the view loses nothing. */
export function registerPromptView(options: PromptViewOptions): vscode.Disposable {
  const view = new PromptView(options);
  return vscode.Disposable.from(view, vscode.window.registerWebviewViewProvider('datamorph.prompt', view));
}

const memoryKey = 'datamorph.prompt';
const noMemory: PromptMemory = { text: '', revision: 0 };

const commands = {
  addConnection: 'datamorph.addConnection',
  enterPassword: 'datamorph.enterPassword',
  reconnect: 'datamorph.reconnect',
  manageTrust: 'workbench.trust.manage',
  editConnections: 'datamorph.editConnections',
} as const satisfies Record<PromptAction, string>;

export class PromptView implements vscode.WebviewViewProvider {
  readonly #options: PromptViewOptions;
  readonly #watching: { dispose(): void };
  #memory: PromptMemory;
  #webview: vscode.Webview | undefined;

  constructor(options: PromptViewOptions) {
    this.#options = options;
    this.#memory = options.memory.get<PromptMemory>(memoryKey, noMemory);
    this.#watching = options.connections.onDidChange(() => {
      this.#show();
    });
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    const root = vscode.Uri.joinPath(this.#options.extensionUri, 'dist', 'webview');
    // The page before the rights: the other way round the editor loads an empty page, which has no policy, and says so.
    webview.html = promptHtml(
      webview.asWebviewUri(vscode.Uri.joinPath(root, 'prompt.js')).toString(),
      webview.cspSource,
    );
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    this.#webview = webview;
    webview.onDidReceiveMessage((message: ToHost) => {
      this.#receive(message).catch(this.#options.reportError);
    });
    view.onDidDispose(() => {
      if (this.#webview === webview) this.#webview = undefined;
    });
  }

  dispose(): void {
    this.#watching.dispose();
  }

  async #receive(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#show();
        await this.#ensure();
        return;
      case 'edit':
        await this.#remember({ text: message.text, revision: message.revision });
        return;
      case 'choose':
        await this.#remember({ connection: message.connection });
        await this.#ensure();
        return;
      case 'accept':
        await this.#remember(accepted(this.#memory, message));
        return;
      case 'create':
        await this.#remember({ text: message.text, revision: message.revision });
        await this.#create();
        return;
      case 'act':
        await vscode.commands.executeCommand(commands[message.action], this.#chosen?.settings.name);
        return;
    }
  }

  get #chosen(): ReturnType<typeof chosenConnection> {
    const { connections, defaultConnection } = this.#options;
    return chosenConnection({ memory: this.#memory, connections, defaultConnection: defaultConnection() });
  }

  async #ensure(): Promise<void> {
    const chosen = this.#chosen;
    if (chosen) await this.#options.connections.ensure(chosen.settings.name);
  }

  async #remember(change: Partial<PromptMemory>): Promise<void> {
    this.#memory = { ...this.#memory, ...change };
    this.#show();
    await this.#options.memory.update(memoryKey, this.#memory);
  }

  async #create(): Promise<void> {
    const { connections, plan } = this.#options;
    const chosen = this.#chosen;
    const prompt = this.#memory.text;
    const place = connections.entries.length > 1 && chosen ? { connection: chosen.settings.name } : {};
    const spec =
      chosen?.state.kind === 'ready'
        ? await specFromPrompt({ prompt, catalogue: chosen.state.catalogue, plan, ...place })
        : draftSpec({ prompt, tables: [], ...place });
    if (spec) await openNewSpec(spec.name, formatSpec(spec));
  }

  #show(): void {
    const { connections, state, defaultConnection } = this.#options;
    const shown = promptState({
      memory: this.#memory,
      connections,
      overall: state(),
      defaultConnection: defaultConnection(),
    });
    const message: ToView = { kind: 'state', state: shown };
    void this.#webview?.postMessage(message);
  }
}

/** Puts the suggestion where the word stood, if it still stands there. */
function accepted(memory: PromptMemory, edit: Extract<ToHost, { kind: 'accept' }>): Partial<PromptMemory> {
  const { offset, word, suggestion } = edit;
  const end = offset + word.length;
  if (memory.text.slice(offset, end) !== word) return {};
  const text = memory.text.slice(0, offset) + suggestion + memory.text.slice(end);
  return { text, revision: memory.revision + 1 };
}

/** Nothing from anywhere but this extension, and no script but the one with the nonce. */
export function promptHtml(script: string, cspSource: string): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="${nonce}">
    <title>DataMorph</title>
    <style nonce="${nonce}">${promptStyle}</style>
  </head>
  <body>
    <main id="root"></main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}

/** Colours come from the theme; where a high-contrast theme draws borders, everything has one. */
const promptStyle = `
  body { padding: 8px 12px 12px; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
  main { display: flex; flex-direction: column; gap: 8px; }
  vscode-text-area, vscode-dropdown { width: 100%; }
  vscode-text-area::part(control) { border-color: var(--vscode-contrastBorder, var(--vscode-input-border, var(--vscode-widget-border, transparent))); }
  vscode-button { box-sizing: border-box; width: 100%; color: var(--vscode-button-foreground, var(--vscode-foreground)); border: 0; }
  .field { display: flex; flex-direction: column; gap: 4px; }
  .message { margin: 0; line-height: 1.4; overflow-wrap: anywhere; }
  .message.blocked { padding-inline-start: 8px; border-inline-start: 3px solid var(--vscode-contrastBorder, var(--vscode-editorWarning-foreground)); }
  h2 { margin: 4px 0 0; font-size: inherit; font-weight: 600; }
  ul { display: flex; flex-wrap: wrap; gap: 4px; margin: 0; padding: 0; list-style: none; }
  .chip { display: inline-block; padding: 1px 8px; border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 10px; font: inherit; overflow-wrap: anywhere; }
  .chip.table { background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); }
  .chip.column { background: transparent; color: var(--vscode-foreground); border-color: var(--vscode-contrastBorder, var(--vscode-badge-background)); }
  .chip.near { background: transparent; color: var(--vscode-textLink-foreground); border: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-textLink-foreground)); cursor: pointer; text-align: start; }
  .chip.near:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
  .link { padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); font: inherit; text-decoration: underline; cursor: pointer; }
  .link:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
  .quiet { margin: 0; color: var(--vscode-descriptionForeground); }
`;
