import type { Log } from '../services/log.ts';
import type { Redactor } from '../services/redact.ts';
import type { Values } from './arguments.ts';

/** What every command works with. */
export interface Terminal {
  readonly values: Values;
  readonly signal: AbortSignal;
  /** To stop a run from within, such as when another process asks for it. */
  readonly stop: AbortController;
  /** For people, on standard error. */
  readonly log: Log;
  readonly redactor: Redactor;
  readonly out: Output;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether a person sits there who can answer. */
  readonly isInteractive: boolean;
}

/** A command's own answer, on standard output: text, or with `--json` objects. */
export interface Output {
  /** Printed only where no JSON is asked for. */
  text(text: string): void;
  /** Printed only where JSON is asked for, redacted. */
  event(event: Readonly<Record<string, unknown>> & { readonly event: string }): void;
}

export const workspaceOf = ({ values }: Pick<Terminal, 'values'>): string => values.workspace ?? process.cwd();
