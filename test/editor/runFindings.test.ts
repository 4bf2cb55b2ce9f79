import { deepEqual, equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../support/editor/host/until.ts';
import { corrected, keptRun, spec } from '../support/keptRun.ts';

async function write(path: string, text: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('No folder is open.');
  const uri = vscode.Uri.joinPath(folder, path);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

const ofRun = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ code }) => typeof code === 'object' && code.value === 'rows-differ');

describe('what a run found', () => {
  it('stands on the step, is previewed and mended by a quick fix, and is gone when the text is another one', async () => {
    for (const [path, text] of Object.entries(keptRun('found-1'))) await write(path, text);
    const uri = await write('found-totals.datamorph.json', spec);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const [found] = await until(vscode.languages.onDidChangeDiagnostics, () => {
      const all = ofRun(uri);
      return all.length > 0 ? all : undefined;
    });
    ok(found);
    equal(document.getText(found.range), '"paid"');
    equal(found.message, 'Two rows differ.\nThe first step that differs is paid.');
    deepEqual(
      found.relatedInformation?.map(({ location }) => location.uri.path.split('/').at(-1)),
      ['script.py', 'report.md'],
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      found.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const named = (title: string): vscode.CodeAction | undefined => actions.find((each) => each.title === title);
    const preview = named('Preview the remedy')?.command;
    ok(preview);
    await vscode.commands.executeCommand(preview.command, ...((preview.arguments ?? []) as unknown[]));
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    ok(tab instanceof vscode.TabInputTextDiff);
    equal((await vscode.workspace.openTextDocument(tab.modified)).getText(), corrected);
    const edit = named('Apply the remedy: Tests are left out.')?.edit;
    ok(edit);
    await vscode.workspace.applyEdit(edit);
    equal(document.getText(), corrected);
    await until(vscode.languages.onDidChangeDiagnostics, () => (ofRun(uri).length === 0 ? true : undefined));
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
