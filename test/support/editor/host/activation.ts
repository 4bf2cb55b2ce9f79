import * as vscode from 'vscode';
import { until } from './until.ts';

const id = 'datamorph.datamorph';

export interface ActivationReading {
  /** Whether it ran before anybody asked for it. */
  readonly early: boolean;
  readonly milliseconds: number;
}

/** Opens a view, as a person does, and reads what the editor itself measured: loading the code and calling `activate`. */
export async function readActivation(): Promise<ActivationReading> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension) throw new Error(`${id} is not installed.`);
  const early = extension.isActive;
  await vscode.commands.executeCommand('datamorph.schema.focus');
  await extension.activate();
  await vscode.commands.executeCommand('perfview.show');
  return { early, milliseconds: parseActivation(await startupPage()) };
}

/** "Startup Performance", which fills itself after it has been opened. */
function startupPage(): Promise<string> {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
  if (!document) throw new Error('The page "Startup Performance" did not open.');
  return until(vscode.workspace.onDidChangeTextDocument, () => {
    const text = document.getText();
    return text.includes(id) ? text : undefined;
  });
}

/** The row of the page's table: name, eager, load code, call activate, finish activate, event, by. */
function parseActivation(page: string): number {
  const row = page.split('\n').find((line) => line.includes(id));
  const cells = row?.split('|').map((cell) => cell.trim());
  const [load, call] = [Number(cells?.[3]), Number(cells?.[4])];
  if (!Number.isFinite(load + call)) throw new Error(`No activation of ${id} in:\n${page}`);
  return load + call;
}
