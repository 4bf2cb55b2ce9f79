import * as vscode from 'vscode';
import type { Fix, Span } from '../spec/problem.ts';
import { specLanguage } from './newSpec.ts';
import { editAction, rangeOf, severities } from './problemParts.ts';

/** What runs found, as far as the editor shows it. */
export interface FindingPort {
  /** Of the newest run that judged this very text; undefined where no run did. */
  ofSpec(text: string): Promise<ShownFindings | undefined>;
  ofScript(text: string): Promise<ShownFindings | undefined>;
}

export interface ShownFindings {
  readonly runId: string;
  readonly findings: readonly ShownFinding[];
  readonly remedy?: { readonly kind: 'spec' | 'script'; readonly text: string; readonly reason: string };
  readonly script: string;
  readonly report: string;
}

export interface ShownFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly span: Span;
  readonly evidence: readonly string[];
  readonly lines?: { readonly first: number; readonly last: number };
  readonly fix?: Fix;
}

export interface RunFindingsOptions {
  readonly store: FindingPort;
  /** Where the runs are kept. */
  readonly folder: vscode.WorkspaceFolder;
  /** The page that explains every code, under a heading of the same word. */
  readonly explanations: vscode.Uri;
  readonly reportError: (error: unknown) => void;
}

const scheme = 'datamorph-remedy';

/** Findings of kept runs on the lines that they speak of, for as long as the text is the one that ran. */
export function registerRunFindings(options: RunFindingsOptions): vscode.Disposable {
  const findings = new RunFindings(options);
  const { workspace, languages } = vscode;
  const pattern = new vscode.RelativePattern(options.folder, '.datamorph/runs/*/run.json');
  const watcher = workspace.createFileSystemWatcher(pattern);
  const lookAtAll = (): void => {
    for (const document of workspace.textDocuments) findings.look(document);
  };
  const look = (document: vscode.TextDocument): void => {
    findings.look(document);
  };
  lookAtAll();
  const selectors = [{ language: specLanguage }, { pattern: new vscode.RelativePattern(options.folder, runScripts) }];
  return vscode.Disposable.from(
    findings,
    watcher,
    watcher.onDidCreate(lookAtAll),
    watcher.onDidChange(lookAtAll),
    watcher.onDidDelete(lookAtAll),
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => {
      findings.look(document);
    }),
    workspace.onDidCloseTextDocument((document) => {
      findings.forget(document);
    }),
    workspace.registerTextDocumentContentProvider(scheme, findings),
    languages.registerCodeActionsProvider(selectors, findings, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
}

const runScripts = '.datamorph/runs/*/script.py';
const isRunScript = ({ uri }: vscode.TextDocument): boolean => /\/\.datamorph\/runs\/[^/]+\/script\.py$/.test(uri.path);

export class RunFindings implements vscode.CodeActionProvider, vscode.TextDocumentContentProvider {
  readonly #options: RunFindingsOptions;
  readonly #collection = vscode.languages.createDiagnosticCollection('datamorph-runs');
  /** By document: what its text of this version was told. */
  readonly #shown = new Map<string, { readonly version: number; readonly found: ShownFindings }>();
  /** The texts behind the previews, by their address. */
  readonly #remedies = new Map<string, string>();

  constructor(options: RunFindingsOptions) {
    this.#options = options;
  }

  look(document: vscode.TextDocument): void {
    if (document.languageId !== specLanguage && !isRunScript(document)) return;
    this.#look(document).catch(this.#options.reportError);
  }

  forget(document: vscode.TextDocument): void {
    this.#shown.delete(document.uri.toString());
    this.#collection.delete(document.uri);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#remedies.get(uri.toString()) ?? '';
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const shown = this.#shown.get(document.uri.toString());
    if (shown?.version !== document.version) return [];
    const { found } = shown;
    return found.findings.flatMap((finding) => {
      const diagnostic = this.#toDiagnostic(document, finding, found);
      if (!diagnostic.range.intersection(range)) return [];
      return this.#actions(document, found, finding).map((action) => {
        action.diagnostics = [diagnostic];
        return action;
      });
    });
  }

  dispose(): void {
    this.#collection.dispose();
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const { store } = this.#options;
    const text = document.getText();
    const found = await (document.languageId === specLanguage ? store.ofSpec(text) : store.ofScript(text));
    // Closed or edited meanwhile: another look is on its way, or none is wanted.
    if (document.isClosed || document.version !== version) return;
    if (!found) {
      this.forget(document);
      return;
    }
    this.#shown.set(document.uri.toString(), { version, found });
    const diagnostics = found.findings.map((finding) => this.#toDiagnostic(document, finding, found));
    this.#collection.set(document.uri, diagnostics);
  }

  #toDiagnostic(document: vscode.TextDocument, finding: ShownFinding, found: ShownFindings): vscode.Diagnostic {
    const { code, severity, message, span, evidence } = finding;
    const range = rangeOf(document, span);
    const diagnostic = new vscode.Diagnostic(range, [message, ...evidence].join('\n'), severities[severity]);
    diagnostic.source = 'DataMorph';
    diagnostic.code = { value: code, target: this.#options.explanations.with({ fragment: code }) };
    diagnostic.relatedInformation = relatedTo(document, finding, found);
    return diagnostic;
  }

  #actions(document: vscode.TextDocument, found: ShownFindings, { fix }: ShownFinding): vscode.CodeAction[] {
    const mends = found.remedy?.kind === (document.languageId === specLanguage ? 'spec' : 'script');
    return [
      ...(mends ? this.#remedyActions(document, found) : []),
      showReport(found),
      ...(fix ? [editAction(document, fix)] : []),
    ];
  }

  #remedyActions(document: vscode.TextDocument, { runId, remedy }: ShownFindings): vscode.CodeAction[] {
    if (!remedy || remedy.text === document.getText()) return [];
    const uri = document.uri.with({ scheme, query: runId });
    this.#remedies.set(uri.toString(), remedy.text);
    const preview = new vscode.CodeAction(vscode.l10n.t('Preview the remedy'), vscode.CodeActionKind.QuickFix);
    const title = vscode.l10n.t('What the remedy changes');
    preview.command = { title: preview.title, command: 'vscode.diff', arguments: [document.uri, uri, title] };
    const whole = { offset: 0, length: document.getText().length, text: remedy.text };
    const apply = editAction(document, {
      title: vscode.l10n.t('Apply the remedy: {0}', remedy.reason),
      edits: [whole],
    });
    apply.isPreferred = true;
    return [preview, apply];
  }
}

/** From the spec to the lines of the script, and from both to the report. */
function relatedTo(
  document: vscode.TextDocument,
  { lines }: ShownFinding,
  { script, report }: ShownFindings,
): vscode.DiagnosticRelatedInformation[] {
  const inScript = lines && document.languageId === specLanguage;
  const place = inScript ? [rangeBetween(lines.first - 1, lines.last)] : [];
  const at = (path: string, range: vscode.Range, message: string) =>
    new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.file(path), range), message);
  return [
    ...place.map((range) => at(script, range, vscode.l10n.t('The lines of the step in the PySpark'))),
    at(report, rangeBetween(0, 0), vscode.l10n.t('The report of the run, with the rows')),
  ];
}

const rangeBetween = (first: number, last: number): vscode.Range =>
  new vscode.Range(new vscode.Position(first, 0), new vscode.Position(last, 0));

function showReport({ report }: ShownFindings): vscode.CodeAction {
  const title = vscode.l10n.t('Show the failing rows');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: 'markdown.showPreview', arguments: [vscode.Uri.file(report)] };
  return action;
}
