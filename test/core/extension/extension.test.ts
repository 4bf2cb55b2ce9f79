import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { activate } from '../../../src/extension.ts';
import { editor, resetEditor, Uri, type FakeInput } from '../../support/fakeVscode.ts';

const shop = { name: 'shop', host: '127.0.0.1', port: 1, database: 'shop', user: 'ann' };
const secretKey = 'datamorph.password:ann@127.0.0.1:1/shop';

/** The extension as the editor starts it; nothing listens at port 1, so that every attempt to connect shows. */
class Started {
  readonly secrets = new Map<string, string>();
  readonly subscriptions: { dispose(): unknown }[] = [];

  activate(): this {
    activate({
      subscriptions: this.subscriptions,
      secrets: {
        get: (key: string) => Promise.resolve(this.secrets.get(key)),
        store: (key: string, value: string) => Promise.resolve(void this.secrets.set(key, value)),
        delete: (key: string) => Promise.resolve(void this.secrets.delete(key)),
      },
      workspaceState: { get: (_key: string, standard: unknown) => standard, update: () => Promise.resolve() },
      extensionUri: Uri.file('/extension'),
      extension: { id: 'datamorph.datamorph', packageJSON: { version: '0.1.0' } },
    } as unknown as vscode.ExtensionContext);
    return this;
  }

  /** Somebody opens the Schema view. */
  look(): readonly unknown[] {
    const roots = editor.trees.get('datamorph.schema')?.getChildren() as readonly unknown[] | undefined;
    assert.ok(roots);
    return roots;
  }

  async until(state: string): Promise<void> {
    while (editor.context.get('datamorph.state') !== state) await new Promise(setImmediate);
  }
}

const connects = (): boolean => editor.log.some((line) => line.includes('connecting to'));
const run = async (command: string, ...args: unknown[]): Promise<unknown> =>
  await editor.commands.get(command)?.(...(args as never[]));

describe('the extension', () => {
  let started: Started;
  beforeEach(() => {
    resetEditor();
    started = new Started();
  });
  afterEach(async () => {
    for (const part of started.subscriptions) await part.dispose();
  });

  it('builds and registers, and connects to nothing by itself', () => {
    editor.settings.user.set('datamorph.connections', [shop]);
    started.activate();
    assert.deepEqual(
      [...editor.trees.keys(), ...editor.webviewProviders.keys()],
      ['datamorph.schema', 'datamorph.runs', 'datamorph.prompt'],
    );
    assert.equal(editor.context.get('datamorph.state'), 'connecting');
    assert.deepEqual(editor.log, ['info: DataMorph 0.1.0 is active.']);
  });

  it('says that there is no connection', () => {
    started.activate();
    assert.deepEqual([started.look(), editor.context.get('datamorph.state')], [[], 'none']);
  });

  it('opens no connection without trust, and opens it once there is trust', async () => {
    editor.trusted = false;
    editor.settings.user.set('datamorph.connections', [shop]);
    started.secrets.set(secretKey, 'hunter22');
    started.activate();
    assert.deepEqual(started.look(), []);
    await run('datamorph.reconnect');
    await run('datamorph.refreshSchema');
    await run('datamorph.addConnection');
    assert.deepEqual([editor.context.get('datamorph.state'), connects()], ['untrusted', false]);
    assert.deepEqual(
      editor.executed.map(({ command }) => command),
      ['workbench.trust.manage'],
    );
    editor.trusted = true;
    editor.trustGranted.fire(undefined);
    started.look();
    await started.until('error');
    assert.ok(connects());
  });

  it('tells what cannot be used of the settings, and never what is secret', async () => {
    editor.settings.user.set('datamorph.connections', [{ ...shop, port: 'x' }]);
    started.secrets.set(secretKey, 'hunter22');
    started.activate();
    assert.equal(editor.context.get('datamorph.state'), 'settings');
    assert.deepEqual(editor.log.slice(0, 1), [
      'warn: datamorph.connections[0].port: "port" must be a whole number from 1 to 65535.',
    ]);
    editor.settings.user.set('datamorph.connections', [{ ...shop, user: 'ann' }]);
    editor.configurationChanged.fire({ affectsConfiguration: () => true });
    started.look();
    await started.until('error');
    assert.ok(!editor.log.join('\n').includes('hunter22'));
  });

  it('asks for a password where none is stored, keeps it, and tries again', async () => {
    editor.settings.user.set('datamorph.connections', [shop]);
    started.activate().look();
    await started.until('password');
    editor.onInput = (input: FakeInput) => {
      assert.deepEqual([input.prompt, input.password], ['Password of ann at 127.0.0.1', true]);
      input.type('hunter22');
    };
    await run('datamorph.enterPassword');
    assert.equal(started.secrets.get(secretKey), 'hunter22');
    await started.until('error');
  });

  it('removes a connection with its password, after asking', async () => {
    editor.settings.user.set('datamorph.connections', [shop]);
    started.secrets.set(secretKey, 'hunter22');
    started.activate();
    await run('datamorph.removeConnection', 'shop');
    assert.equal(started.secrets.size, 1);
    editor.answer = (_text, [remove]) => remove;
    await run('datamorph.removeConnection', 'shop');
    assert.deepEqual(
      [started.secrets.size, editor.settings.user.size, editor.context.get('datamorph.state')],
      [0, 0, 'none'],
    );
  });

  it('opens an empty spec and the walkthrough, shows the log, copies names', async () => {
    started.activate();
    await run('datamorph.newSpec');
    assert.equal(editor.documents[0]?.uri.toString(), 'untitled:new_spec.datamorph.json');
    await run('datamorph.openWalkthrough');
    await run('datamorph.showLog');
    await run('datamorph.editConnections');
    assert.deepEqual(
      editor.executed.map(({ command, args }) => [command, args[0]]),
      [
        ['workbench.action.openWalkthrough', 'datamorph.datamorph#start'],
        ['show log', undefined],
        ['workbench.action.openSettingsJson', { revealSetting: { key: 'datamorph.connections', edit: true } }],
      ],
    );
    await run('datamorph.copyName', { kind: 'schema', connection: 'shop', schema: 'Big', tables: [] });
    assert.equal(editor.clipboard.text, '"Big"');
  });

  it('logs what a command throws, and says so', async () => {
    started.activate();
    editor.settings.user.set('datamorph.connections', [shop]);
    editor.configurationChanged.fire({ affectsConfiguration: () => true });
    editor.commands.set('workbench.action.openWalkthrough', () => {
      throw new Error('no walkthrough');
    });
    await run('datamorph.openWalkthrough');
    assert.match(editor.log.at(-1) ?? '', /^error: Something failed\. Error: no walkthrough/);
    assert.deepEqual(
      editor.messages.map(({ text }) => text),
      ['DataMorph: that did not work. The log says why.'],
    );
  });

  it('shows the problems of an open spec', async () => {
    started.activate();
    await run('datamorph.newSpec');
    const [document] = editor.documents;
    assert.ok(document);
    document.setText('{ "version": 1 }');
    editor.changed.fire({ document });
    while (!editor.diagnostics.has(document.uri.toString())) await new Promise(setImmediate);
    const codes = editor.diagnostics.get(document.uri.toString())?.map(({ code }) => (code as { value: string }).value);
    assert.deepEqual([...new Set(codes)], ['missing-property']);
  });
});
