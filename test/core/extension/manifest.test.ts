import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { commandHandlers, type CommandPorts } from '../../../src/commands.ts';
import type { OverallState } from '../../../src/views/connectionPort.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly icon?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly views: { readonly datamorph: readonly { readonly id: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly items?: { readonly properties: object } }>>;
    };
  };
}

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);

describe('the manifest', () => {
  it('promises what the program was built for', () => {
    assert.deepEqual(
      [manifest.engines['vscode'], manifest.extensionKind, manifest.activationEvents],
      ['^1.100.0', ['workspace'], []],
    );
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  });

  it('names the commands that have handlers, and no other', () => {
    assert.deepEqual([...commands].sort(), Object.keys(commandHandlers({} as CommandPorts)).sort());
  });

  it('uses its own commands in menus, each with an icon', () => {
    const used = Object.values(contributes.menus).flatMap((menu) => menu.map(({ command }) => command));
    assert.deepEqual(
      used.filter((command) => !commands.includes(command)),
      [],
    );
    assert.deepEqual(
      contributes.commands.filter(({ icon }) => !icon),
      [],
    );
  });

  it('links in welcomes and walkthrough to commands that exist', () => {
    const views = contributes.views.datamorph.map(({ id }) => `${id}.focus`);
    const links = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? ''),
    );
    const known = new Set([...commands, ...views, 'workbench.trust.manage']);
    assert.deepEqual(
      links.filter((link) => !known.has(link)),
      [],
    );
  });

  it('has a welcome for every state without a tree', () => {
    const states = {
      none: true,
      settings: true,
      untrusted: true,
      connecting: true,
      error: false,
      password: true,
      empty: true,
      ready: false,
    } as const satisfies Record<OverallState, boolean>;
    const whens = contributes.viewsWelcome.filter(({ view }) => view === 'datamorph.schema').map(({ when }) => when);
    const expected = Object.entries(states).filter(([, welcome]) => welcome);
    assert.deepEqual([...whens].sort(), expected.map(([state]) => `datamorph.state == ${state}`).sort());
  });

  it('restricts every setting in a workspace that is not trusted', () => {
    const settings = Object.keys(contributes.configuration.properties);
    assert.deepEqual([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), settings.sort());
  });

  it('has no setting for a password', () => {
    const { items } = contributes.configuration.properties['datamorph.connections'] ?? {};
    assert.deepEqual(Object.keys(items?.properties ?? {}), [
      'name',
      'host',
      'port',
      'database',
      'user',
      'auth',
      'secret',
      'service',
      'ssl',
      'sslRootCert',
      'queryRole',
    ]);
  });

  it('draws the walkthrough and the icons in the colours of the theme', () => {
    const walkthrough = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    for (const file of [...walkthrough, 'media/activity.svg']) {
      assert.ok(existsSync(join(root, file)), file);
      const svg = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(svg, /(?:fill|stroke)="(?:#|black|white|rgb)/, file);
    }
  });
});
