import * as vscode from 'vscode';
import type { Fix, Problem } from '../spec/problem.ts';
import { specLanguage } from './newSpec.ts';
import { editAction, rangeOf, severities } from './problemParts.ts';
import { jsonServiceTellsSyntax } from './specLanguage.ts';

export interface SpecDiagnosticsOptions {
  /** Everything that is wrong with a spec's text. */
  readonly check: (text: string) => Promise<readonly Problem[]>;
  /** Something became known of a database: what is open is checked again. */
  readonly onDidChangeCatalogue: (listener: () => void) => { dispose(): void };
  readonly reportError: (error: unknown) => void;
  /** The page that explains every code, under a heading of the same word. */
  readonly explanations: vscode.Uri;
  readonly debounceMs?: number;
}

/** Problems of the open specs, as one types; each with its code, and with its mend as a quick fix. */
export function registerSpecDiagnostics(options: SpecDiagnosticsOptions): vscode.Disposable {
  const diagnostics = new SpecDiagnostics(options);
  const { workspace, languages } = vscode;
  const selector = { language: specLanguage };
  const parts = [
    diagnostics,
    workspace.onDidOpenTextDocument((document) => {
      diagnostics.schedule(document, 0);
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      diagnostics.schedule(document);
    }),
    workspace.onDidCloseTextDocument((document) => {
      diagnostics.forget(document);
    }),
    languages.registerCodeActionsProvider(selector, diagnostics, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  ];
  const checkAll = (): void => {
    for (const document of workspace.textDocuments) diagnostics.schedule(document);
  };
  checkAll();
  return vscode.Disposable.from(...parts, options.onDidChangeCatalogue(checkAll));
}

export class SpecDiagnostics implements vscode.CodeActionProvider {
  readonly #options: SpecDiagnosticsOptions;
  readonly #collection = vscode.languages.createDiagnosticCollection('datamorph');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** The problems behind the diagnostics, with the version of the document that they speak of. */
  readonly #shown = new Map<string, { readonly version: number; readonly problems: readonly Problem[] }>();

  constructor(options: SpecDiagnosticsOptions) {
    this.#options = options;
  }

  schedule(document: vscode.TextDocument, delayMs = this.#options.debounceMs ?? 100): void {
    if (document.languageId !== specLanguage) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#check(document).catch(this.#options.reportError);
    }, delayMs);
    this.#timers.set(key, timer);
  }

  forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#shown.delete(key);
    this.#collection.delete(document.uri);
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const shown = this.#shown.get(document.uri.toString());
    if (shown?.version !== document.version) return [];
    return shown.problems.flatMap((problem) => {
      const diagnostic = this.#toDiagnostic(document, problem);
      if (!problem.fix || !diagnostic.range.intersection(range)) return [];
      return [toAction(document, diagnostic, problem.fix)];
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#collection.dispose();
  }

  #toDiagnostic(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(
      rangeOf(document, problem.span),
      problem.message,
      severities[problem.severity],
    );
    diagnostic.source = 'DataMorph';
    diagnostic.code = { value: problem.code, target: this.#options.explanations.with({ fragment: problem.code }) };
    return diagnostic;
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const problems = await this.#options.check(document.getText());
    // Closed or edited meanwhile: a newer check is on its way, or none is wanted.
    if (document.isClosed || document.version !== version) return;
    this.#shown.set(document.uri.toString(), { version, problems });
    // Hidden ones keep their quick fix: the place is the same, whoever underlines it.
    const told = jsonServiceTellsSyntax() ? problems.filter(({ code }) => code !== 'syntax') : problems;
    this.#collection.set(
      document.uri,
      told.map((problem) => this.#toDiagnostic(document, problem)),
    );
  }
}

function toAction(document: vscode.TextDocument, diagnostic: vscode.Diagnostic, fix: Fix): vscode.CodeAction {
  const action = editAction(document, fix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}
