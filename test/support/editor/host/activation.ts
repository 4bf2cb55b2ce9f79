import { cpuUsage } from 'node:process';
import * as vscode from 'vscode';
import { until } from './until.ts';

const id = 'datamorph.datamorph';

export interface ActivationReading {
  /** Whether a folder was open in the window. */
  readonly folder: boolean;
  /** Whether it ran before anybody asked for it. */
  readonly early: boolean;
  /** By the editor's own measure: loading the code and calling `activate`, on the clock. */
  readonly milliseconds: number;
  /** What the host's processor spent meanwhile, the editor's own share in it: other programs do not count in this one. */
  readonly cpuMilliseconds: number;
}

/** Reads what one activation takes, in a window in which nobody has asked for it yet. */
export async function readActivation(): Promise<ActivationReading> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension) throw new Error(`${id} is not installed.`);
  const early = extension.isActive;
  const before = cpuUsage();
  await extension.activate();
  const { user, system } = cpuUsage(before);
  await vscode.commands.executeCommand('perfview.show');
  return {
    folder: vscode.workspace.workspaceFolders !== undefined,
    early,
    milliseconds: parseActivation(await startupPage()),
    cpuMilliseconds: Math.round((user + system) / 1000),
  };
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
