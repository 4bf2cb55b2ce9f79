import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { catalogueOf, type CatalogueTable } from '../../../src/spec/catalogue.ts';
import { overallState, type SchemasPort, type ShownConnection } from '../../../src/views/connectionPort.ts';
import { escapeMarkdown } from '../../../src/views/markdown.ts';
import { copyNameOf, type SchemaNode } from '../../../src/views/schemaNodes.ts';
import { SchemaTree, whyNothing } from '../../../src/views/schemaTree.ts';
import { registerStatusBar } from '../../../src/views/statusBar.ts';
import { editor, resetEditor } from '../../support/fakeVscode.ts';
import { orderItems, orders, shopTables } from '../../support/shop.ts';

type State = ShownConnection['state'];

const ready = (tables: readonly CatalogueTable[] = shopTables): State => ({
  kind: 'ready',
  catalogue: catalogueOf(tables),
  serverVersion: '17.1',
});
const failed = (code: string): State => ({
  kind: 'failed',
  failure: { code, template: 'No way to {host}.', values: { host: 'db' } },
});
const entry = (name: string, state: State): ShownConnection => ({
  settings: { name, host: 'db', port: 5432, database: 'shop', user: 'ann' },
  state,
});

function portOf(entries: readonly ShownConnection[], allowed = true): SchemasPort & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    entries,
    allowed,
    asked,
    onDidChange: () => ({ dispose: () => undefined }),
    ensure: (name) => {
      asked.push(name);
      return Promise.resolve();
    },
    loadSchema: (name, schema) => {
      asked.push(`${name}/${schema}`);
      return Promise.resolve();
    },
  };
}

function treeOf(connections: SchemasPort): SchemaTree {
  return new SchemaTree({ connections, state: () => overallState(connections, 0), openDefault: () => undefined });
}

/** The tree as text, as far as `depth`: icon, label, description, context. */
function draw(tree: SchemaTree, depth: number, node?: SchemaNode, indent = ''): string {
  if (depth === 0) return '';
  return tree
    .getChildren(node)
    .map((child) => {
      const item = tree.getTreeItem(child);
      const { id: icon } = item.iconPath as vscode.ThemeIcon;
      const line = `${indent}[${icon}] ${item.label as string} (${String(item.description ?? '')}) ${String(item.contextValue)}\n`;
      return line + draw(tree, depth - 1, child, `${indent}  `);
    })
    .join('');
}

describe('the Schema tree', () => {
  it('shows connections, schemas, tables and columns', () => {
    assert.equal(
      draw(treeOf(portOf([entry('shop', ready())])), 4),
      `[database] shop (PostgreSQL 17.1) connection.ready
  [symbol-namespace] Archive (1 table) schema
    [table] orders (~14K rows) relation
      [key] order_id (bigint · primary key) column
      [references] customer_id (integer · → customers.customer_id) column
      [symbol-field] total_amount (numeric(12,2) · not null) column
  [symbol-namespace] public (2 tables, 1 view) schema
    [table] customers (~2.5K rows) relation
      [key] customer_id (integer · primary key) column
      [symbol-key] email (text · unique) column
      [symbol-field] country_code (character(2) · not null) column
    [eye] order_items () relation
      [symbol-field] quantity (integer) column
    [layers] orders (~14K rows) relation
      [key] order_id (bigint · primary key) column
      [references] customer_id (integer · → customers.customer_id) column
      [symbol-field] total_amount (numeric(12,2) · not null) column
`,
    );
  });

  it('says why there is nothing, and what to do', () => {
    const entries = [
      entry('a', failed('refused')),
      entry('b', failed('wrong-password')),
      entry('c', ready([])),
      entry('d', { kind: 'idle' }),
    ];
    const tree = treeOf(portOf(entries));
    assert.equal(
      draw(tree, 2),
      `[error] a (not connected) connection.failed
  [error] No way to db. () message
[error] b (not connected) connection.password
  [error] No way to db. () message
[database] c (PostgreSQL 17.1) connection.ready
  [info] This user may see no table here. () message
[database] d (not connected) connection.idle
  [loading~spin] Connecting… () message
`,
    );
    const commands = tree
      .getChildren()
      .flatMap((node) => tree.getChildren(node).map((child) => tree.getTreeItem(child).command));
    assert.deepEqual(
      commands.map((command) => command && [command.command, command.arguments]),
      [
        ['datamorph.reconnect', ['a']],
        ['datamorph.enterPassword', ['b']],
        ['datamorph.refreshSchema', ['c']],
        undefined,
      ],
    );
  });

  it('keeps the row of the only connection when that fails, and says why above it', () => {
    const port = portOf([entry('shop', failed('refused'))]);
    assert.equal(draw(treeOf(port), 1), '[error] shop (not connected) connection.failed\n');
    const why = (connections: SchemasPort): string | undefined =>
      whyNothing({ connections, state: () => overallState(connections, 0) });
    assert.deepEqual(
      [
        why(port),
        why(portOf([entry('a', failed('refused')), entry('b', failed('refused'))])),
        why(portOf([entry('shop', failed('wrong-password'))])),
        why(portOf([entry('shop', ready())])),
      ],
      ['No way to db.', undefined, undefined, undefined],
    );
  });

  it('opens a connection that is looked into', () => {
    const port = portOf([entry('a', ready()), entry('b', { kind: 'idle' })]);
    const tree = treeOf(port);
    for (const node of tree.getChildren()) tree.getChildren(node);
    assert.deepEqual(port.asked, ['b']);
  });

  it('reads a schema of a very big database when it is opened', () => {
    const schemas = [
      { name: 'big', tables: 9000, views: 1, loaded: false },
      { name: 'public', tables: 1, views: 0, loaded: true },
    ];
    const catalogue = catalogueOf([orders], ['public'], { schemas });
    const port = portOf([entry('shop', { kind: 'ready', catalogue, serverVersion: '17.1' })]);
    assert.equal(
      draw(treeOf(port), 3),
      `[database] shop (PostgreSQL 17.1) connection.ready
  [symbol-namespace] big (9000 tables, 1 view) schema
    [loading~spin] Loading… () message
  [symbol-namespace] public (1 table) schema
    [layers] orders (~14K rows) relation
`,
    );
    assert.deepEqual(port.asked, ['shop/big']);
    const unread = catalogueOf([], ['public'], { schemas: schemas.slice(0, 1) });
    const entries = [entry('shop', { kind: 'ready', catalogue: unread, serverVersion: '17.1' })];
    assert.equal(overallState({ entries, allowed: true }, 0), 'ready');
  });

  it('gives every node an id of its own and words for a screen reader', () => {
    const tree = treeOf(portOf([entry('a', ready()), entry('b', ready())]));
    const ids: string[] = [];
    const visit = (node?: SchemaNode): void => {
      for (const child of tree.getChildren(node)) {
        const item = tree.getTreeItem(child);
        ids.push(item.id ?? '');
        assert.ok(item.accessibilityInformation?.label, JSON.stringify(item));
        visit(child);
      }
    };
    visit();
    assert.equal(new Set(ids).size, ids.length);
  });

  it('lets no comment or name of the database act as Markdown', () => {
    const tree = treeOf(portOf([entry('a', ready([{ ...orders, comment: '[x](command:evil) <img src=x> $(bug)' }]))]));
    const [connection] = tree.getChildren();
    const [schema] = tree.getChildren(connection);
    const [table] = tree.getChildren(schema);
    assert.ok(table);
    const tooltip = (tree.getTreeItem(table).tooltip as vscode.MarkdownString).value;
    assert.doesNotMatch(tooltip, /\]\(|<|\$\(/);
  });
});

describe('escaped Markdown', () => {
  it('holds no sign that means something', () => {
    const signs = '\\`*_{}[]()#+-.!|~<>&$:@/^=';
    assert.match(escapeMarkdown(signs), /^(?:&#\d+;)+$/);
    assert.equal(escapeMarkdown('plain words, 1 ä'), 'plain words, 1 ä');
    assert.equal(escapeMarkdown('a\n    b'), 'a  \nb');
  });
});

describe('the copied name', () => {
  it('is quoted where SQL needs it', () => {
    const table = { ...orderItems, schema: 'My "Schema"', name: 'order' };
    const node: SchemaNode = { kind: 'relation', connection: 'a', table };
    assert.equal(copyNameOf(node), '"My ""Schema""".order');
    assert.equal(copyNameOf({ kind: 'message', parent: 'a', text: 'x', icon: 'y' }), undefined);
  });
});

describe('the overall state', () => {
  const { kind: idle } = { kind: 'idle' } as const;
  for (const [states, invalid, allowed, expected] of [
    [[], 0, true, 'none'],
    [[], 2, true, 'settings'],
    [[], 0, false, 'untrusted'],
    [[ready()], 0, false, 'untrusted'],
    [[{ kind: idle }], 0, true, 'connecting'],
    [[{ kind: 'connecting' }, { kind: idle }], 0, true, 'connecting'],
    [[failed('refused')], 0, true, 'error'],
    [[failed('refused'), failed('missing-password')], 0, true, 'password'],
    [[failed('refused'), { kind: idle }], 0, true, 'ready'],
    [[ready([])], 0, true, 'empty'],
    [[ready([]), ready()], 0, true, 'ready'],
  ] as const satisfies readonly (readonly [readonly State[], number, boolean, string])[]) {
    it(`of ${states.map(({ kind }) => kind).join('+') || 'nothing'}, ${invalid} invalid, ${allowed ? 'trusted' : 'untrusted'} is ${expected}`, () => {
      const entries = states.map((state, index) => entry(`${index}`, state));
      assert.equal(overallState({ entries, allowed }, invalid), expected);
    });
  }
});

describe('the status bar', () => {
  beforeEach(() => {
    resetEditor();
  });

  const look = (entries: readonly ShownConnection[], allowed = true, chosen?: string): unknown[] => {
    registerStatusBar({ connections: portOf(entries, allowed), defaultConnection: () => chosen });
    const { visible, text, tooltip } = editor.statusBar.at(-1) ?? {};
    return [visible, text, tooltip];
  };

  it('shows the default connection and its state', () => {
    const entries = [entry('a', ready()), entry('b', failed('refused'))];
    assert.deepEqual(look(entries), [true, '$(database) a', 'ann@db:5432/shop\nPostgreSQL 17.1']);
    assert.deepEqual(look(entries, true, 'b'), [true, '$(warning) b', 'ann@db:5432/shop\nNo way to db.']);
  });

  it('is hidden where there is nothing to show', () => {
    assert.equal(look([])[0], false);
    assert.equal(look([entry('a', { kind: 'idle' })], false)[0], false);
  });
});
