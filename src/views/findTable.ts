import * as vscode from 'vscode';

export interface FoundTable {
  readonly schema: string;
  readonly name: string;
}

export interface FindTablePorts {
  /** The connection to search in. */
  readonly connection: string;
  /** Asks the server, for a very big database is never here as a whole. */
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly FoundTable[]>;
  /** Shows the table in the Schema view. */
  readonly show: (table: FoundTable) => Promise<void>;
  readonly reportError: (error: unknown) => void;
}

type Item = vscode.QuickPickItem & { readonly table: FoundTable };

/** Finds a table by a part of its name, as it is typed, and shows it. */
export function findTable({ connection, search, show, reportError }: FindTablePorts): Promise<void> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = vscode.l10n.t('Find Table in {0}', connection);
  pick.placeholder = vscode.l10n.t('Part of the name of a table or view');
  let asking = new AbortController();
  const ask = async (text: string): Promise<void> => {
    asking.abort();
    const { signal } = (asking = new AbortController());
    pick.busy = true;
    const found = text.trim() === '' ? [] : await search(text.trim(), signal);
    if (signal.aborted) return;
    pick.items = found.map(toItem);
    pick.busy = false;
  };
  return new Promise((resolve) => {
    pick.onDidChangeValue((text) => {
      const answered = ask(text);
      const { signal } = asking;
      answered.catch((error: unknown) => {
        // What was typed since then has taken this question's place.
        if (!signal.aborted) reportError(error);
      });
    });
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (!item) return;
      pick.hide();
      show(item.table).catch(reportError);
    });
    pick.onDidHide(() => {
      asking.abort();
      pick.dispose();
      resolve();
    });
    pick.show();
  });
}

/** The server has chosen; the editor is not to filter again. */
const toItem = (table: FoundTable): Item => ({ label: table.name, description: table.schema, alwaysShow: true, table });
