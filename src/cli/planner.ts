import type { CodeWriter } from '../agents/codeWriter.ts';
import type { Planner } from '../agents/planner.ts';
import type { CodeGate } from '../agents/ports.ts';
import type { Spending } from '../agents/run/events.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import type { Postgres } from '../services/postgres.ts';
import { UsageError } from './exitCodes.ts';
import type { Terminal } from './terminal.ts';

/** Everything in a run that may ask a model. */
export interface Minds {
  readonly planner?: Planner;
  readonly codeWriter?: CodeWriter;
  /** Needed for an edited script as well, whoever wrote it. */
  readonly gate?: CodeGate;
  /** What the run's model has cost so far. */
  readonly spent?: () => Spending;
}

export interface MindsParts {
  readonly terminal: Terminal;
  readonly parser: SqlParser;
  readonly postgres: Postgres;
  /** Keeps a file with the run, such as a request and its answer, redacted. */
  readonly keep: (name: string, text: string) => Promise<void>;
  /** Whether a planner is needed, and whether a writer of code is. */
  readonly needs: { readonly plan: boolean; readonly code: boolean };
}

/** Who plans and who writes code, as `--model` says. The one place where planners and models are put together. */
export function mindsOf({ terminal, needs }: MindsParts): Promise<Minds> {
  if (!needs.plan && !needs.code) return Promise.resolve({});
  const { model = 'offline' } = terminal.values;
  throw new UsageError(
    needs.plan
      ? `The planner "${model}" is not part of this build: write a spec, and give its file.`
      : `No model is part of this build that could write code: use --codegen compiled.`,
  );
}
