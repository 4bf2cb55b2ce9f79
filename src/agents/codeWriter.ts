import type { Catalogue } from '../spec/catalogue.ts';

/** Writes a whole script by a model, where the compiled one is not wanted (`codegen: model`). */
export interface CodeWriter {
  write(request: CodeRequest, watch: CodeWatch): Promise<WrittenCode>;
}

export interface CodeRequest {
  readonly specText: string;
  readonly catalogue: Catalogue;
  /** The compiled script: how the job runtime is used, and what the script has to achieve. */
  readonly example: string;
  /** Rows of the sources, masked; only where the engineer has agreed that they are sent. */
  readonly samples?: string;
  /** The attempt that failed, where this is a patch. */
  readonly failed?: FailedAttempt;
}

export interface FailedAttempt {
  readonly script: string;
  readonly message: string;
  readonly line?: number;
  readonly step?: string;
  /** Columns and types that the step really had, where they are known. */
  readonly schema?: string;
}

export interface CodeWatch {
  readonly signal: AbortSignal;
  readonly onText?: (text: string) => void;
}

export type WrittenCode =
  | { readonly kind: 'script'; readonly script: string }
  /** The gate refused what the model wrote, also after it was told why. */
  | { readonly kind: 'refused'; readonly script: string; readonly problems: readonly GateProblem[] };

/** Something that a generated script may not do, at its place. */
export interface GateProblem {
  readonly code: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}
