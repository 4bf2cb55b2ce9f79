import type { Mention, PromptAction, PromptState } from '../src/protocol.ts';
import { h, type Child, type VNode } from './dom.ts';

/** What a person can do on the page. */
export interface PromptHandlers {
  readonly edit: (text: string) => void;
  readonly choose: (connection: string) => void;
  readonly accept: (mention: Extract<Mention, { kind: 'near' }>) => void;
  readonly create: () => void;
  readonly act: (action: PromptAction) => void;
}

/** The page as a pure function of the state. */
export function promptPage(state: PromptState, handlers: PromptHandlers): readonly VNode[] {
  return [
    promptField(state, handlers),
    connectionField(state, handlers),
    createButton(state, handlers),
    status(state, handlers),
  ];
}

function promptField({ text, labels }: PromptState, { edit, create }: PromptHandlers): VNode {
  return h(
    'vscode-text-area',
    {
      attributes: { rows: '3', resize: 'vertical', placeholder: labels.placeholder, 'data-testid': 'prompt' },
      properties: { value: text },
      on: {
        input: (event) => {
          edit((event.target as HTMLTextAreaElement).value);
        },
        keydown: (event) => {
          const { key, ctrlKey, metaKey } = event as KeyboardEvent;
          if (key !== 'Enter' || !(ctrlKey || metaKey)) return;
          event.preventDefault();
          create();
        },
      },
    },
    labels.prompt,
  );
}

function connectionField({ connections, connection, labels }: PromptState, { choose }: PromptHandlers): VNode {
  if (connections.length === 0) return h('div', { attributes: { hidden: true } });
  const options = connections.map((name) =>
    h('vscode-option', { attributes: { value: name, selected: name === connection } }, name),
  );
  return h(
    'div',
    { attributes: { class: 'field' } },
    h('label', { attributes: { for: 'connection', id: 'connection-label' } }, labels.connection),
    h(
      'vscode-dropdown',
      {
        attributes: { id: 'connection', 'aria-labelledby': 'connection-label', 'data-testid': 'connection' },
        properties: { value: connection ?? '' },
        on: {
          change: (event) => {
            choose((event.target as HTMLSelectElement).value);
          },
        },
      },
      ...options,
    ),
  );
}

const createButton = ({ labels, text }: PromptState, { create }: PromptHandlers): VNode =>
  h(
    'vscode-button',
    {
      attributes: { title: labels.createHint, 'data-testid': 'create', disabled: text.trim() === '' },
      properties: { disabled: text.trim() === '' },
      on: { click: create },
    },
    labels.create,
  );

/** Spoken when it changes: what stands in the way, or what the prompt names. */
function status(state: PromptState, handlers: PromptHandlers): VNode {
  const attributes = {
    class: 'field',
    'aria-live': 'polite',
    'data-testid': 'status',
    'data-status': state.status.kind,
  };
  return h('section', { attributes }, ...statusBody(state, handlers));
}

function statusBody(state: PromptState, handlers: PromptHandlers): readonly Child[] {
  const { status: now } = state;
  switch (now.kind) {
    case 'busy':
      return [h('p', { attributes: { class: 'message' } }, now.message)];
    case 'blocked': {
      const attributes = { class: 'message blocked' };
      const { action } = now;
      if (action === undefined) return [h('p', { attributes }, now.message)];
      const click = (): void => {
        handlers.act(action);
      };
      const parts = { attributes: { class: 'link', type: 'button', 'data-testid': 'action' }, on: { click } };
      return [h('p', { attributes }, `${now.message} `, h('button', parts, now.actionLabel ?? action))];
    }
    case 'ready':
      return mentions(state, handlers);
  }
}

function mentions({ mentions: all, labels, text }: PromptState, handlers: PromptHandlers): readonly Child[] {
  if (text.trim() === '') return [];
  const heading = h('h2', { attributes: { id: 'mentions' } }, labels.mentions);
  if (all.length === 0) return [heading, h('p', { attributes: { class: 'quiet' } }, labels.noMentions)];
  const chips = all.map((mention) => h('li', {}, chip(mention, handlers)));
  return [heading, h('ul', { attributes: { 'aria-labelledby': 'mentions', 'data-testid': 'mentions' } }, ...chips)];
}

function chip(mention: Mention, { accept }: PromptHandlers): VNode {
  const attributes = { class: `chip ${mention.kind}` };
  if (mention.kind === 'near') {
    const click = (): void => {
      accept(mention);
    };
    return h('button', { attributes: { ...attributes, type: 'button' }, on: { click } }, mention.label);
  }
  const spoken = `${mention.label}, ${mention.detail}`;
  return h(
    'span',
    { attributes: { ...attributes, title: mention.detail, role: 'img', 'aria-label': spoken } },
    mention.label,
  );
}
