import type * as vscode from 'vscode';

/** Waits for an event after which the value is there; looks once before, too. Mocha's time limit ends a wait in vain. */
export function until<T>(event: vscode.Event<unknown>, value: () => T | undefined): Promise<T> {
  const now = value();
  if (now !== undefined) return Promise.resolve(now);
  return new Promise((resolve) => {
    const watching = event(() => {
      const found = value();
      if (found === undefined) return;
      watching.dispose();
      resolve(found);
    });
  });
}
