import * as vscode from 'vscode';
import { until } from './until.ts';

/** DataMorph's log as the editor shows it. */
export async function openLog(): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('datamorph.showLog');
  const find = (): vscode.TextDocument | undefined =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'output' && uri.path.includes('DataMorph'));
  return await until(vscode.workspace.onDidOpenTextDocument, find);
}

/** What the log says from now on, up to and with the line that is waited for. */
export async function logAfter(work: () => Thenable<unknown>, end: RegExp): Promise<string> {
  const document = await openLog();
  // An output document is opened first and filled then; there is always the line that says that we are active.
  const { length } = await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() || undefined);
  await work();
  return await until(vscode.workspace.onDidChangeTextDocument, () => {
    const text = document.getText().slice(length);
    return end.test(text) ? text : undefined;
  });
}
