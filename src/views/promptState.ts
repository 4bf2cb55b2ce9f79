import * as vscode from 'vscode';
import type { CatalogueTable } from '../spec/catalogue.ts';
import type { Mention, PromptState, PromptStatus } from '../protocol.ts';
import type { ConnectionsPort, OverallState, ShownConnection } from './connectionPort.ts';
import { wantsPassword } from './connectionPort.ts';
import { readPromptNames } from './promptNames.ts';

/** What the host remembers of the Prompt view, over hiding and reloading. */
export interface PromptMemory {
  readonly text: string;
  readonly revision: number;
  readonly connection?: string;
}

export interface PromptStateOptions {
  readonly memory: PromptMemory;
  readonly connections: Pick<ConnectionsPort, 'entries'>;
  readonly overall: OverallState;
  readonly defaultConnection: string | undefined;
}

/** Everything the view shows, from what is known now. */
export function promptState(options: PromptStateOptions): PromptState {
  const { memory, connections, overall } = options;
  const chosen = chosenConnection(options);
  return {
    text: memory.text,
    revision: memory.revision,
    connections: connections.entries.map(({ settings }) => settings.name),
    ...(chosen ? { connection: chosen.settings.name } : {}),
    status: statusOf(overall, chosen),
    mentions: chosen?.state.kind === 'ready' ? mentionsOf(memory.text, chosen.state.catalogue) : [],
    labels: labels(),
  };
}

/** The one that was picked, else the default one, else the first. */
export function chosenConnection(
  options: Pick<PromptStateOptions, 'memory' | 'connections' | 'defaultConnection'>,
): ShownConnection | undefined {
  const { memory, connections, defaultConnection } = options;
  const named = (name: string | undefined): ShownConnection | undefined =>
    connections.entries.find(({ settings }) => settings.name === name);
  return named(memory.connection) ?? named(defaultConnection) ?? connections.entries[0];
}

function statusOf(overall: OverallState, chosen: ShownConnection | undefined): PromptStatus {
  if (overall === 'untrusted') {
    const message = vscode.l10n.t('This workspace is not trusted, so no connection is opened.');
    return { kind: 'blocked', message, action: 'manageTrust', actionLabel: vscode.l10n.t('Manage Workspace Trust') };
  }
  if (!chosen) return withoutConnection(overall);
  const { settings, state } = chosen;
  switch (state.kind) {
    case 'ready':
      return { kind: 'ready' };
    case 'idle':
    case 'connecting':
      return { kind: 'busy', message: vscode.l10n.t('Connecting to {0}…', settings.name) };
    case 'failed': {
      const message = vscode.l10n.t(state.failure.template, state.failure.values);
      return wantsPassword(state)
        ? { kind: 'blocked', message, action: 'enterPassword', actionLabel: vscode.l10n.t('Enter Password…') }
        : { kind: 'blocked', message, action: 'reconnect', actionLabel: vscode.l10n.t('Reconnect') };
    }
  }
}

function withoutConnection(overall: OverallState): PromptStatus {
  if (overall === 'settings') {
    const message = vscode.l10n.t('No connection in the settings can be used. The log says why.');
    return { kind: 'blocked', message, action: 'editConnections', actionLabel: vscode.l10n.t('Edit Connections') };
  }
  const message = vscode.l10n.t('Connect a database to see which of its tables the prompt names.');
  return { kind: 'blocked', message, action: 'addConnection', actionLabel: vscode.l10n.t('Add Connection…') };
}

function mentionsOf(text: string, catalogue: Parameters<typeof readPromptNames>[1]): readonly Mention[] {
  const { tables, columns, near } = readPromptNames(text, catalogue);
  const nameOf = (table: CatalogueTable): string => `${table.schema}.${table.name}`;
  return [
    ...tables.map((table): Mention => {
      const detail = vscode.l10n.t('table {0}, {1} columns', nameOf(table), table.columns.length);
      return { kind: 'table', label: table.name, detail };
    }),
    ...columns.map((column): Mention => {
      const detail = vscode.l10n.t('column of {0}', column.tables.map(nameOf).join(', '));
      return { kind: 'column', label: column.name, detail };
    }),
    ...near.map((miss): Mention => {
      const label = vscode.l10n.t('{0}: did you mean {1}?', miss.word, miss.suggestion);
      return { kind: 'near', ...miss, label };
    }),
  ];
}

const labels = (): PromptState['labels'] => ({
  prompt: vscode.l10n.t('What should the job do?'),
  placeholder: vscode.l10n.t('Join customers and orders on customer_id, calculate total order amount per customer'),
  connection: vscode.l10n.t('Connection'),
  create: vscode.l10n.t('New Spec from Prompt'),
  createHint: vscode.l10n.t('Plans the spec and opens it; nothing is run (Ctrl+Enter)'),
  mentions: vscode.l10n.t('Named in the prompt'),
  noMentions: vscode.l10n.t('No table is named yet.'),
});
