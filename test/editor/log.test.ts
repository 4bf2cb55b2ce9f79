import { deepEqual, equal, match } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../support/editor/host/until.ts';

/** The log as the editor shows it. */
async function openLog(): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('datamorph.showLog');
  const find = (): vscode.TextDocument | undefined =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'output' && uri.path.includes('DataMorph'));
  return await until(vscode.workspace.onDidOpenTextDocument, find);
}

const setLevel = (level: string): Thenable<unknown> =>
  vscode.commands.executeCommand('_extensionTests.setLogLevel', level);

const levels = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/^\S+ \S+ \[(\w+)\]/gm)].map(([, level]) => level ?? '')),
];

/** What one reconnect writes at this level. */
async function reconnectAt(level: string, end: RegExp): Promise<string> {
  const document = await openLog();
  await setLevel(level);
  await vscode.commands.executeCommand('workbench.output.action.clearOutput');
  await vscode.commands.executeCommand('datamorph.reconnect');
  return await until(vscode.workspace.onDidChangeTextDocument, () => {
    const text = document.getText();
    return end.test(text) ? text : undefined;
  });
}

describe('log', () => {
  afterEach(async () => {
    await setLevel('info');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('stands in a channel of its own', async () => {
    const document = await openLog();
    const text = await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() || undefined);
    equal(document.languageId, 'log');
    match(text, /\[info\] DataMorph \d+\.\d+\.\d+ is active\./);
  });

  it('tells what it does, and never the password', async () => {
    const text = await reconnectAt('info', /PostgreSQL 17\.\d+, 12 tables and views/);
    deepEqual(levels(text), ['info']);
    const { password } = new URL(process.env['DATAMORPH_TEST_SHOP'] ?? '');
    equal(text.includes(decodeURIComponent(password)), false);
  });
});
