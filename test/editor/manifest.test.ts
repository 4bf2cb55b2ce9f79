import { deepEqual, equal } from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

/** As the editor has read it, with its texts already in the user's language. */
function installed(): { readonly extension: vscode.Extension<unknown>; readonly manifest: Manifest } {
  const extension = vscode.extensions.getExtension('datamorph.datamorph');
  if (!extension) throw new Error('DataMorph is not installed.');
  return { extension, manifest: extension.packageJSON as Manifest };
}

describe('manifest', () => {
  it('declares exactly the commands that are registered', async () => {
    const { extension, manifest } = installed();
    await extension.activate();
    const all = await vscode.commands.getCommands(true);
    const views = ['prompt', 'schema', 'runs'].map((view) => `datamorph.${view}.`);
    const own = all.filter((id) => id.startsWith('datamorph.') && !views.some((view) => id.startsWith(view)));
    deepEqual(own.sort(), manifest.contributes.commands.map(({ command }) => command).sort());
  });

  it('has a text for every placeholder', () => {
    const placeholders = JSON.stringify(installed().manifest).match(/"%[\w.]+%"/g);
    deepEqual(placeholders, null);
  });

  it('runs where the workspace is', () => {
    const { extension, manifest } = installed();
    deepEqual(manifest.extensionKind, ['workspace']);
    equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('works without trust in part only, and keeps the workspace from choosing connections', () => {
    const { supported, description, restrictedConfigurations } = installed().manifest.capabilities.untrustedWorkspaces;
    deepEqual(
      { supported, description, restrictedConfigurations },
      {
        supported: 'limited',
        description: 'Specs can be read and edited. No database connection is opened until the workspace is trusted.',
        restrictedConfigurations: ['datamorph.connections', 'datamorph.defaultConnection'],
      },
    );
  });

  it('refuses virtual workspaces with a reason', () => {
    deepEqual(installed().manifest.capabilities.virtualWorkspaces, {
      supported: false,
      description: 'DataMorph runs programs and reads files on disk, which a virtual workspace does not have.',
    });
  });

  it('is activated by nothing but what it contributes', () => {
    deepEqual(installed().manifest.activationEvents, []);
  });
});
