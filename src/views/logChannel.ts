import * as vscode from 'vscode';

/** The log's place in the editor. The channel keeps the level; the lines come redacted already. */
export interface LogChannel {
  readonly sink: Readonly<Record<'trace' | 'debug' | 'info' | 'warn' | 'error', (line: string) => void>>;
  show(): void;
  dispose(): void;
}

export function createLogChannel(): LogChannel {
  const channel = vscode.window.createOutputChannel('DataMorph', { log: true });
  return {
    sink: {
      trace: (line) => {
        channel.trace(line);
      },
      debug: (line) => {
        channel.debug(line);
      },
      info: (line) => {
        channel.info(line);
      },
      warn: (line) => {
        channel.warn(line);
      },
      error: (line) => {
        channel.error(line);
      },
    },
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
