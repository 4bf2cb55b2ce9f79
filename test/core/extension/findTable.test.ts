import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import { findTable, type FoundTable } from '../../../src/views/findTable.ts';
import { parentOf, relationNode, type SchemaNode } from '../../../src/views/schemaNodes.ts';
import type { ShownConnection } from '../../../src/views/connectionPort.ts';
import { editor, resetEditor } from '../../support/fakeVscode.ts';
import { orders, shopTables } from '../../support/shop.ts';

describe('finding a table', () => {
  let shown: FoundTable[];
  let asked: string[];
  let errors: unknown[];
  beforeEach(() => {
    resetEditor();
    shown = [];
    asked = [];
    errors = [];
  });

  const ports = (search: (text: string, signal: AbortSignal) => Promise<readonly FoundTable[]>) => ({
    connection: 'shop',
    search: (text: string, signal: AbortSignal) => {
      asked.push(text);
      return search(text, signal);
    },
    show: (table: FoundTable) => {
      shown.push(table);
      return Promise.resolve();
    },
    reportError: (error: unknown) => void errors.push(error),
  });

  it('asks the server for what is typed, and shows what is chosen', async () => {
    editor.onInput = (input) => {
      input.edit(' ord ');
      setImmediate(() => {
        input.choose('orders');
      });
    };
    await findTable(ports((text) => Promise.resolve([{ schema: 'public', name: `${text}ers` }])));
    assert.deepEqual([asked, shown, errors], [['ord'], [{ schema: 'public', name: 'orders' }], []]);
  });

  it('gives up a question when more is typed, and says what went wrong with the last', async () => {
    const signals: AbortSignal[] = [];
    editor.onInput = (input) => {
      for (const text of ['o', 'or', '', 'ord']) input.edit(text);
      setImmediate(() => {
        input.cancel();
      });
    };
    await findTable(
      ports((text, signal) => {
        signals.push(signal);
        return Promise.reject(new Error(text));
      }),
    );
    assert.deepEqual(
      [asked, signals.map(({ aborted }) => aborted)],
      [
        ['o', 'or', 'ord'],
        [true, true, true],
      ],
    );
    assert.deepEqual(errors.map(String), ['Error: ord']);
    assert.deepEqual(shown, []);
  });
});

describe('the way up in the Schema tree', () => {
  const settings = { name: 'shop', host: 'db', port: 5432, database: 'shop', user: 'ann' };
  const state = { kind: 'ready', catalogue: catalogueOf(shopTables), serverVersion: '17.1' } as const;
  const entries: readonly ShownConnection[] = [{ settings, state }];

  it('leads from a column to its connection', () => {
    const [column] = orders.columns;
    assert.ok(column);
    const way: string[] = [];
    let node: SchemaNode | undefined = { kind: 'column', connection: 'shop', table: orders, column };
    for (; node; node = parentOf(node, entries)) way.push(node.kind);
    assert.deepEqual(way, ['column', 'relation', 'schema', 'connection']);
  });

  it('begins at a table that is known', () => {
    assert.equal(relationNode(entries, { connection: 'shop', schema: 'public', name: 'orders' })?.kind, 'relation');
    assert.equal(relationNode(entries, { connection: 'shop', schema: 'public', name: 'gone' }), undefined);
    assert.equal(relationNode(entries, { connection: 'gone', schema: 'public', name: 'orders' }), undefined);
  });
});
