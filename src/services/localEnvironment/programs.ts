import { spawn } from 'node:child_process';
import { endGroup, ownGroup } from '../localSpark/processes.ts';

export interface Ended {
  /** Null where the program is not there or was killed. */
  readonly code: number | null;
  /** The end of what it printed. */
  readonly output: string;
}

export type RunProgram = (
  command: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly environment: NodeJS.ProcessEnv; readonly cwd?: string },
) => Promise<Ended>;

const kept = 20_000;

/** Runs a program to its end; an aborted signal ends it with everything that it started. */
export const run: RunProgram = async (command, args, { signal, environment, cwd }) => {
  signal.throwIfAborted();
  const child = spawn(command, args, { ...ownGroup, stdio: ['ignore', 'pipe', 'pipe'], env: environment, cwd });
  const stop = (): void => {
    endGroup(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  let output = '';
  const take = (text: string): void => {
    output = (output + text).slice(-kept);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { code, output };
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
