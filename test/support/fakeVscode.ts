/**
 * The editor, as far as DataMorph's own code sees it, by hand. It keeps what it is told in `editor`, so that a test can
 * look at it and play the person in front of the screen. `resetEditor` gives each test a new one.
 */
import { Uri } from './fakeUri.ts';
import { EventEmitter as NodeEmitter } from 'node:events';

export * from './fakeLanguageModels.ts';

export interface DisposableLike {
  dispose(): unknown;
}

export class Disposable {
  readonly #dispose: () => unknown;
  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }
  static from(...parts: readonly DisposableLike[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
  dispose(): unknown {
    return this.#dispose();
  }
}

export class EventEmitter<T> {
  readonly #emitter = new NodeEmitter();
  readonly event = (listener: (value: T) => unknown): Disposable => {
    this.#emitter.on('event', listener);
    return new Disposable(() => this.#emitter.off('event', listener));
  };
  fire(value: T): void {
    this.#emitter.emit('event', value);
  }
  dispose(): void {
    this.#emitter.removeAllListeners();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
  isBefore(other: Position): boolean {
    return this.line < other.line || (this.line === other.line && this.character < other.character);
  }
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
  intersection(other: Range): Range | undefined {
    const start = this.start.isBefore(other.start) ? other.start : this.start;
    const end = this.end.isBefore(other.end) ? this.end : other.end;
    return end.isBefore(start) ? undefined : new Range(start, end);
  }
}

export class Selection extends Range {
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    super(new Position(startLine, startCharacter), new Position(endLine, endCharacter));
  }
}

export { Uri };

export class ThemeColor {
  constructor(readonly id: string) {}
}
export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}
export class MarkdownString {
  constructor(readonly value: string) {}
}
export class RelativePattern {
  constructor(
    readonly base: unknown,
    readonly pattern: string,
  ) {}
}
export enum TreeItemCollapsibleState {
  None,
  Collapsed,
  Expanded,
}
export class TreeItem {
  readonly label: string | undefined;
  readonly resourceUri: Uri | undefined;
  constructor(
    labelOrUri: string | Uri,
    readonly collapsibleState = TreeItemCollapsibleState.None,
  ) {
    this.label = typeof labelOrUri === 'string' ? labelOrUri : undefined;
    this.resourceUri = typeof labelOrUri === 'string' ? undefined : labelOrUri;
  }
}
export enum DiagnosticSeverity {
  Error,
  Warning,
  Information,
  Hint,
}
export class Location {
  constructor(
    readonly uri: Uri,
    readonly range: Range,
  ) {}
}
export class DiagnosticRelatedInformation {
  constructor(
    readonly location: Location,
    readonly message: string,
  ) {}
}
export class Diagnostic {
  source?: string;
  code?: unknown;
  relatedInformation?: readonly DiagnosticRelatedInformation[];
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity = DiagnosticSeverity.Error,
  ) {}
}
export const CodeActionKind = { QuickFix: 'quickfix' } as const;
export class CodeAction {
  edit?: WorkspaceEdit;
  command?: { readonly title: string; readonly command: string; readonly arguments?: readonly unknown[] };
  diagnostics?: Diagnostic[];
  isPreferred?: boolean;
  constructor(
    readonly title: string,
    readonly kind: string,
  ) {}
}
export class WorkspaceEdit {
  readonly edits: { readonly uri: Uri; readonly range: Range; readonly text: string }[] = [];
  insert(uri: Uri, at: Position, text: string): void {
    this.edits.push({ uri, range: new Range(at, at), text });
  }
  replace(uri: Uri, range: Range, text: string): void {
    this.edits.push({ uri, range, text });
  }
}
export enum StatusBarAlignment {
  Left = 1,
  Right,
}
export enum ProgressLocation {
  Notification = 15,
}
export enum ConfigurationTarget {
  Global = 1,
  Workspace,
}
export const QuickInputButtons = { Back: { iconPath: new ThemeIcon('arrow-left') } } as const;

/** A document whose text a test can change. */
export class FakeDocument {
  version = 1;
  isClosed = false;
  #text: string;
  constructor(
    readonly uri: Uri,
    text: string,
    readonly languageId = uri.path.endsWith('.datamorph.json') ? 'datamorph-spec' : 'plaintext',
  ) {
    this.#text = text;
  }
  getText(): string {
    return this.#text;
  }
  setText(text: string): void {
    this.#text = text;
    this.version++;
  }
  positionAt(offset: number): Position {
    const before = this.#text.slice(0, offset).split('\n');
    return new Position(before.length - 1, before.at(-1)?.length ?? 0);
  }
  offsetAt({ line, character }: Position): number {
    const lines = this.#text.split('\n').slice(0, line);
    return lines.reduce((sum, each) => sum + each.length + 1, 0) + character;
  }
}

/** An input box or a quick pick on the screen. */
export class FakeInput {
  title: string | undefined;
  prompt: string | undefined;
  placeholder: string | undefined;
  value = '';
  password = false;
  step: number | undefined;
  totalSteps: number | undefined;
  validationMessage: string | undefined;
  ignoreFocusOut = false;
  buttons: readonly unknown[] = [];
  items: readonly { readonly label: string; readonly value?: string }[] = [];
  activeItems: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  readonly #accept = new EventEmitter<undefined>();
  readonly #hide = new EventEmitter<undefined>();
  #hidden = false;
  readonly #change = new EventEmitter<string>();
  readonly #button = new EventEmitter<unknown>();
  readonly onDidAccept = this.#accept.event;
  readonly onDidHide = this.#hide.event;
  readonly onDidChangeValue = this.#change.event;
  readonly onDidTriggerButton = this.#button.event;

  show(): void {
    // The person answers once the code that showed the question has had its turn.
    queueMicrotask(() => {
      editor.onInput(this);
    });
  }
  dispose(): void {
    this.hide();
  }
  /** Whatever is disposed of is hidden first, and hidden once. */
  hide(): void {
    if (this.#hidden) return;
    this.#hidden = true;
    this.#hide.fire(undefined);
  }
  /** Types without an Enter. */
  edit(text: string): void {
    this.value = text;
    this.#change.fire(text);
  }
  type(text: string): void {
    this.value = text;
    this.#change.fire(text);
    this.#accept.fire(undefined);
  }
  choose(value: string): void {
    this.selectedItems = this.items.filter((item) => item.value === value || item.label === value);
    this.#accept.fire(undefined);
  }
  back(): void {
    this.#button.fire(QuickInputButtons.Back);
  }
  cancel(): void {
    this.hide();
  }
}

type Command = (...args: never[]) => unknown;

/** Everything that a test may look at or set. */
export class FakeEditor {
  readonly commands = new Map<string, Command>();
  readonly executed: { readonly command: string; readonly args: readonly unknown[] }[] = [];
  readonly context = new Map<string, unknown>();
  readonly trees = new Map<string, { getChildren(node?: unknown): unknown; getTreeItem(node: unknown): unknown }>();
  /** Nodes that trees were told to show. */
  readonly revealed: unknown[] = [];
  readonly webviewProviders = new Map<string, { resolveWebviewView(view: unknown): unknown }>();
  readonly statusBar: Record<string, unknown>[] = [];
  readonly log: string[] = [];
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly documents: FakeDocument[] = [];
  readonly messages: { readonly kind: string; readonly text: string; readonly actions: readonly unknown[] }[] = [];
  readonly settings = { user: new Map<string, unknown>(), workspace: new Map<string, unknown>() };
  readonly clipboard = { text: '' };
  readonly existingFiles = new Set<string>();
  readonly activatedExtensions: string[] = [];
  trusted = true;
  folders: readonly { readonly uri: Uri; readonly name: string; readonly index: number }[] | undefined;
  /** What the person answers to a message: the label of a button. */
  answer: (text: string, actions: readonly string[]) => string | undefined = () => undefined;
  onInput: (input: FakeInput) => void = (input) => {
    throw new Error(`Nobody answers "${input.prompt ?? input.placeholder ?? ''}".`);
  };
  translate: (text: string) => string = (text) => text;
  readonly opened = new EventEmitter<FakeDocument>();
  readonly changed = new EventEmitter<{ readonly document: FakeDocument }>();
  readonly closed = new EventEmitter<FakeDocument>();
  readonly configurationChanged = new EventEmitter<{ affectsConfiguration(section: string): boolean }>();
  readonly trustGranted = new EventEmitter<undefined>();
  readonly fileChanged = new EventEmitter<Uri>();
}

export let editor = new FakeEditor();

export function resetEditor(): FakeEditor {
  editor = new FakeEditor();
  return editor;
}

/** `{0}` and `{name}` places, as the editor fills them. */
function fill(template: string, args: readonly unknown[]): string {
  const [first] = args;
  const named = typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
  return template.replace(/\{(\w+)\}/g, (place, key: string) => {
    const value = named ? named[key] : args[Number(key)];
    return value === undefined ? place : `${value as string | number}`;
  });
}

export const l10n = {
  t: (template: string, ...args: readonly unknown[]): string => fill(editor.translate(template), args),
};

export const env = {
  language: 'en',
  clipboard: {
    writeText(text: string): Promise<void> {
      editor.clipboard.text = text;
      return Promise.resolve();
    },
  },
};

export const commands = {
  registerCommand(id: string, handler: Command): Disposable {
    editor.commands.set(id, handler);
    return new Disposable(() => editor.commands.delete(id));
  },
  async executeCommand(command: string, ...args: unknown[]): Promise<unknown> {
    if (command === 'setContext') editor.context.set(String(args[0]), args[1]);
    else editor.executed.push({ command, args });
    return await editor.commands.get(command)?.(...(args as never[]));
  },
};

function message(kind: string) {
  return (text: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
    const actions = rest.filter((each) => typeof each === 'string');
    editor.messages.push({ kind, text, actions });
    return Promise.resolve(editor.answer(text, actions));
  };
}

export const window = {
  createTreeView(
    id: string,
    { treeDataProvider }: { treeDataProvider: never },
  ): DisposableLike & { description: string; reveal(node: unknown): Promise<void> } {
    editor.trees.set(id, treeDataProvider);
    return {
      description: '',
      dispose: () => editor.trees.delete(id),
      reveal: (node) => {
        editor.revealed.push(node);
        return Promise.resolve();
      },
    };
  },
  registerWebviewViewProvider(id: string, provider: { resolveWebviewView(view: unknown): unknown }): Disposable {
    editor.webviewProviders.set(id, provider);
    return new Disposable(() => editor.webviewProviders.delete(id));
  },
  createStatusBarItem(id: string): Record<string, unknown> {
    const item: Record<string, unknown> = { id, visible: false, dispose: () => undefined };
    item['show'] = () => {
      item['visible'] = true;
    };
    item['hide'] = () => {
      item['visible'] = false;
    };
    editor.statusBar.push(item);
    return item;
  },
  createOutputChannel(): Record<string, unknown> {
    const writer = (level: string) => (line: string) => void editor.log.push(`${level}: ${line}`);
    const levels = ['trace', 'debug', 'info', 'warn', 'error'];
    return {
      ...Object.fromEntries(levels.map((level) => [level, writer(level)])),
      show: () => editor.executed.push({ command: 'show log', args: [] }),
      dispose: () => undefined,
    };
  },
  createInputBox: () => new FakeInput(),
  createQuickPick: () => new FakeInput(),
  async showInputBox(options: { prompt?: string; password?: boolean }): Promise<string | undefined> {
    const input = new FakeInput();
    input.prompt = options.prompt;
    input.password = options.password ?? false;
    return await new Promise((resolve) => {
      input.onDidAccept(() => {
        resolve(input.value);
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
    });
  },
  async showQuickPick<T extends { label: string }>(items: readonly T[]): Promise<T | undefined> {
    const input = new FakeInput();
    input.items = items;
    return await new Promise((resolve) => {
      input.onDidAccept(() => {
        resolve(input.selectedItems[0] as T | undefined);
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
    });
  },
  showErrorMessage: message('error'),
  showWarningMessage: message('warning'),
  showInformationMessage: message('information'),
  withProgress<T>(_options: unknown, work: (progress: unknown, token: unknown) => Promise<T>): Promise<T> {
    return work({ report: () => undefined }, { onCancellationRequested: () => new Disposable(() => undefined) });
  },
  showTextDocument: (document: FakeDocument): Promise<{ document: FakeDocument; selection?: unknown }> =>
    Promise.resolve({ document }),
};

export const workspace = {
  get isTrusted(): boolean {
    return editor.trusted;
  },
  get workspaceFolders(): FakeEditor['folders'] {
    return editor.folders;
  },
  get textDocuments(): readonly FakeDocument[] {
    return editor.documents;
  },
  onDidOpenTextDocument: (listener: (document: FakeDocument) => unknown) => editor.opened.event(listener),
  onDidChangeTextDocument: (listener: (change: { document: FakeDocument }) => unknown) =>
    editor.changed.event(listener),
  onDidCloseTextDocument: (listener: (document: FakeDocument) => unknown) => editor.closed.event(listener),
  onDidGrantWorkspaceTrust: (listener: () => unknown) => editor.trustGranted.event(listener),
  onDidChangeConfiguration: (listener: (event: { affectsConfiguration(section: string): boolean }) => unknown) =>
    editor.configurationChanged.event(listener),
  getConfiguration(section: string) {
    const { user, workspace: shared } = editor.settings;
    return {
      get: (key: string) => shared.get(`${section}.${key}`) ?? user.get(`${section}.${key}`),
      inspect: (key: string) => ({
        globalValue: user.get(`${section}.${key}`),
        workspaceValue: shared.get(`${section}.${key}`),
      }),
      update(key: string, value: unknown, target: ConfigurationTarget): Promise<void> {
        const map = target === ConfigurationTarget.Workspace ? shared : user;
        if (value === undefined) map.delete(`${section}.${key}`);
        else map.set(`${section}.${key}`, value);
        editor.configurationChanged.fire({ affectsConfiguration: (name) => name === section });
        return Promise.resolve();
      },
    };
  },
  createFileSystemWatcher() {
    const { event } = editor.fileChanged;
    return { onDidCreate: event, onDidChange: event, onDidDelete: event, dispose: () => undefined };
  },
  registerTextDocumentContentProvider: (): Disposable => new Disposable(() => undefined),
  openTextDocument(uri: Uri): Promise<FakeDocument> {
    const document = new FakeDocument(uri, '');
    editor.documents.push(document);
    editor.opened.fire(document);
    return Promise.resolve(document);
  },
  applyEdit(edit: WorkspaceEdit): Promise<boolean> {
    for (const { uri, range, text } of edit.edits) {
      const document = editor.documents.find((each) => each.uri.toString() === uri.toString());
      if (!document) return Promise.resolve(false);
      const before = document.getText();
      document.setText(
        before.slice(0, document.offsetAt(range.start)) + text + before.slice(document.offsetAt(range.end)),
      );
      editor.changed.fire({ document });
    }
    return Promise.resolve(true);
  },
  fs: {
    stat(uri: Uri): Promise<object> {
      return editor.existingFiles.has(uri.path) ? Promise.resolve({}) : Promise.reject(new Error('no such file'));
    },
  },
};

export const languages = {
  createDiagnosticCollection() {
    return {
      set: (uri: Uri, diagnostics: readonly Diagnostic[]) => void editor.diagnostics.set(uri.toString(), diagnostics),
      delete: (uri: Uri) => void editor.diagnostics.delete(uri.toString()),
      dispose: () => {
        editor.diagnostics.clear();
      },
    };
  },
  registerCodeActionsProvider: (): Disposable => new Disposable(() => undefined),
};

export const extensions = {
  getExtension(id: string) {
    return {
      activate(): Promise<void> {
        editor.activatedExtensions.push(id);
        return Promise.resolve();
      },
    };
  },
};
