import * as vscode from 'vscode';

export const specLanguage = 'datamorph-spec';

/** Opens an unsaved `*.datamorph.json` that nobody else has the name of. */
export async function openNewSpec(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = await freeUri(name);
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  const editor = await vscode.window.showTextDocument(document);
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  return editor;
}

async function freeUri(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.path));
  for (let count = 1; ; count++) {
    const file = `${name}${count === 1 ? '' : `-${count}`}.datamorph.json`;
    const saved = folder && vscode.Uri.joinPath(folder, file);
    const path = saved?.path ?? file;
    if (!open.has(path) && !(saved && (await exists(saved)))) return vscode.Uri.from({ scheme: 'untitled', path });
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
