import * as vscode from 'vscode';

/** The Python, Java and driver that local Spark runs on, as far as the editor shows them. */
export interface LocalSparkPort {
  state(): Promise<
    { readonly kind: 'missing' } | { readonly kind: 'broken' } | { readonly kind: 'ready'; readonly python: string }
  >;
  setUp(watch: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: { readonly step: string; readonly number: number; readonly of: number }) => void;
  }): Promise<{ readonly python: string }>;
  remove(): Promise<void>;
}

/** Sets up what is missing or broken, with progress; what is there already can be removed. */
export async function setUpLocalSpark(local: LocalSparkPort): Promise<void> {
  const state = await local.state();
  if (state.kind === 'ready') return offerRemoval(local, state.python);
  const title = vscode.l10n.t('Setting up local Spark');
  const place = vscode.ProgressLocation.Notification;
  const python = await vscode.window.withProgress({ location: place, title, cancellable: true }, (progress, token) =>
    withSignal(token, async (signal) => {
      const installed = await local.setUp({
        signal,
        onProgress: ({ step, number, of }) => {
          progress.report({ message: `${number}/${of} ${step}`, increment: number === 1 ? 0 : 100 / of });
        },
      });
      return installed.python;
    }),
  );
  if (python !== undefined)
    void vscode.window.showInformationMessage(vscode.l10n.t('Local Spark is ready: {0}', python));
}

async function offerRemoval(local: LocalSparkPort, python: string): Promise<void> {
  const remove = vscode.l10n.t('Remove');
  const message = vscode.l10n.t('Local Spark is ready: {0}', python);
  if ((await vscode.window.showInformationMessage(message, remove)) !== remove) return;
  await local.remove();
  void vscode.window.showInformationMessage(vscode.l10n.t('Local Spark is removed.'));
}

/** Undefined where the engineer cancelled: then what was there before is there still. */
async function withSignal<T>(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const stop = new AbortController();
  const watching = token.onCancellationRequested(() => {
    stop.abort();
  });
  try {
    return await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  } finally {
    watching.dispose();
  }
}
