import { deepEqual } from 'node:assert/strict';
import * as vscode from 'vscode';
import { logAfter, openLog } from '../support/editor/host/log.ts';

const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('datamorph');
const { Workspace } = vscode.ConfigurationTarget;

interface Connection {
  readonly name: string;
}

/** The log's lines about one thing, without their time: a connection that opens meanwhile has lines of its own. */
const lines = (text: string, about: string): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line.includes(`] ${about}`))
    .map((line) => line.replace(/^\S+ \S+ /, '').replace(/in \d+ ms/, 'in N ms'));

describe('settings', () => {
  const shop = new URL(process.env['DATAMORPH_TEST_SHOP'] ?? '');
  let before: readonly Connection[] | undefined;
  beforeEach(async () => {
    before = configuration().inspect<readonly Connection[]>('connections')?.workspaceValue;
    await openLog();
  });
  afterEach(async () => {
    await configuration().update('connections', before, Workspace);
    await configuration().update('defaultConnection', undefined, Workspace);
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('are followed: a connection that is added can be opened at once', async () => {
    const second = { ...before?.[0], name: 'second' };
    await configuration().update('connections', [...(before ?? []), second], Workspace);
    const text = await logAfter(
      () => vscode.commands.executeCommand('datamorph.reconnect', 'second'),
      /second: Postgre/,
    );
    deepEqual(lines(text, 'second: '), [
      `[info] second: connecting to ${shop.host}${shop.pathname}.`,
      '[info] second: PostgreSQL 17.10, 12 tables and views, read in N ms.',
    ]);
  });

  it('that cannot be used are told in the log, each with its place and its way out', async () => {
    const broken = [
      { ...before?.[0], port: 0 },
      { ...before?.[0], auth: 'pasword' },
    ];
    const change = async (): Promise<void> => {
      await configuration().update('connections', broken, Workspace);
    };
    deepEqual(lines(await logAfter(change, /\.auth: .*\n/), 'datamorph.'), [
      '[warning] datamorph.connections[0].port: "port" must be a whole number from 1 to 65535.',
      '[warning] datamorph.connections[1].auth: "auth" must be one of: password, environment, secret, iam.',
    ]);
  });

  it('name the connection that is the default, and are told where there is none of that name', async () => {
    const change = async (): Promise<void> => {
      await configuration().update('defaultConnection', 'shpo', Workspace);
    };
    deepEqual(lines(await logAfter(change, /defaultConnection: .*\n/), 'datamorph.'), [
      '[warning] datamorph.defaultConnection: There is no connection "shpo". Name one of: shop.',
    ]);
  });
});
