import * as vscode from 'vscode';
import { specLanguage } from './newSpec.ts';

const jsonFeatures = 'vscode.json-language-features';

/** What is no JSON at all is told by that service too; whoever tells more than that need not repeat it. */
export const jsonServiceTellsSyntax = (): boolean =>
  vscode.extensions.getExtension(jsonFeatures) !== undefined &&
  vscode.workspace.getConfiguration('json').get('validate.enable') !== false;

/**
 * Completion and hover of a spec come from VS Code's own JSON service: package.json names our language as one of its
 * (`jsonLanguageParticipants`). That service starts with a `.json` file only, so the first spec starts it here.
 */
export function registerSpecLanguage(reportError: (error: unknown) => void): vscode.Disposable {
  let started = false;
  const start = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== specLanguage) return;
    started = true;
    // Somebody may have switched it off; then specs do without it.
    vscode.extensions.getExtension(jsonFeatures)?.activate().then(undefined, reportError);
  };
  for (const document of vscode.workspace.textDocuments) start(document);
  return vscode.workspace.onDidOpenTextDocument(start);
}
