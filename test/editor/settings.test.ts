import { deepEqual } from 'node:assert/strict';
import * as vscode from 'vscode';

describe('settings', () => {
  it('has the defaults of the manifest and the connection of the workspace', () => {
    const configuration = vscode.workspace.getConfiguration('datamorph');
    const shop = new URL(process.env['DATAMORPH_TEST_SHOP'] ?? '');
    const connections = configuration.inspect('connections');
    deepEqual(
      {
        default: connections?.defaultValue,
        user: connections?.globalValue,
        workspace: connections?.workspaceValue,
        defaultConnection: configuration.get('defaultConnection'),
      },
      {
        default: [],
        user: undefined,
        workspace: [
          {
            name: 'shop',
            host: shop.hostname,
            port: Number(shop.port),
            database: shop.pathname.slice(1),
            user: shop.username,
            auth: 'environment',
          },
        ],
        defaultConnection: '',
      },
    );
  });
});
