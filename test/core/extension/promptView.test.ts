import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import type { PromptState, ToHost, ToView } from '../../../src/protocol.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { overallState, type ConnectionsPort, type ShownConnection } from '../../../src/views/connectionPort.ts';
import { draftSpec } from '../../../src/views/draftSpec.ts';
import type { PlannedPrompt, PromptAnswer } from '../../../src/views/planPrompt.ts';
import { PromptView } from '../../../src/views/promptView.ts';
import { editor, EventEmitter, resetEditor, Uri } from '../../support/fakeVscode.ts';
import { shopTables } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const settings = { host: 'db', port: 5432, database: 'shop', user: 'ann' };
const ready: ShownConnection['state'] = { kind: 'ready', catalogue: catalogueOf(shopTables), serverVersion: '17.1' };

/** The host's side, with a page that only listens and speaks. */
class Stage {
  readonly received: PromptState[] = [];
  readonly memory = new Map<string, unknown>();
  readonly errors: unknown[] = [];
  readonly asked: string[] = [];
  readonly changed = new EventEmitter<undefined>();
  entries: ShownConnection[] = [{ settings: { ...settings, name: 'shop' }, state: ready }];
  allowed = true;
  /** What the planner says, in turn, and the answers that it was given. */
  plans: PlannedPrompt[] = [];
  readonly planned: (readonly PromptAnswer[])[] = [];
  html = '';
  #messages = new EventEmitter<ToHost>();

  readonly connections: ConnectionsPort = ((stage: Stage): ConnectionsPort => ({
    get entries() {
      return stage.entries;
    },
    get allowed() {
      return stage.allowed;
    },
    onDidChange: (listener) => stage.changed.event(listener),
    ensure: (name) => {
      stage.asked.push(name);
      return Promise.resolve();
    },
  }))(this);

  open(): PromptView {
    const view = new PromptView({
      connections: this.connections,
      state: () => overallState(this.connections, 0),
      defaultConnection: () => undefined,
      plan: (request) => {
        this.planned.push(request.answers);
        return Promise.resolve(this.plans.shift() ?? { kind: 'refused', reason: 'I do not understand:', words: [] });
      },
      memory: {
        keys: () => [],
        get: <T>(key: string, standard?: T) => (this.memory.get(key) ?? standard) as T,
        update: (key: string, value: unknown) => {
          this.memory.set(key, structuredClone(value));
          return Promise.resolve();
        },
      },
      extensionUri: Uri.file('/extension') as unknown as vscode.Uri,
      reportError: (error) => this.errors.push(error),
    });
    this.reload(view);
    return view;
  }

  /** The editor makes a new page, as it does when a view was hidden. */
  reload(view: PromptView): void {
    this.#messages = new EventEmitter<ToHost>();
    const setHtml = (html: string): void => {
      this.html = html;
    };
    const webview = {
      cspSource: 'https://source',
      asWebviewUri: (uri: Uri) => uri,
      onDidReceiveMessage: this.#messages.event,
      postMessage: (message: ToView) => {
        if (message.kind === 'state') this.received.push(message.state);
        return Promise.resolve(true);
      },
      set html(html: string) {
        setHtml(html);
      },
    };
    view.resolveWebviewView({ webview, onDidDispose: () => undefined } as unknown as vscode.WebviewView);
  }

  async say(message: ToHost): Promise<PromptState> {
    this.#messages.fire(message);
    await new Promise(setImmediate);
    const last = this.received.at(-1);
    assert.ok(last, 'the host has not answered');
    return last;
  }
}

describe('the Prompt view', () => {
  let stage: Stage;
  beforeEach(() => {
    resetEditor();
    stage = new Stage();
  });

  it('answers what is typed with what it names', async () => {
    stage.open();
    const state = await stage.say({ kind: 'edit', text: 'orders by custmer_id', revision: 4 });
    assert.deepEqual(
      [state.text, state.revision, state.connection, state.status],
      ['orders by custmer_id', 4, 'shop', { kind: 'ready' }],
    );
    assert.deepEqual(state.mentions, [
      { kind: 'table', label: 'orders', detail: 'table public.orders, 3 columns' },
      {
        kind: 'near',
        word: 'custmer_id',
        offset: 10,
        suggestion: 'customer_id',
        label: 'custmer_id: did you mean customer_id?',
      },
    ]);
  });

  it('takes a suggestion over where the word still stands', async () => {
    stage.open();
    await stage.say({ kind: 'edit', text: 'all custmers', revision: 1 });
    const accept = { kind: 'accept', offset: 4, word: 'custmers', suggestion: 'customers' } as const;
    const state = await stage.say(accept);
    assert.deepEqual([state.text, state.revision], ['all customers', 2]);
    assert.equal((await stage.say(accept)).text, 'all customers');
  });

  it('keeps text and choice over a new page and over a new window', async () => {
    stage.entries.push({ settings: { ...settings, name: 'other' }, state: ready });
    const view = stage.open();
    await stage.say({ kind: 'edit', text: 'orders', revision: 1 });
    await stage.say({ kind: 'choose', connection: 'other' });
    stage.reload(view);
    const reloaded = await stage.say({ kind: 'ready' });
    stage.open();
    const reopened = await stage.say({ kind: 'ready' });
    for (const { text, connection } of [reloaded, reopened]) assert.deepEqual([text, connection], ['orders', 'other']);
    assert.deepEqual(stage.asked, ['other', 'other', 'other']);
  });

  it('opens the spec that is planned, with the answers that it needs, on the connection that was chosen', async () => {
    stage.entries.push({ settings: { ...settings, name: 'other' }, state: ready });
    stage.open();
    const question = { id: 'date', text: 'Which date?', choices: [{ id: 'o', label: 'ordered_at' }, { id: 's', label: 'shipped_at' }] }; // prettier-ignore
    stage.plans = [
      { kind: 'questions', questions: [question] },
      { kind: 'spec', spec: draftSpec({ prompt: 'orders per day', tables: shopTables.slice(0, 1) }) },
    ];
    editor.onInput = (input) => {
      input.choose('shipped_at');
    };
    await stage.say({ kind: 'create', text: 'orders per day', revision: 1 });
    await until(() => editor.documents.length === 1);
    assert.deepEqual(stage.planned, [[], [{ question: 'date', answer: 's' }]]);
    const { spec } = readSpec(editor.documents[0]?.getText() ?? '');
    assert.equal(spec?.prompt, 'orders per day');
    assert.deepEqual([spec.sources[0]?.connection, spec.target.connection], ['shop', 'shop']);
  });

  it('opens nothing where a question stays open, or where nobody wants to write by hand', async () => {
    stage.open();
    stage.plans = [{ kind: 'questions', questions: [{ id: 'q', text: 'Which?', choices: [] }] }];
    editor.onInput = (input) => {
      input.cancel();
    };
    await stage.say({ kind: 'create', text: 'orders', revision: 1 });
    stage.plans = [{ kind: 'refused', reason: 'I do not understand some words.', words: ['"frobnicate".'] }];
    await stage.say({ kind: 'create', text: 'frobnicate orders', revision: 2 });
    assert.deepEqual(
      editor.messages.map(({ text, actions }) => [text, actions]),
      [['I do not understand some words. "frobnicate".', ['Write It by Hand']]],
    );
    assert.deepEqual([editor.documents, stage.errors], [[], []]);
  });

  it('opens a draft that is a spec, where the planner does not understand and the engineer writes by hand', async () => {
    stage.open();
    editor.answer = (_text, [draft]) => draft;
    editor.folders = [{ uri: Uri.file('/w'), name: 'w', index: 0 }];
    editor.existingFiles.add('/w/customers_orders.datamorph.json');
    await stage.say({ kind: 'create', text: 'customers and orders', revision: 1 });
    await until(() => editor.documents.length === 1);
    assert.deepEqual(stage.errors, []);
    const [document] = editor.documents;
    assert.equal(document?.uri.toString(), 'untitled:/w/customers_orders-2.datamorph.json');
    const { spec, problems } = readSpec(document.getText());
    assert.deepEqual(
      spec?.sources.map(({ name }) => name),
      ['customers', 'orders'],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['unused-source'],
    );
  });

  it('says what stands in the way, and offers the way out', async () => {
    stage.open();
    const failure = { code: 'missing-password', template: 'No password of {user}.', values: { user: 'ann' } };
    stage.entries = [{ settings: { ...settings, name: 'shop' }, state: { kind: 'failed', failure } }];
    const state = await stage.say({ kind: 'ready' });
    assert.deepEqual(state.status, {
      kind: 'blocked',
      message: 'No password of ann.',
      action: 'enterPassword',
      actionLabel: 'Enter Password…',
    });
    await stage.say({ kind: 'act', action: 'enterPassword' });
    assert.deepEqual(editor.executed, [{ command: 'datamorph.enterPassword', args: ['shop'] }]);
  });

  for (const [what, change, status, action] of [
    ['no connection', { entries: [] }, 'blocked', 'addConnection'],
    ['no trust', { allowed: false }, 'blocked', 'manageTrust'],
    [
      'a connection on its way',
      { entries: [{ settings: { ...settings, name: 'shop' }, state: { kind: 'connecting' } }] },
      'busy',
      undefined,
    ],
  ] as const) {
    it(`is ${status} with ${what}`, async () => {
      Object.assign(stage, change);
      stage.open();
      const state = await stage.say({ kind: 'ready' });
      assert.deepEqual(
        [state.status.kind, 'action' in state.status ? state.status.action : undefined],
        [status, action],
      );
    });
  }

  it('draws anew when a connection changes', async () => {
    stage.open();
    await stage.say({ kind: 'ready' });
    const before = stage.received.length;
    stage.changed.fire(undefined);
    assert.equal(stage.received.length, before + 1);
  });

  it('lets nothing run but its own script', () => {
    stage.open();
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(stage.html) ?? [];
    const [, nonce = ''] = /<script nonce="([^"]+)"/.exec(stage.html) ?? [];
    assert.equal(
      policy.replaceAll(nonce, 'N'),
      "default-src 'none'; style-src https://source 'nonce-N'; font-src https://source; script-src 'nonce-N'",
    );
    assert.equal(Buffer.from(nonce, 'base64').length, 16);
    assert.doesNotMatch(stage.html, /https?:\/\/(?!source)|unsafe|\son\w+=|style="/);
  });
});
