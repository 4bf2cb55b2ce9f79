import * as vscode from 'vscode';

const id = 'datamorph.datamorph';

/** Opens a view, as a person does, and reads what the editor itself measured: loading the code and calling `activate`. */
export async function measureActivation(): Promise<number> {
  await vscode.commands.executeCommand('datamorph.schema.focus');
  await vscode.extensions.getExtension(id)?.activate();
  await vscode.commands.executeCommand('perfview.show');
  const milliseconds = readActivation(await startupPage());
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  return milliseconds;
}

/** "Startup Performance", which fills itself after it has been opened. */
async function startupPage(): Promise<string> {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
  if (!document) throw new Error('The page "Startup Performance" did not open.');
  if (document.getText().includes(id)) return document.getText();
  return await new Promise((resolve) => {
    const watching = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || !document.getText().includes(id)) return;
      watching.dispose();
      resolve(document.getText());
    });
  });
}

/** The row of the page's table: name, eager, load code, call activate, finish activate, event, by. */
export function readActivation(page: string): number {
  const row = page.split('\n').find((line) => line.includes(id));
  const cells = row?.split('|').map((cell) => cell.trim());
  const [load, call] = [Number(cells?.[3]), Number(cells?.[4])];
  if (!Number.isFinite(load + call)) throw new Error(`No activation of ${id} in:\n${page}`);
  return load + call;
}
