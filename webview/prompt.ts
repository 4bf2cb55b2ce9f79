import type { PromptState, ToHost, ToView } from '../src/protocol.ts';
import { patch } from './dom.ts';
import { promptPage, type PromptHandlers } from './promptPage.ts';
import { registerToolkit } from './toolkit.ts';

/** The host answers as one types, but not to every letter. */
const debounceMs = 150;

const host = acquireVsCodeApi();
const send = (message: ToHost): void => {
  host.postMessage(message);
};

let state: PromptState | undefined;
let pending: ReturnType<typeof setTimeout> | undefined;

const handlers: PromptHandlers = {
  edit(text) {
    if (!state) return;
    const revision = state.revision + 1;
    show({ ...state, text, revision });
    clearTimeout(pending);
    pending = setTimeout(() => {
      send({ kind: 'edit', text, revision });
    }, debounceMs);
  },
  choose(connection) {
    // Redrawing the list fires its change too; only a person's choice is news.
    if (connection !== state?.connection) send({ kind: 'choose', connection });
  },
  accept({ offset, word, suggestion }) {
    send({ kind: 'accept', offset, word, suggestion });
  },
  create() {
    if (!state || state.text.trim() === '') return;
    clearTimeout(pending);
    send({ kind: 'create', text: state.text, revision: state.revision });
  },
  act(action) {
    send({ kind: 'act', action });
  },
};

function show(next: PromptState): void {
  state = next;
  const root = document.getElementById('root');
  if (root) patch(root, promptPage(next, handlers));
}

registerToolkit();
window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  switch (data.kind) {
    case 'state': {
      // The text that is being typed is newer than the one that this answers.
      const typed = state && state.revision > data.state.revision ? { text: state.text, revision: state.revision } : {};
      show({ ...data.state, ...typed });
      return;
    }
    case 'focus':
      document.querySelector<HTMLElement>('vscode-text-area')?.focus();
      return;
  }
});
// Nothing typed is lost when the view is hidden before the pause is over.
window.addEventListener('pagehide', () => {
  if (state) send({ kind: 'edit', text: state.text, revision: state.revision });
});
send({ kind: 'ready' });
