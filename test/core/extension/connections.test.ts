import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Connections, type DatabaseSession } from '../../../src/services/connections.ts';
import type { ConnectionSettings } from '../../../src/services/connectionSettings.ts';
import { createLog } from '../../../src/services/log.ts';
import { createRedactor } from '../../../src/services/redact.ts';
import type { CatalogueFacts, CatalogueTable } from '../../../src/spec/catalogue.ts';
import { customers } from '../../support/shop.ts';

const settingsOf = (name: string): ConnectionSettings => ({
  name,
  host: 'db',
  port: 5432,
  database: name,
  user: 'ann',
  auth: 'environment',
  ssl: 'disable',
});

/** A scripted database: what opening does, and what has been opened and closed. */
class Scripted {
  readonly events: string[] = [];
  readonly lines: string[] = [];
  tables: readonly CatalogueTable[] = [customers];
  facts: CatalogueFacts = {};
  schemaTables: (schema: string) => Promise<readonly CatalogueTable[]> = (schema) =>
    Promise.resolve([{ ...customers, schema }]);
  lose: (error: Error) => void = () => undefined;
  before: (name: string) => Promise<void> = () => Promise.resolve();
  probe: () => Promise<void> = () => Promise.resolve();
  readonly waited: number[] = [];

  readonly connections = new Connections({
    open: async ({ name }, { onLost }): Promise<DatabaseSession> => {
      this.events.push(`open ${name}`);
      await this.before(name);
      this.lose = onLost;
      return {
        serverVersion: '17.1',
        catalogue: () => {
          this.events.push(`read ${name}`);
          return Promise.resolve({ tables: this.tables, searchPath: ['public'], ...this.facts });
        },
        schemaTables: (schema) => {
          this.events.push(`read ${name}/${schema}`);
          return this.schemaTables(schema);
        },
        search: (text) => Promise.resolve([{ schema: 'later', name: text }]),
        probe: () => this.probe(),
        close: () => {
          this.events.push(`close ${name}`);
          return Promise.resolve();
        },
      };
    },
    log: createLog(
      { trace: this.#write, debug: this.#write, info: this.#write, warn: this.#write, error: this.#write },
      createRedactor(),
    ),
    wait: (ms) => {
      this.waited.push(ms);
      return Promise.resolve();
    },
  });

  get #write(): (line: string) => void {
    return (line) => void this.lines.push(line);
  }

  get states(): string {
    return this.connections.entries
      .map(({ settings, state }) => `${settings.name} ${state.kind === 'failed' ? state.failure.code : state.kind}`)
      .join(', ');
  }
}

describe('the connections', () => {
  it('open when asked, once, and read the catalogue', async () => {
    const { connections, events } = new Scripted();
    connections.configure([settingsOf('a'), settingsOf('b')], true);
    assert.deepEqual(events, []);
    await Promise.all([connections.ensure('a'), connections.ensure('a'), connections.ensure('nobody')]);
    assert.deepEqual(events, ['open a', 'read a']);
  });

  it('open nothing where they may not, and open once they may', async () => {
    const scripted = new Scripted();
    const { connections, events } = scripted;
    connections.configure([settingsOf('a')], false);
    await connections.ensure('a');
    await connections.reconnect('a');
    await connections.refresh('a');
    assert.deepEqual([events, scripted.states], [[], 'a idle']);
    connections.configure([settingsOf('a')], true);
    await connections.ensure('a');
    assert.deepEqual([events, scripted.states], [['open a', 'read a'], 'a ready']);
  });

  it('close at once where the trust is gone', async () => {
    const scripted = new Scripted();
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    scripted.connections.configure([settingsOf('a')], false);
    assert.deepEqual([scripted.events.at(-1), scripted.states], ['close a', 'a idle']);
  });

  it('keep what did not change when the settings do', async () => {
    const scripted = new Scripted();
    const { connections, events } = scripted;
    connections.configure([settingsOf('a'), settingsOf('b')], true);
    await Promise.all([connections.ensure('a'), connections.ensure('b')]);
    connections.configure([settingsOf('a'), { ...settingsOf('b'), port: 1 }], true);
    assert.equal(scripted.states, 'a ready, b idle');
    assert.deepEqual(events.slice(4), ['close b']);
  });

  it('tell a failure with its code, log it, and try again when asked', async () => {
    const scripted = new Scripted();
    scripted.before = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    assert.equal(scripted.states, 'a refused');
    assert.match(scripted.lines.at(-1) ?? '', /^a: no connection\. Error \[ECONNREFUSED\]: no/);
    await scripted.connections.ensure('a');
    assert.equal(scripted.events.length, 1);
    scripted.before = () => Promise.resolve();
    await scripted.connections.reconnect('a');
    assert.equal(scripted.states, 'a ready');
  });

  it('read the catalogue anew over the open connection', async () => {
    const scripted = new Scripted();
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    scripted.tables = [];
    await scripted.connections.refresh('a');
    assert.deepEqual(scripted.events, ['open a', 'read a', 'read a']);
    const [entry] = scripted.connections.entries;
    assert.deepEqual(entry?.state.kind === 'ready' && entry.state.catalogue.tables, []);
  });

  it('notice when the server goes away for good', async () => {
    const scripted = new Scripted();
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    scripted.probe = () => Promise.reject(new Error('gone'));
    const failed = nextChange(scripted.connections);
    scripted.lose(Object.assign(new Error('terminating'), { code: '57P01' }));
    await failed;
    assert.equal(scripted.states, 'a lost');
    assert.equal(scripted.events.at(-1), 'close a');
    assert.deepEqual(scripted.waited, [0, 1000, 3000, 10_000]);
  });

  it('recover from cut sockets without a word, and again after a refresh', async () => {
    const scripted = new Scripted();
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    await scripted.connections.refresh('a');
    const seen: string[] = [];
    scripted.connections.onDidChange(() => seen.push(scripted.states));
    for (const round of [1, 2]) {
      let attempts = 0;
      const recovered = new Promise<void>((resolve) => {
        scripted.probe = () => {
          if (++attempts < 2) return Promise.reject(new Error('not yet'));
          resolve();
          return Promise.resolve();
        };
      });
      scripted.lose(new Error('cut'));
      scripted.lose(new Error('cut too'));
      await recovered;
      await new Promise(setImmediate);
      assert.equal(attempts, 2, `round ${round}`);
    }
    assert.deepEqual([seen, scripted.states], [[], 'a ready']);
  });

  describe('to a very big database', () => {
    let scripted: Scripted;
    beforeEach(async () => {
      scripted = new Scripted();
      scripted.facts = {
        schemas: [
          { name: 'later', tables: 9000, views: 0, loaded: false },
          { name: 'public', tables: 1, views: 0, loaded: true },
        ],
      };
      scripted.connections.configure([settingsOf('a')], true);
      await scripted.connections.ensure('a');
      scripted.events.length = 0;
    });

    it('read a schema once, when it is asked for', async () => {
      const { connections, events } = scripted;
      await Promise.all([connections.loadSchema('a', 'later'), connections.loadSchema('a', 'later')]);
      await connections.loadSchema('a', 'later');
      await connections.loadSchema('a', 'public');
      assert.deepEqual(events, ['read a/later']);
      const found = connections.catalogueFor('a', [{ schema: 'later', name: 'customers' }]);
      assert.equal(found?.find({ schema: 'later', name: 'customers' })?.schema, 'later');
    });

    it('give no catalogue in which a name would only seem to be missing, and read what it takes', async () => {
      const { connections, events } = scripted;
      assert.equal(connections.catalogueFor('a', [{ schema: 'later', name: 'customers' }]), undefined);
      assert.ok(connections.catalogueFor('a', [{ name: 'customers' }, { schema: 'gone', name: 'x' }]));
      await nextChange(connections);
      assert.deepEqual(events, ['read a/later']);
      assert.ok(connections.catalogueFor('a', [{ schema: 'later', name: 'customers' }]));
    });

    it('fail where reading a schema fails', async () => {
      scripted.schemaTables = () => Promise.reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
      await scripted.connections.loadSchema('a', 'later');
      assert.equal(scripted.states, 'a lost');
    });

    it('search in all of it', async () => {
      assert.deepEqual(await scripted.connections.search('a', 'cust'), [{ schema: 'later', name: 'cust' }]);
      assert.deepEqual(await scripted.connections.search('nobody', 'cust'), []);
    });
  });

  it('close what opens too late, and forget it', async () => {
    const scripted = new Scripted();
    let letGo = (): void => undefined;
    scripted.before = () =>
      new Promise((resolve) => {
        letGo = resolve;
      });
    scripted.connections.configure([settingsOf('a')], true);
    const opening = scripted.connections.ensure('a');
    await scripted.connections.dispose();
    letGo();
    await opening;
    assert.deepEqual(scripted.events, ['open a', 'close a']);
    assert.equal(scripted.states, '');
  });

  it('tell every change of a state', async () => {
    const scripted = new Scripted();
    const seen: string[] = [];
    scripted.connections.onDidChange(() => seen.push(scripted.states));
    scripted.connections.configure([settingsOf('a')], true);
    await scripted.connections.ensure('a');
    assert.deepEqual(seen, ['a idle', 'a connecting', 'a ready']);
  });
});

const nextChange = (connections: Connections): Promise<void> =>
  new Promise((resolve) => {
    connections.onDidChange(resolve);
  });
