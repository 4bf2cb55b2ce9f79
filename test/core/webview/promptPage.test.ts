import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { PromptState } from '../../../src/protocol.ts';
import type { Child, VNode } from '../../../webview/dom.ts';
import { promptPage, type PromptHandlers } from '../../../webview/promptPage.ts';

const state: PromptState = {
  text: 'all orders',
  revision: 1,
  connections: ['shop', 'other'],
  connection: 'other',
  status: { kind: 'ready' },
  mentions: [
    { kind: 'table', label: 'orders', detail: 'table public.orders' },
    { kind: 'near', word: 'custmers', offset: 3, suggestion: 'customers', label: 'custmers: customers?' },
  ],
  labels: {
    prompt: 'Prompt',
    placeholder: 'Say it',
    connection: 'Connection',
    create: 'Create',
    createHint: 'Opens a draft',
    mentions: 'Named',
    noMentions: 'Nothing named',
  },
};

function page(change: Partial<PromptState> = {}): { readonly nodes: readonly VNode[]; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const handlers: PromptHandlers = {
    edit: (text) => calls.push(['edit', text]),
    choose: (name) => calls.push(['choose', name]),
    accept: (mention) => calls.push(['accept', mention.suggestion]),
    create: () => calls.push(['create']),
    act: (action) => calls.push(['act', action]),
  };
  return { nodes: promptPage({ ...state, ...change }, handlers), calls };
}

function textOf(node: Child, indent = ''): string {
  if (typeof node === 'string') return `${indent}${node}\n`;
  const attributes = Object.entries(node.attributes)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${value}"`));
  return `${indent}<${node.tag}${attributes.join('')}>\n${node.children.map((child) => textOf(child, `${indent}  `)).join('')}`;
}

function find(nodes: readonly Child[], test: (node: VNode) => boolean): VNode {
  const all = (node: Child): VNode[] => (typeof node === 'string' ? [] : [node, ...node.children.flatMap(all)]);
  const found = nodes.flatMap(all).find(test);
  assert.ok(found, nodes.map((node) => textOf(node)).join(''));
  return found;
}

const draw = (nodes: readonly VNode[]): string => nodes.map((node) => textOf(node)).join('');

describe('the Prompt page', () => {
  it('is a function of the state', () => {
    assert.equal(
      draw(page().nodes),
      `<vscode-text-area rows="3" resize="vertical" placeholder="Say it" data-testid="prompt">
  Prompt
<div class="field">
  <label for="connection" id="connection-label">
    Connection
  <vscode-dropdown id="connection" aria-labelledby="connection-label" data-testid="connection">
    <vscode-option value="shop">
      shop
    <vscode-option value="other" selected>
      other
<vscode-button title="Opens a draft" data-testid="create">
  Create
<section class="field" aria-live="polite" data-testid="status" data-status="ready">
  <h2 id="mentions">
    Named
  <ul aria-labelledby="mentions" data-testid="mentions">
    <li>
      <span class="chip table" title="table public.orders" role="img" aria-label="orders, table public.orders">
        orders
    <li>
      <button class="chip near" type="button">
        custmers: customers?
`,
    );
  });

  it('says what stands in the way, with a button', () => {
    const status = { kind: 'blocked', message: 'No.', action: 'reconnect', actionLabel: 'Again' } as const;
    const { nodes, calls } = page({ status, text: '', connections: [] });
    assert.equal(
      draw(nodes.slice(1)),
      `<div hidden>
<vscode-button title="Opens a draft" data-testid="create" disabled>
  Create
<section class="field" aria-live="polite" data-testid="status" data-status="blocked">
  <p class="message blocked">
    No.${' '}
    <button class="link" type="button" data-testid="action">
      Again
`,
    );
    find(nodes, (node) => node.attributes['data-testid'] === 'action').listeners['click']?.(new Event('click'));
    assert.deepEqual(calls, [['act', 'reconnect']]);
  });

  it('says that nothing is named', () => {
    assert.match(draw(page({ mentions: [] }).nodes), /Nothing named/);
    assert.doesNotMatch(draw(page({ mentions: [], text: ' ' }).nodes), /Nothing named/);
  });

  it('hands on what a person does', () => {
    const { nodes, calls } = page();
    const prompt = find(nodes, (node) => node.tag === 'vscode-text-area');
    const on = (node: VNode, type: string, event: object): void => {
      node.listeners[type]?.(event as Event);
    };
    let prevented = 0;
    const key = (change: object): object => ({ key: 'Enter', preventDefault: () => prevented++, ...change });
    on(prompt, 'input', { target: { value: 'new' } });
    on(prompt, 'keydown', key({}));
    on(prompt, 'keydown', key({ ctrlKey: true }));
    on(prompt, 'keydown', key({ metaKey: true }));
    on(prompt, 'keydown', key({ ctrlKey: true, key: 'a' }));
    on(
      find(nodes, (node) => node.tag === 'vscode-dropdown'),
      'change',
      { target: { value: 'shop' } },
    );
    on(
      find(nodes, (node) => node.tag === 'button'),
      'click',
      {},
    );
    on(
      find(nodes, (node) => node.tag === 'vscode-button'),
      'click',
      {},
    );
    assert.deepEqual(calls, [
      ['edit', 'new'],
      ['create'],
      ['create'],
      ['choose', 'shop'],
      ['accept', 'customers'],
      ['create'],
    ]);
    assert.equal(prevented, 2);
  });
});
