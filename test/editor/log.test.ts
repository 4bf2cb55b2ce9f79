import { deepEqual, equal, match } from 'node:assert/strict';
import * as vscode from 'vscode';
import { logAfter, openLog } from '../support/editor/host/log.ts';
import { until } from '../support/editor/host/until.ts';

const setLevel = (level: string): Thenable<unknown> =>
  vscode.commands.executeCommand('_extensionTests.setLogLevel', level);

const levels = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/^\S+ \S+ \[(\w+)\]/gm)].map(([, level]) => level ?? '')),
];

const reconnect = (): Thenable<unknown> => vscode.commands.executeCommand('datamorph.reconnect');

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
    const text = await logAfter(reconnect, /PostgreSQL 17\.\d+, 12 tables and views/);
    deepEqual(levels(text), ['info']);
    const { password } = new URL(process.env['DATAMORPH_TEST_SHOP'] ?? '');
    equal(text.includes(decodeURIComponent(password)), false);
  });

  it('keeps silent below the level that is set, and speaks again at the next', async () => {
    const wrong = (): Thenable<unknown> =>
      vscode.workspace
        .getConfiguration('datamorph')
        .update('defaultConnection', 'nobody', vscode.ConfigurationTarget.Workspace);
    await openLog();
    await setLevel('warn');
    // What is said at `info` comes first and is left out; the warning after it ends the wait.
    const work = async (): Promise<void> => {
      await reconnect();
      await wrong();
    };
    try {
      const text = await logAfter(work, /There is no connection "nobody".*\n/);
      deepEqual(levels(text), ['warning']);
    } finally {
      await vscode.workspace
        .getConfiguration('datamorph')
        .update('defaultConnection', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await setLevel('info');
    deepEqual(levels(await logAfter(reconnect, /12 tables and views/)), ['info']);
  });
});
