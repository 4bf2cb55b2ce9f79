import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { beforeEach, describe, it } from 'mocha';
import {
  checkSettings,
  connectionsTarget,
  onSettingsChange,
  readSettings,
  removeConnection,
  saveConnection,
} from '../../../src/config.ts';
import { editor, resetEditor } from '../../support/fakeVscode.ts';

const entry = { name: 'shop', host: 'localhost', database: 'shop', user: 'ann' };
const full = { ...entry, port: 5432, auth: 'password', ssl: 'disable' } as const;

/** Problems as lines: the place and what is to be done. */
const problemsOf = (connections: unknown, chosen?: unknown): readonly string[] =>
  checkSettings(connections, chosen).problems.map(({ place, message }) => `${place}: ${message}`);

describe('the settings', () => {
  it('have defaults for everything that can have one', () => {
    assert.deepEqual(checkSettings([entry], ''), { connections: [full], defaultConnection: 'shop', problems: [] });
    assert.deepEqual(checkSettings(undefined, undefined), { connections: [], problems: [] });
  });

  it('keep what is written out', () => {
    const written = {
      ...{ ...full, port: 6000, auth: 'environment', ssl: 'verify-full', sslRootCert: '~/ca.pem' },
      queryRole: 'reader',
    } as const;
    assert.deepEqual(checkSettings([written], 'shop').connections, [
      { ...written, sslRootCert: `${homedir()}/ca.pem` },
    ]);
  });

  it('name the default, or the first', () => {
    const other = { ...entry, name: 'other' };
    assert.equal(checkSettings([entry, other], 'other').defaultConnection, 'other');
    assert.equal(checkSettings([entry, other], 'gone').defaultConnection, 'shop');
    assert.deepEqual(problemsOf([entry, other], 'gone'), [
      'datamorph.defaultConnection: There is no connection "gone". Name one of: shop, other.',
    ]);
  });

  it('say of each bad entry what is wrong, and use the good ones', () => {
    const settings = [entry, 7, { name: 'x' }, { ...entry, name: 'y', port: 99_999, auth: 'magic', ssl: 1 }, entry];
    assert.deepEqual(problemsOf(settings), [
      'datamorph.connections[1]: This must be an object with "name", "host", "database" and "user".',
      'datamorph.connections[2].host: "host" is missing or empty. Write it as a text.',
      'datamorph.connections[2].database: "database" is missing or empty. Write it as a text.',
      'datamorph.connections[2].user: "user" is missing or empty. Write it as a text.',
      'datamorph.connections[3].port: "port" must be a whole number from 1 to 65535.',
      'datamorph.connections[3].auth: "auth" must be one of: password, environment, secret, iam.',
      'datamorph.connections[3].ssl: "ssl" must be one of: disable, require, verify-full.',
      'datamorph.connections[4].name: A second connection is called "shop". Rename one.',
    ]);
    assert.deepEqual(checkSettings(settings, '').connections, [full]);
  });

  it('take from a service what they leave out', () => {
    const services = (name: string) =>
      name === 'shop' ? { host: 'db', port: '5433', dbname: 'sales', user: 'bob', sslmode: 'verify-ca' } : undefined;
    const { connections, problems } = checkSettings(
      [
        { name: 'a', service: 'shop' },
        { name: 'b', service: 'shop', user: 'ann' },
        { name: 'c', service: 'gone' },
      ],
      '',
      services,
    );
    const a = { name: 'a', host: 'db', port: 5433, database: 'sales', user: 'bob', auth: 'environment' };
    assert.deepEqual(connections, [
      { ...a, ssl: 'verify-full', service: 'shop' },
      { ...a, name: 'b', user: 'ann', ssl: 'verify-full', service: 'shop' },
    ]);
    assert.deepEqual(
      problems.map(({ place }) => place),
      ['datamorph.connections[2].service'],
    );
  });

  it('know what a secret is for', () => {
    assert.deepEqual(checkSettings([{ ...entry, secret: 'db' }], '').connections, [
      { ...full, auth: 'secret', secret: 'db' },
    ]);
    assert.deepEqual(problemsOf([{ ...entry, auth: 'secret' }]), [
      'datamorph.connections[0].secret: "secret" is missing or empty. Write it as a text.',
    ]);
  });

  for (const value of ['text', 7, {}, null, true]) {
    it(`survive ${JSON.stringify(value)} where a list belongs`, () => {
      assert.deepEqual(problemsOf(value), ['datamorph.connections: This must be a list of connections.']);
    });
  }

  it('do not use a password that stands in them', () => {
    const { connections, problems } = checkSettings([{ ...entry, password: 'abc' }], '');
    assert.deepEqual(connections, [full]);
    assert.deepEqual(
      problems.map(({ place }) => place),
      ['datamorph.connections[0].password'],
    );
    assert.ok(!JSON.stringify(problems).includes('abc'));
  });
});

describe('the settings of the editor', () => {
  beforeEach(() => {
    resetEditor();
  });

  it('are read, saved to and removed from where they stand', async () => {
    await saveConnection(full, 'user');
    assert.equal(connectionsTarget(), 'user');
    await saveConnection({ ...full, name: 'two' }, 'workspace');
    assert.equal(connectionsTarget(), 'workspace');
    assert.deepEqual(
      readSettings().connections.map(({ name }) => name),
      ['two'],
    );
    await removeConnection('two');
    assert.deepEqual(
      readSettings().connections.map(({ name }) => name),
      ['shop'],
    );
    assert.equal(editor.settings.workspace.size, 0);
  });

  it('replace a connection of the same name, and keep what they do not understand', async () => {
    editor.settings.user.set('datamorph.connections', [{ odd: 1 }, entry]);
    await saveConnection({ ...full, port: 1234 }, 'user');
    assert.deepEqual(editor.settings.user.get('datamorph.connections'), [{ odd: 1 }, { ...full, port: 1234 }]);
  });

  it('tell of their own changes only', () => {
    let told = 0;
    onSettingsChange(() => told++);
    editor.configurationChanged.fire({ affectsConfiguration: (section) => section === 'editor' });
    assert.equal(told, 0);
    editor.configurationChanged.fire({ affectsConfiguration: (section) => section === 'datamorph' });
    assert.equal(told, 1);
  });
});
